import {rpc} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {Mutex} from "@web/core/utils/concurrency";

/** Keeps the notes in open chatters up to date. */
export const noteRefreshService = {
    dependencies: ["bus_service", "mail.store"],

    start(env, {bus_service: bus, "mail.store": store}) {
        // One at a time, so that a late answer never restores an older text.
        const mutex = new Mutex();
        bus.subscribe("messaging_inbox/notes", ({notes}) => {
            for (const {thread: key, note} of notes) {
                mutex.exec(() => this.refresh(store, key, note));
            }
        });
    },

    /**
     * Fetch a note again, with the user's own access rights.
     *
     * @param {{model: string, id: number}} key of the record's thread
     * @param {number} note id of the note, a mail.message
     */
    async refresh(store, key, note) {
        const thread = store.Thread.get(key);
        if (!thread?.isLoaded) {
            return;
        }
        if (!store["mail.message"].get(note)) {
            return thread.fetchNewMessages();
        }
        const parameters = {
            ...thread.getFetchParams(),
            // The note itself, and at most the next message.
            fetch_params: {around: note, limit: 2},
        };
        try {
            const {data} = await rpc(thread.getFetchRoute(), parameters, {
                silent: true,
            });
            store.insert(data);
        } catch {
            // If access to the record was lost, keep what was loaded.
        }
    },
};

registry.category("services").add("messaging_inbox.note_refresh", noteRefreshService);
