import {useState} from "@odoo/owl";

/** A list above the text, of which one item is chosen with the keyboard. */
export class Suggestions {
    constructor() {
        this.state = useState({items: [], index: 0});
    }

    show(items) {
        Object.assign(this.state, {items, index: 0});
    }

    close() {
        this.state.items = [];
    }

    /** Handle a key; return whether the list used it. `choose` is the subclass's. */
    onKeydown(ev) {
        const {items, index} = this.state;
        const moves = {ArrowDown: 1, ArrowUp: items.length - 1};
        if (!items.length || ev.isComposing) {
            return false;
        }
        if (ev.key in moves) {
            this.state.index = (index + moves[ev.key]) % items.length;
        } else if (["Enter", "Tab"].includes(ev.key)) {
            this.choose(items[index]);
        } else if (ev.key === "Escape") {
            this.close();
        } else {
            return false;
        }
        ev.preventDefault();
        return true;
    }
}
