import {registry} from "@web/core/registry";

/** Fetches a note that was just written on a record whose chatter is open here. */
export const noteRefreshService = {
    dependencies: ["bus_service", "mail.store"],

    start(env, {bus_service: bus, "mail.store": store}) {
        bus.subscribe("messaging_inbox/note", ({model, id}) => {
            const thread = store.Thread.get({model, id});
            if (thread?.isLoaded) {
                thread.fetchNewMessages();
            }
        });
    },
};

registry.category("services").add("messaging_inbox.note_refresh", noteRefreshService);
