import {useChildRef} from "@web/core/utils/hooks";

/**
 * A dropdown that begins with a search field. A menu may hold none, so the dropdown is a
 * dialog, and only its list a menu. Pass `ref` as its menuRef, `onOpened` as such.
 */
export function useSearchMenu(label) {
    const ref = useChildRef();
    return {
        ref,
        onOpened() {
            ref.el?.setAttribute("role", "dialog");
            ref.el?.setAttribute("aria-label", label);
        },
    };
}
