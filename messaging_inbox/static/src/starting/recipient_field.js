import {Component, useRef, useState} from "@odoo/owl";
import {ContactSearch} from "./contact_search";
import {_t} from "@web/core/l10n/translation";
import {focusIfLost} from "../core/focus";
import {useAutofocus} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";

const TYPING = 300;

/** To whom: the record's numbers, any other number, or a contact found by name. */
export class RecipientField extends Component {
    static template = "messaging_inbox.RecipientField";
    static props = {start: Object, onDone: Function};

    setup() {
        this.start = useState(this.props.start);
        this.search = useState(new ContactSearch(this.props.start.api));
        this.root = useRef("root");
        this.input = useAutofocus({refName: "input", mobile: true});
        this.askSoon = useDebounced(() => this.ask(), TYPING);
    }

    // What is shown ------------------------------------------------------------------

    get showsInput() {
        return !this.start.chosen;
    }

    get placeholder() {
        return this.canSearch
            ? _t("A name, or a number such as +34 600 000 000")
            : _t("A number such as +34 600 000 000");
    }

    get inputLabel() {
        return this.start.recipients.length ? _t("Another number") : _t("To");
    }

    get isExpanded() {
        return this.canSearch ? String(this.search.hits.length > 0) : undefined;
    }

    get canSearch() {
        return this.start.canSearch && !this.start.links.partnerId;
    }

    /** Return how the number was understood, and what else is worth saying. */
    get status() {
        const {start} = this;
        if (start.isName) {
            return this.search.sentence;
        }
        if (start.isChecking) {
            return _t("Checking…");
        }
        const {value} = start.check || {};
        const isOther = value && !start.chosen && value !== start.typed.trim();
        return isOther ? _t("Will be sent to %(number)s", {number: value}) : "";
    }

    isMarked({unreachable_on: kinds = []}) {
        return kinds.includes(this.start.channel?.kind);
    }

    optionId({id}) {
        return `o-messaging-Recipient-${id}`;
    }

    // What the user does -------------------------------------------------------------

    onInput(ev) {
        this.start.type(ev.target.value);
        if (this.start.isName) {
            this.search.wait();
        } else {
            this.search.clear();
        }
        this.askSoon();
    }

    ask() {
        return this.start.isName
            ? this.search.ask(this.start.typed.trim())
            : this.start.look();
    }

    onKeydown(ev) {
        const isList = this.start.isName && this.search.hits.length;
        const keys = {
            ArrowDown: () => this.search.move(1),
            ArrowUp: () => this.search.move(-1),
            Enter: () => this.chooseActive(),
            Escape: () => this.search.clear(),
        };
        if (isList && keys[ev.key] && !ev.isComposing) {
            ev.preventDefault();
            ev.stopPropagation();
            keys[ev.key]();
        } else if (ev.key === "Enter" && !ev.isComposing) {
            ev.preventDefault();
            this.props.onDone();
        }
    }

    /** Choose the active hit, unless the hits belong to an earlier text. */
    chooseActive() {
        if (this.search.active && this.search.status === "ready") {
            this.choosePartner(this.search.active.id);
        }
    }

    async choosePartner(partnerId) {
        this.search.clear();
        await this.start.choosePartner(partnerId);
        const focus = () => focusIfLost(this.root.el?.querySelector("input"));
        requestAnimationFrame(focus);
    }
}
