import {expect} from "@odoo/hoot";
import {advanceTime, mockPermission} from "@odoo/hoot-mock";
import {getService, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {SoundEffects} from "@mail/core/common/sound_effects_service";
import {Tabs} from "@messaging_inbox/notifications/tabs";
import {browser} from "@web/core/browser/browser";
import {sendDelta} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";
import {session} from "@web/session";
import {switchesOf} from "@messaging_inbox/notifications/notification_events";

const ALL_OFF = Object.fromEntries(
    Object.keys(switchesOf({})).map((name) => [name, false])
);

/** The Web Locks of one browser; other tabs may hold some already. */
class FakeLocks {
    held = [];

    async request(name, {ifAvailable}, callback) {
        if (ifAvailable && this.held.some((lock) => lock.name === name)) {
            await callback(null);
            return;
        }
        const lock = {name};
        this.held.push(lock);
        await callback(lock);
        this.held = this.held.filter((one) => one !== lock);
    }

    async query() {
        return {held: this.held};
    }
}

/** A fake of the browser's notifications, focus and sounds. */
export class FakeBrowser {
    shown = [];
    isFocused = true;
    locks = new FakeLocks();

    /** `heardUpTo` is the bus's last id when the page was loaded. */
    constructor({permission = "granted", heardUpTo = 0} = {}) {
        const fake = this;
        patchWithCleanup(session, {messaging_inbox_bus_id: heardUpTo});
        mockPermission("notifications", permission);
        patchWithCleanup(browser, {Notification: this.notificationClass(permission)});
        patchWithCleanup(document, {hasFocus: () => fake.isFocused});
        patchWithCleanup(Tabs.prototype, {
            get locks() {
                return fake.locks;
            },
        });
        patchWithCleanup(SoundEffects.prototype, {
            play: (sound) => expect.step(sound),
        });
    }

    notificationClass(permission) {
        const fake = this;
        return class extends EventTarget {
            static permission = permission;

            constructor(title, options) {
                super();
                Object.assign(this, {title, ...options});
                fake.shown = fake.shown.filter(({tag}) => tag !== this.tag);
                fake.shown.push(this);
            }

            close() {
                fake.shown = fake.shown.filter((one) => one !== this);
            }
        };
    }

    /** Another tab is the leader, or shows a conversation. */
    anotherTab({leads = false, looksAt = false} = {}) {
        const {tabs} = getService("messaging_inbox.notifications");
        if (leads) {
            this.locks.held.push({name: `${tabs.name}.leader`});
        }
        if (looksAt) {
            this.locks.held.push({name: tabs.lookedAtName(looksAt)});
        }
    }

    focus(isFocused) {
        this.isFocused = isFocused;
        window.dispatchEvent(new Event(isFocused ? "focus" : "blur"));
    }

    get texts() {
        return this.shown.map(({title, body}) => `${title}: ${body}`);
    }
}

/** Save these switches as on, and all others as off. */
export async function switchOn(...endings) {
    const wanted = endings.map((ending) => [`messaging_notify_${ending}`, true]);
    const values = {...ALL_OFF, ...Object.fromEntries(wanted)};
    await sendDelta("notification_settings", values);
}

/** Let a customer write, long enough after the last message to play a sound. */
export async function arrive(server, row, body = "Hello") {
    await advanceTime(2000);
    const message = server.message(row, {body});
    row.unread_count += 1;
    row.seq = message.id;
    await sendDelta("changed", {
        conversations: [{...row}],
        messages: [message],
        arrived: [message.id],
        assigned: [],
    });
}

/** Assign a conversation; the event doesn't become its last message. */
export function assign(server, row, userId, assignedBy) {
    row.user_id = userId;
    const event = {direction: "event", event_type: "assigned", event_to: userId};
    return sendDelta("changed", {
        conversations: [{...row}],
        messages: [server.message(row, event)],
        arrived: [],
        assigned: [{conversation_id: row.id, user_id: userId, assigned_by: assignedBy}],
    });
}
