/** What had the focus is gone: it goes on here, unless the user went on elsewhere. */
export function focusIfLost(el) {
    if (document.activeElement === document.body) {
        el?.focus();
    }
}
