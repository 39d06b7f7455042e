import {registry} from "@web/core/registry";

/** Keeps the notes of chatters that are open here in step with the server. */
export const noteRefreshService = {
    dependencies: ["bus_service", "mail.store"],

    start(env, {bus_service: bus, "mail.store": store}) {
        bus.subscribe("messaging_inbox/note", ({thread: key, store_data}) => {
            const thread = store.Thread.get(key);
            if (!thread?.isLoaded) {
                return;
            }
            if (store_data) {
                store.insert(store_data);
            } else {
                thread.fetchNewMessages();
            }
        });
    },
};

registry.category("services").add("messaging_inbox.note_refresh", noteRefreshService);
