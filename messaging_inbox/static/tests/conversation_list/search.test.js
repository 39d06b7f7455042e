import {describe, expect, test} from "@odoo/hoot";
import {advanceTime, Deferred} from "@odoo/hoot-mock";
import {press, queryAllTexts} from "@odoo/hoot-dom";
import {contains, onRpc} from "@web/../tests/web_test_helpers";
import {
    COLLEAGUE,
    defineInboxModels,
    FakeInbox,
    ME,
    openInbox,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const FIELD = ".o-messaging-Search input";
const HIT = ".o-messaging-SearchHit";

async function search(text) {
    await contains(FIELD).edit(text, {confirm: false});
    await advanceTime(300);
    await settle();
}

/** Return a server with an old message about a tandem, far above the newest. */
function withOldTandem() {
    const server = new FakeInbox();
    const row = server.conversation({contact_name: "Ana"});
    const messages = [];
    for (let number = 0; number < 100; number++) {
        const body = number === 20 ? "Is the tandem blue?" : `Message ${number}`;
        messages.push(server.message(row, {body}));
    }
    return {server, row, tandem: messages[20]};
}

test("a search finds conversations and messages, with the words marked", async () => {
    const {server} = withOldTandem();
    server.conversation({contact_name: "Tandem shop"});
    await openInbox(server);
    await search("tandem");
    expect(queryAllTexts(".o-messaging-SearchGroup")).toEqual([
        "Conversations",
        "Messages",
    ]);
    expect(queryAllTexts(".o-messaging-Row-name")).toEqual(["Tandem shop", "Ana"]);
    expect(`${HIT} mark`).toHaveText("tandem");
    expect(".o-messaging-SearchHit-text").toHaveText("Is the tandem blue?");
});

test("a hit opens the thread at its message, and both directions load", async () => {
    const {server, row} = withOldTandem();
    await openInbox(server);
    await search("tandem");
    await contains(HIT).click();
    await settle();
    await advanceTime(100);
    expect(server.callsOf("inbox_around")).toHaveLength(1);
    expect(".o-messaging-Message.o-highlighted").toHaveText(/Is the tandem blue\?/);
    expect(".o-messaging-Message:contains(Message 99)").toHaveCount(0);
    await contains(".o-messaging-Thread-scroll").scroll({y: 100000});
    await settle();
    const [newer] = server
        .callsOf("inbox_messages")
        .filter((call) => call.kwargs.after);
    expect(newer.args).toEqual([row.id]);
    await contains(".o-messaging-Thread-jump").click();
    await settle();
    expect(".o-messaging-Message:contains(Message 99)").toHaveCount(1);
});

test("a hit from a replica that lags doesn't undo what the bus has said", async () => {
    const {server, row} = withOldTandem();
    await openInbox(server);
    const old = {...row, contact_name: "Before"};
    onRpc("messaging.conversation", "inbox_search_messages", ({args}) => {
        const answer = server.inbox_search_messages(args, {});
        return {...answer, hits: answer.hits.map((hit) => ({...hit, row: old}))};
    });
    await search("tandem");
    expect(HIT).toHaveCount(1);
    await contains(FIELD).edit("", {confirm: false});
    await advanceTime(300);
    await settle();
    expect(queryAllTexts(".o-messaging-Row-name")).toEqual(["Ana"]);
});

test("an older answer is never shown", async () => {
    const {server} = withOldTandem();
    await openInbox(server);
    const slow = new Deferred();
    onRpc("messaging.conversation", "inbox_search_messages", async ({args}) => {
        await (args[0] === "tan" && slow);
        return server.inbox_search_messages(args, {});
    });
    await search("tan");
    await search("nothing like it");
    slow.resolve();
    await settle();
    expect(HIT).toHaveCount(0);
    expect(".o-messaging-Section-empty").toHaveText(
        /Nothing matches “nothing like it”/
    );
});

test("filters narrow both groups", async () => {
    const {server} = withOldTandem();
    await openInbox(server);
    await search("tandem");
    await contains(".o-messaging-SearchFilters select").select(String(COLLEAGUE));
    await contains(".o-messaging-SearchFilters button").click();
    await settle();
    const asked = server.callsOf("inbox_search_messages").at(-1).kwargs.filters;
    expect(asked).toEqual({user_id: COLLEAGUE, has_file: true});
    const listed = server.callsOf("inbox_list").at(-1).kwargs.filters;
    expect(listed).toEqual({user_id: COLLEAGUE});
});

test("find marks the matches of one conversation and goes through them", async () => {
    const server = new FakeInbox();
    const row = server.conversation({user_id: ME});
    for (let number = 0; number < 90; number++) {
        server.message(row, {body: number % 40 ? `Message ${number}` : "A tandem"});
    }
    await openInbox(server, {resId: row.id});
    await press(["ctrl", "f"]);
    await settle();
    await contains(".o-messaging-FindBar input").edit("tandem", {confirm: false});
    await advanceTime(300);
    await settle();
    await advanceTime(100);
    expect(".o-messaging-FindBar-result").toHaveText("1 of 3");
    await press("Enter");
    await settle();
    await advanceTime(100);
    expect(".o-messaging-FindBar-result").toHaveText("2 of 3");
    await press(["shift", "Enter"]);
    await settle();
    await advanceTime(100);
    expect(".o-messaging-FindBar-result").toHaveText("1 of 3");
    await press("Escape");
    await settle();
    expect(".o-messaging-FindBar").toHaveCount(0);
    expect(".o-messaging-Thread-scroll").toBeFocused();
});
