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

/** Chooses the tags of a conversation; managers also create new ones. */
export class TagPicker extends Component {
    static template = "messaging_inbox.TagPicker";
    static components = {CheckboxItem, Dropdown, DropdownItem};
    static props = {conversation: Object};

    setup() {
        this.store = useService("messaging_inbox.store");
        this.conversation = useState(this.props.conversation);
        this.state = useState({query: ""});
        this.dropdown = useDropdownState();
        this.menu = useSearchMenu(_t("Tags"));
        useAutofocus({refName: "query"});
        useInboxCommand(_t("Tags"), () => this.dropdown.open(), {
            hotkey: "alt+shift+l",
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
        return this.conversation.row.tag_ids.includes(id);
    }

    toggle(tag) {
        const {actions} = this.store;
        return this.has(tag)
            ? actions.tag(this.conversation, [], [tag.id])
            : actions.tag(this.conversation, [tag.id], []);
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
            await store.actions.tag(this.conversation, [tag.id], []);
        });
    }
}
