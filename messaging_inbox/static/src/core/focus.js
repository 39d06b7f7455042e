/** Focus `el` if the focused element was removed and nothing else has the focus. */
export function focusIfLost(el) {
    if (document.activeElement === document.body) {
        el?.focus();
    }
}
