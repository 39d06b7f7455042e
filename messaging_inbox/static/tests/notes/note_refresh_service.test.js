import {describe, expect, test} from "@odoo/hoot";
import {noteRefreshService} from "@messaging_inbox/notes/note_refresh_service";

describe.current.tags("desktop");

test("only a chatter that is open fetches a new note or takes over a rewritten one", () => {
    const handlers = {};
    const bus = {subscribe: (type, handler) => (handlers[type] = handler)};
    const thread = (id, isLoaded) => ({
        isLoaded,
        fetchNewMessages: () => expect.step(`fetch ${id}`),
    });
    const threads = {7: thread(7, true), 8: thread(8, false)};
    const store = {
        Thread: {get: ({id}) => threads[id]},
        insert: (data) => expect.step(`insert ${data}`),
    };
    noteRefreshService.start({}, {bus_service: bus, "mail.store": store});
    for (const id of [7, 8, 9]) {
        const thread_key = {model: "res.partner", id};
        handlers["messaging_inbox/note"]({thread: thread_key});
        handlers["messaging_inbox/note"]({thread: thread_key, store_data: id});
    }
    expect.verifySteps(["fetch 7", "insert 7"]);
});
