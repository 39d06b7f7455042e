import {useChildRef} from "@web/core/utils/hooks";

/**
 * Make a dropdown with a search field accessible. ARIA allows no field in a menu, so the
 * dropdown is a dialog and its list the menu. Pass `ref` as menuRef, and `onOpened`.
 */
export function useSearchMenu(label) {
    const ref = useChildRef();
    return {
        ref,
        onOpened() {
            ref.el?.setAttribute("role", "dialog");
            ref.el?.setAttribute("aria-label", label);
            // Opened by a key, it would leave the focus where it was.
            ref.el?.querySelector("input")?.focus();
        },
    };
}
