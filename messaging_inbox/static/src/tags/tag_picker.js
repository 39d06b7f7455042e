import {_t} from "@web/core/l10n/translation";
import {CheckboxItem} from "@web/core/dropdown/checkbox_item";
import {Component, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {normalize} from "@web/core/l10n/utils";
import {useAutofocus, useService} from "@web/core/utils/hooks";
import {useDropdownState} from "@web/core/dropdown/dropdown_hooks";
import {useInboxCommand} from "../core/inbox_commands";
import {useSearchMenu} from "../core/search_menu";

/** Chooses tags of a conversation or the selection; managers also create new ones. */
export class TagPicker extends Component {
    static template = "messaging_inbox.TagPicker";
    static components = {CheckboxItem, Dropdown, DropdownItem};
    static props = {subject: Object};

    setup() {
        this.store = useService("messaging_inbox.store");
        this.subject = useState(this.props.subject);
        this.state = useState({query: ""});
        this.dropdown = useDropdownState();
        this.menu = useSearchMenu(_t("Tags"));
        useAutofocus({refName: "query"});
        useInboxCommand(_t("Tags"), () => this.dropdown.open(), {
            hotkey: "alt+shift+l",
            isAvailable: () => this.store.isTarget(this.props.subject),
            button: () => document.querySelector(".o-messaging-TagPicker"),
        });
    }

    reset() {
        this.state.query = "";
    }

    get wanted() {
        return normalize(this.state.query.trim());
    }

    get tags() {
        return Object.values(this.store.tags)
            .filter(({name}) => normalize(name).includes(this.wanted))
            .sort((a, b) => a.name.localeCompare(b.name));
    }

    has({id}) {
        return this.subject.row.tag_ids.includes(id);
    }

    toggle(tag) {
        return this.has(tag)
            ? this.subject.tag([], [tag.id])
            : this.subject.tag([tag.id], []);
    }

    get canCreate() {
        const isNew = this.tags.every(({name}) => normalize(name) !== this.wanted);
        return this.store.isManager && Boolean(this.wanted) && isNew;
    }

    get createLabel() {
        return _t("Create “%(name)s”", {name: this.state.query.trim()});
    }

    get emptyText() {
        return this.store.isManager
            ? _t("Type the name of the first tag.")
            : _t("No tag found. Managers create tags.");
    }

    async create() {
        const name = this.state.query.trim();
        const {store} = this;
        await store.attempt(async () => {
            const tag = await store.api.createTag(name);
            store.tags[tag.id] = tag;
            this.state.query = "";
            await this.subject.tag([tag.id], []);
        });
    }
}
