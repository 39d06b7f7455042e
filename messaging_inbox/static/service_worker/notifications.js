/* eslint-disable no-restricted-globals */

// Registered before Odoo's own listeners, to handle pushes about conversations: a push
// doesn't repeat what an open tab has shown, and a click reuses an open tab.
{
    const MODEL = "messaging.conversation";

    const isOurs = (data) => data?.model === MODEL;

    const odooTabs = async () => {
        const all = {type: "window", includeUncontrolled: true};
        const tabs = await self.clients.matchAll(all);
        return tabs.filter(({url}) => new URL(url).pathname.startsWith("/odoo"));
    };

    const show = async (title, options) => {
        const {registration} = self;
        // A test has no message id, and is always shown.
        const {message_id: newest} = options.data;
        const [shown] = await registration.getNotifications({tag: options.tag});
        if (newest && shown?.data.message_id >= newest) {
            // Browsers penalize a push that shows nothing: show the same again, silently.
            const {body, icon, tag, data} = shown;
            const again = {body, icon, tag, data, silent: true};
            await registration.showNotification(shown.title, again);
            return;
        }
        const tabs = await odooTabs();
        const isSeen = tabs.some(({visibilityState}) => visibilityState === "visible");
        if (!isSeen || !newest) {
            await registration.showNotification(title, {...options, renotify: true});
        }
    };

    const open = async (id) => {
        const tabs = await odooTabs();
        const isInbox = ({url}) => new URL(url).pathname.startsWith("/odoo/messaging");
        const tab = tabs.find(isInbox) || tabs[0];
        if (!tab) {
            await self.clients.openWindow(`/odoo/messaging/${id || ""}`);
            return;
        }
        tab.postMessage({type: "messaging_inbox/open", id});
        try {
            await tab.focus();
        } catch {
            // The browser keeps the tab in the background, with the conversation open.
        }
    };

    self.addEventListener("push", (event) => {
        const {title, options} = event.data.json();
        if (isOurs(options?.data)) {
            event.stopImmediatePropagation();
            event.waitUntil(show(title, options));
        }
    });

    self.addEventListener("notificationclick", (event) => {
        const {data} = event.notification;
        if (isOurs(data)) {
            event.stopImmediatePropagation();
            event.notification.close();
            event.waitUntil(open(data.res_id));
        }
    });
}
