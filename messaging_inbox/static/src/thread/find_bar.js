import {Component, onMounted, onWillUnmount, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {Newest} from "../core/newest";
import {markWords, unmarkWords} from "./marked_words";
import {useDebounced} from "@web/core/utils/timing";
import {useService} from "@web/core/utils/hooks";

const DELAY = 200;

/** Finds messages within one conversation, the newest first. */
export class FindBar extends Component {
    static template = "messaging_inbox.FindBar";
    static props = {
        conversation: Object,
        thread: Object,
        onJump: Function,
        onClose: Function,
    };

    setup() {
        this.store = useService("messaging_inbox.store");
        this.input = useRef("input");
        this.state = useState({query: "", ids: [], position: 0, status: "new"});
        this.newest = new Newest();
        this.findSoon = useDebounced(() => this.find(), DELAY);
        onMounted(() => this.input.el.focus());
        onWillUnmount(() => {
            this.newest.forget();
            unmarkWords();
        });
    }

    onInput(ev) {
        this.state.query = ev.target.value;
        this.findSoon();
    }

    async find() {
        const query = this.state.query.trim();
        if (!query) {
            this.newest.forget();
            Object.assign(this.state, {ids: [], status: "new"});
            unmarkWords();
            return;
        }
        await this.newest.take(
            this.store.api.find(this.props.conversation.id, query),
            ({ids}) => this.found(ids),
            () => (this.state.status = "failed")
        );
    }

    found(ids) {
        Object.assign(this.state, {ids, position: 0, status: "ready"});
        return this.show();
    }

    /** Go to an older match with 1, to a newer one with -1; the last follows the first. */
    step(by) {
        const {ids, position} = this.state;
        if (ids.length) {
            this.state.position = (position + by + ids.length) % ids.length;
            return this.show();
        }
        return undefined;
    }

    async show() {
        const {ids, position, query} = this.state;
        if (ids.length) {
            await this.props.onJump(ids[position]);
        }
        markWords(this.props.thread.el, query);
    }

    get result() {
        const {ids, position, status} = this.state;
        if (status === "new") {
            return "";
        }
        if (status === "failed") {
            return _t("The search failed. Try again.");
        }
        return ids.length
            ? _t("%(position)s of %(count)s", {
                  position: position + 1,
                  count: ids.length,
              })
            : _t("Nothing found");
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.step(ev.shiftKey ? -1 : 1);
        } else if (ev.key === "Escape") {
            ev.preventDefault();
            ev.stopPropagation();
            this.props.onClose();
        }
    }
}
