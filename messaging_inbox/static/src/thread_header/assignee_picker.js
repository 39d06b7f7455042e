import {Component, status, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {normalize} from "@web/core/l10n/utils";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {useAutofocus, useService} from "@web/core/utils/hooks";
import {useDropdownState} from "@web/core/dropdown/dropdown_hooks";
import {useInboxCommand} from "../core/inbox_commands";
import {useSearchMenu} from "../core/search_menu";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {sentenceOf} from "../core/errors";

/** The assignee of a conversation or of the selection, and a list to choose another. */
export class AssigneePicker extends Component {
    static template = "messaging_inbox.AssigneePicker";
    static components = {Dropdown, DropdownItem};
    static props = {subject: Object};

    setup() {
        this.store = useService("messaging_inbox.store");
        this.subject = useState(this.props.subject);
        this.state = useState({query: "", users: null, error: ""});
        this.dropdown = useDropdownState();
        this.menu = useSearchMenu(_t("Assign to"));
        useAutofocus({refName: "query"});
        useInboxCommand(_t("Assign to me"), () => this.takeNow(), {
            hotkey: "alt+shift+m",
            isAvailable: () => this.isTarget && this.canTake && !this.isMine,
        });
        useInboxCommand(_t("Assign to a colleague"), () => this.dropdown.open(), {
            hotkey: "alt+shift+a",
            isAvailable: () => this.isTarget,
            button: () => document.querySelector(".o-messaging-Assignee"),
        });
    }

    get isTarget() {
        return this.store.isTarget(this.props.subject);
    }

    get assigneeId() {
        return this.subject.row?.user_id;
    }

    get label() {
        return this.assigneeId ? this.store.nameOf(this.assigneeId) : _t("Unassigned");
    }

    get isMine() {
        return this.assigneeId === this.store.user.id;
    }

    /** Return matching colleagues, available ones first; "Assign to me" comes before. */
    get users() {
        const words = normalize(this.state.query).trim().split(/\s+/);
        const {id: me} = this.store.user;
        return (this.state.users || [])
            .filter(({id}) => id !== me)
            .filter(({name}) => words.every((word) => normalize(name).includes(word)))
            .sort(
                (a, b) =>
                    this.isAvailable(b) - this.isAvailable(a) ||
                    a.name.localeCompare(b.name)
            );
    }

    /** Return the current availability: it may change while the list is open. */
    isAvailable({id}) {
        return this.store.availability[id];
    }

    get canTake() {
        return this.store.user.available;
    }

    async load() {
        Object.assign(this.state, {query: "", users: null, error: ""});
        // A colleague may take it while the list is open.
        this.seenId = this.assigneeId;
        try {
            const users = await this.store.api.assignees(this.subject.ids);
            for (const {id, available} of users) {
                this.store.availability[id] = available;
            }
            this.state.users = users;
        } catch (error) {
            this.state.error = sentenceOf(error);
        }
    }

    assign(user) {
        if (this.isAvailable(user) && user.id !== this.assigneeId) {
            this.hand(user.id);
        }
    }

    /** Take it without the list: what counts is the assignee that is shown now. */
    takeNow() {
        this.seenId = this.assigneeId;
        return this.take();
    }

    take() {
        if (this.canTake) {
            this.hand(this.store.user.id);
        }
    }

    unassign() {
        this.hand(false);
    }

    /** Assign; if a colleague was quicker, show the error and open the list again. */
    async hand(userId) {
        const {seenId} = this;
        this.dropdown.close();
        const isDone = await this.subject.assign(userId, seenId);
        if (!isDone && this.assigneeId !== seenId && status(this) === "mounted") {
            this.dropdown.open();
        }
    }

    onQueryKeydown(ev) {
        const [first] = this.users.filter((user) => this.isAvailable(user));
        if (ev.key === "Enter" && this.state.query && first) {
            this.assign(first);
        }
    }
}
