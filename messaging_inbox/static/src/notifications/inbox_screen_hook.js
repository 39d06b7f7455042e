import {markRaw, onMounted, onWillUnmount, useEffect} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";

/** Register this inbox to open notifications, and to report what the user looks at. */
export function useInboxScreen(select) {
    const center = useService("messaging_inbox.notifications");
    const store = useService("messaging_inbox.store");
    const screen = markRaw({select});
    onMounted(() => {
        center.screen = screen;
        store.presence.enter(store.activeId);
    });
    useEffect(
        () => center.look(),
        () => [store.activeId]
    );
    onWillUnmount(() => {
        // The next inbox starts before this one ends.
        if (center.screen === screen) {
            center.screen = undefined;
            center.look();
            store.presence.enter(false);
        }
    });
}
