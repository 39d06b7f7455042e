import {describe, expect, test} from "@odoo/hoot";
import {makeMockEnv, onRpc} from "@web/../tests/web_test_helpers";
import {noteRefreshService} from "@messaging_inbox/notes/note_refresh_service";

describe.current.tags("desktop");

async function start({loaded, known}) {
    await makeMockEnv();
    const handlers = {};
    const bus = {subscribe: (type, handler) => (handlers[type] = handler)};
    const store = {
        Thread: {
            get: ({model, id}) => ({
                isLoaded: loaded.includes(id),
                fetchNewMessages: () => expect.step(`new messages of ${id}`),
                getFetchParams: () => ({thread_model: model, thread_id: id}),
                getFetchRoute: () => "/mail/thread/messages",
            }),
        },
        "mail.message": {get: (id) => known.includes(id)},
        insert: (data) => expect.step(`insert ${data}`),
    };
    noteRefreshService.start({}, {bus_service: bus, "mail.store": store});
    return (...notes) =>
        handlers["messaging_inbox/notes"]({
            notes: notes.map(([id, note]) => ({thread: {model: "crm.lead", id}, note})),
        });
}

test("only an open chatter fetches new and changed notes", async () => {
    onRpc("/mail/thread/messages", async (request) => {
        const {params} = await request.json();
        expect.step(params);
        return {data: "what it says", messages: []};
    });
    const hear = await start({loaded: [7], known: [70]});
    hear([7, 71], [8, 80], [7, 70]);
    await expect.waitForSteps([
        "new messages of 7",
        {
            thread_model: "crm.lead",
            thread_id: 7,
            fetch_params: {around: 70, limit: 2},
        },
        "insert what it says",
    ]);
});

test("notes are fetched one after the other, and a refusal is ignored", async () => {
    const answers = [];
    onRpc("/mail/thread/messages", () => {
        expect.step("asked");
        return new Promise((resolve, reject) => answers.push({resolve, reject}));
    });
    const hear = await start({loaded: [7], known: [70]});
    hear([7, 70]);
    hear([7, 70]);
    await expect.waitForSteps(["asked"]);
    answers[0].reject(new Error("refused"));
    await expect.waitForSteps(["asked"]);
    answers[1].resolve({data: "now"});
    await expect.waitForSteps(["insert now"]);
});
