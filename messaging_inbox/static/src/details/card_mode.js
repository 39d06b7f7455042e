import {useEffect, useRef, useState} from "@odoo/owl";

/**
 * What a card shows instead of its record or its buttons: a search or a form. When that
 * is over, the focus goes to the linked record, or back to the button that led there.
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

/** What had the focus is gone; who went on elsewhere meanwhile isn't called back. */
function keepFocus(card, mode) {
    const {activeElement, body} = document;
    if (!card || (activeElement !== body && !card.contains(activeElement))) {
        return;
    }
    const origin = card.querySelector(`[data-mode="${mode}"]`);
    const other = card.querySelector(".o-messaging-Record-name, [data-mode]");
    (origin || other)?.focus();
}
