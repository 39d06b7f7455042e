/** The button and the menu to send anything besides text. */

import {h, icon, iconButton} from "./dom.js";

export function attachMenu(entries) {
    const menu = h("div.attach-menu", {role: "menu", hidden: true});
    const button = iconButton("add", "Attach", () => (menu.hidden ? open() : close()), {
        "aria-expanded": "false",
    });

    function open() {
        menu.hidden = false;
        button.setAttribute("aria-expanded", "true");
        menu.firstElementChild.focus();
    }

    function close() {
        menu.hidden = true;
        button.setAttribute("aria-expanded", "false");
    }

    /** Hides the entries that the line doesn't support. */
    function fit(line) {
        entries.forEach(([, , , isThere], index) => {
            menu.children[index].hidden = Boolean(line && isThere && !isThere(line));
        });
    }

    /** Returns the next visible entry, up or down. */
    function neighbour(step) {
        let next = document.activeElement[step];
        while (next?.hidden) {
            next = next[step];
        }
        return next;
    }

    function entry([name, label, act]) {
        const onclick = () => {
            close();
            act();
        };
        return h(
            "button",
            {type: "button", role: "menuitem", onclick},
            icon(name),
            label
        );
    }

    menu.append(...entries.map(entry));
    menu.addEventListener("keydown", (event) => {
        const steps = {
            ArrowDown: "nextElementSibling",
            ArrowUp: "previousElementSibling",
        };
        if (event.key === "Escape") {
            close();
            button.focus();
        } else if (steps[event.key]) {
            event.preventDefault();
            neighbour(steps[event.key])?.focus();
        }
    });
    document.addEventListener("click", (event) => {
        if (!menu.contains(event.target) && !button.contains(event.target)) {
            close();
        }
    });
    return {menu, button, close, fit};
}
