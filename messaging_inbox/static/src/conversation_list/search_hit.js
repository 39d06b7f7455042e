import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {ConversationAvatar} from "../core/ui/avatar";
import {fullTime, shortAge} from "../core/formatting";
import {kindIcon, summaryOf} from "../core/message_kinds";
import {useService} from "@web/core/utils/hooks";

/** Return a text as parts `{text, isMarked}`; `marks` are [start, end] within it. */
export function partsOf(text, marks) {
    const parts = [];
    let position = 0;
    for (const [start, end] of marks) {
        parts.push({text: text.slice(position, start), isMarked: false});
        parts.push({text: text.slice(start, end), isMarked: true});
        position = end;
    }
    parts.push({text: text.slice(position), isMarked: false});
    return parts.filter((part) => part.text);
}

/** One message that the search found. */
export class SearchHit extends Component {
    static template = "messaging_inbox.SearchHit";
    static components = {ConversationAvatar};
    static props = {hit: Object, isFirst: Boolean, onSelect: Function};

    setup() {
        this.store = useService("messaging_inbox.store");
    }

    get row() {
        return this.props.hit.row;
    }

    get channel() {
        return this.store.channels[this.row.channel_id];
    }

    get name() {
        return this.row.contact_name || this.row.contact_phone || _t("Unknown");
    }

    get age() {
        return shortAge(this.props.hit.sent_at, this.store.now);
    }

    get fullTime() {
        return fullTime(this.props.hit.sent_at);
    }

    get isNote() {
        return this.props.hit.direction === "note";
    }

    /** Return the first name of the colleague who wrote it, "You", or "". */
    get author() {
        const {author_name: name, direction} = this.props.hit;
        if (direction === "inbound") {
            return "";
        }
        return name === this.store.user.name ? _t("You") : name.split(" ")[0];
    }

    /** Return the parts of the excerpt; of a message without text, what it is. */
    get parts() {
        const {excerpt, marks, kind, file_name: file} = this.props.hit;
        if (excerpt) {
            return partsOf(excerpt, marks);
        }
        const text = file ? "" : String(summaryOf({kind, body: ""}, this.channel));
        return partsOf(text, []);
    }

    get kindIcon() {
        return kindIcon(this.props.hit.kind);
    }

    get tabIndex() {
        return this.props.isFirst ? "0" : "-1";
    }
}
