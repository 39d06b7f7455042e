import {_t} from "@web/core/l10n/translation";
import {isTrouble} from "../core/message_states";

/** Notifies users, on every page, of messages that were not (or maybe not) sent. */
export class FailedSends {
    constructor(store, notification, open) {
        this.store = store;
        this.notification = notification;
        this.open = open;
        // Ids of announced messages, since deltas may repeat.
        this.announced = new Set();
    }

    async onChanged({messages = []}) {
        const mine = messages.filter(
            ({direction, author_id: author}) =>
                direction === "outbound" && author === this.store.user.id
        );
        const isNew = ({id, state}) => isTrouble(state) && !this.announced.has(id);
        const failed = mine.filter(isNew).map(({id}) => id);
        for (const {id, state} of mine) {
            this.announced[isTrouble(state) ? "add" : "delete"](id);
        }
        if (failed.length) {
            await this.announce(failed);
        }
    }

    /** Fetch the sentences from the server: bus deltas are not translated. */
    async announce(ids) {
        try {
            const messages = await this.store.api.messageValues(ids);
            const rows = await this.store.api.rows([
                ...new Set(messages.map((message) => message.conversation_id)),
            ]);
            const names = Object.fromEntries(
                rows.map((row) => [row.id, row.contact_name || row.contact_phone])
            );
            messages
                .filter(({state}) => isTrouble(state))
                .forEach((message) => this.show(message, names));
        } catch {
            // Without a connection, the thread shows it once it is loaded again.
        }
    }

    show({conversation_id: id, state, failure_reason: reason}, names) {
        const values = {name: names[id] || _t("Unknown")};
        const close = this.notification.add(reason, {
            title:
                state === "failed"
                    ? _t("Not sent to %(name)s", values)
                    : _t("May not have been sent to %(name)s", values),
            type: "danger",
            buttons: [
                {
                    name: _t("Open"),
                    onClick: () => {
                        close();
                        this.open(id);
                    },
                },
            ],
        });
    }
}
