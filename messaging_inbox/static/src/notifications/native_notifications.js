import {browser} from "@web/core/browser/browser";

const SCOPE = "/odoo";
// As in the server's pushes.
const MODEL = "messaging.conversation";
const ICON = "/messaging_inbox/static/description/icon.png";

/** The operating system's notifications, one per conversation; a new one replaces it. */
export class NativeNotifications {
    constructor(permission, onClick) {
        this.permission = permission;
        this.onClick = onClick;
        this.shown = new Map();
    }

    get isAllowed() {
        return this.permission.permission === "granted";
    }

    async show(id, {title, body, newestId}) {
        const options = {
            body,
            icon: ICON,
            tag: this.tagOf(id),
            // Notify again for each message; the sound is Odoo's.
            renotify: true,
            silent: true,
            data: {model: MODEL, res_id: id, message_id: newestId},
        };
        try {
            const registration = await this.registration();
            await registration.showNotification(title, options);
        } catch {
            // No service worker, as in private windows: the page shows it.
            this.showFromPage(id, title, options);
        }
    }

    showFromPage(id, title, options) {
        const notification = new browser.Notification(title, options);
        notification.addEventListener("click", () => {
            notification.close();
            window.focus();
            this.onClick(id);
        });
        this.shown.set(id, notification);
    }

    /** Close a conversation's notification, also one of a push or another tab. */
    async close(id) {
        this.shown.get(id)?.close();
        this.shown.delete(id);
        const registration = await this.registration();
        const shown = await registration?.getNotifications({tag: this.tagOf(id)});
        shown?.forEach((notification) => notification.close());
    }

    registration() {
        return browser.navigator.serviceWorker?.getRegistration(SCOPE);
    }

    tagOf(id) {
        return `messaging_inbox.${id}`;
    }
}
