import {browser} from "@web/core/browser/browser";

// How long a row may take until it is drawn.
const MOST_FRAMES = 30;

/** Return the name of a key with its modifiers, as in "ctrl+a". */
function nameOf({key, ctrlKey, metaKey, altKey, shiftKey}) {
    const modifiers = {ctrl: ctrlKey || metaKey, alt: altKey, shift: shiftKey};
    const held = Object.keys(modifiers).filter((name) => modifiers[name]);
    return [...held, key.toLowerCase()].join("+");
}

/**
 * The keys of the list: one tab stop, in which arrows move, X selects and Enter opens.
 * `root` refers to the pane; `select` opens a row, `leave` goes to what is above it.
 */
export class ListKeys {
    constructor(store, root, {select, leave}) {
        this.store = store;
        this.root = root;
        this.select = select;
        this.leave = leave;
        this.moves = {
            arrowdown: (row) => this.step(row, 1),
            arrowup: (row) => this.step(row, -1),
            home: () => this.focus(0),
            end: () => this.focusLast(),
            enter: (row) => this.open(row),
        };
        Object.assign(this.moves, {
            j: this.moves.arrowdown,
            k: this.moves.arrowup,
            " ": this.moves.enter,
        });
        this.choices = {
            x: (row) => this.selection.toggle(idOf(row)),
            "shift+arrowdown": (row) => this.extend(row, 1),
            "shift+arrowup": (row) => this.extend(row, -1),
            "ctrl+a": () => this.selection.checkAll(),
        };
    }

    get selection() {
        return this.store.selection;
    }

    get rows() {
        return [...this.root.el.querySelectorAll(".o-messaging-Row")];
    }

    onKeydown(ev) {
        const row = ev.target.closest(".o-messaging-Row");
        const action = row && this.actionOf(nameOf(ev), row);
        if (action) {
            ev.preventDefault();
            action(row);
        }
    }

    /** Return what a key does; found messages can't be selected. */
    actionOf(name, row) {
        if (name === "escape") {
            return this.selection.isEmpty ? undefined : () => this.selection.clear();
        }
        return this.moves[name] || (!row.dataset.message && this.choices[name]);
    }

    open({dataset: {id, message}}) {
        this.select(Number(id), Number(message) || false);
    }

    step(row, by) {
        this.focus(this.rows.indexOf(row) + by);
    }

    focus(position) {
        const {rows} = this;
        if (position < 0) {
            this.leave();
        } else {
            rows[Math.min(position, rows.length - 1)].focus();
        }
    }

    /** Focus the last row, which is drawn only when it is near. */
    async focusLast() {
        const last = this.store.shownRows.at(-1)?.id;
        const scroll = this.root.el.querySelector(".o-messaging-List-scroll");
        for (let frame = 0; frame < MOST_FRAMES; frame++) {
            scroll.scrollTop = scroll.scrollHeight;
            const row = this.rows.at(-1);
            if (this.store.isSearching || idOf(row) === last) {
                row.focus();
                return;
            }
            await new Promise((resolve) => browser.requestAnimationFrame(resolve));
        }
    }

    extend(row, by) {
        if (this.selection.isEmpty) {
            this.selection.toggle(idOf(row));
        }
        const {rows} = this;
        const next = rows[rows.indexOf(row) + by];
        if (next) {
            this.selection.extendTo(idOf(next));
            next.focus();
        }
    }
}

function idOf({dataset}) {
    return Number(dataset.id);
}
