import {useEffect, useRef, useState} from "@odoo/owl";

/**
 * What a card shows instead of its record or its buttons: a search or a form. When that
 * closes, the focus goes back to the button that opened it, or to the linked record.
 */
export function useCardMode(refName) {
    const card = useRef(refName);
    const state = useState({name: ""});
    let former = "";
    useEffect(
        (name) => {
            if (!name && former) {
                const origin = card.el?.querySelector(`[data-mode="${former}"]`);
                const record = card.el?.querySelector(".o-messaging-Record-name");
                (origin || record)?.focus();
            }
            former = name;
        },
        () => [state.name]
    );
    return {
        get name() {
            return state.name;
        },
        open(name) {
            state.name = name;
        },
        close() {
            state.name = "";
        },
    };
}
