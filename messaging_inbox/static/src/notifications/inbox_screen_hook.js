import {markRaw, onMounted, onWillUnmount, useEffect} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";

/** Makes this inbox the one where notifications open, and say where the user looks. */
export function useInboxScreen(select) {
    const center = useService("messaging_inbox.notifications");
    const store = useService("messaging_inbox.store");
    const screen = markRaw({select});
    onMounted(() => (center.screen = screen));
    useEffect(
        () => center.look(),
        () => [store.activeId]
    );
    onWillUnmount(() => {
        // The next inbox starts before this one ends.
        if (center.screen === screen) {
            center.screen = undefined;
            center.look();
        }
    });
}
