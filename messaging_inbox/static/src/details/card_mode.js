import {useEffect, useRef, useState} from "@odoo/owl";

/**
 * The mode of a card: a search or a form in place of its record or buttons. When it is
 * closed, the focus goes to the linked record, or back to the button that opened it.
 */
export function useCardMode(refName) {
    const card = useRef(refName);
    const state = useState({name: "", closed: 0});
    let former = "";
    useEffect(
        (closed) => {
            if (closed) {
                keepFocus(card.el, former);
            }
        },
        () => [state.closed]
    );
    return {
        get name() {
            return state.name;
        },
        open(name) {
            state.name = name;
        },
        close() {
            former = state.name;
            state.name = "";
            state.closed++;
        },
    };
}

/** Restore the focus when its element is gone, unless it is outside the card. */
function keepFocus(card, mode) {
    const {activeElement, body} = document;
    if (!card || (activeElement !== body && !card.contains(activeElement))) {
        return;
    }
    const origin = card.querySelector(`[data-mode="${mode}"]`);
    const other = card.querySelector(".o-messaging-Record-name, [data-mode]");
    (origin || other)?.focus();
}
