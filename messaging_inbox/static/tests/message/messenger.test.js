import {describe, expect, test} from "@odoo/hoot";
import {
    manuallyDispatchProgrammaticEvent,
    queryAllTexts,
    queryOne,
    waitFor,
} from "@odoo/hoot-dom";
import {
    defineInboxModels,
    FakeInbox,
    ME,
    openInbox,
    sendDelta,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const PICTURE = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACADs=";

async function show(...all) {
    const server = new FakeInbox();
    const row = server.conversation({contact_name: "Marta"});
    const messages = all.map((values) => server.message(row, values));
    await openInbox(server, {resId: row.id});
    return {server, row, messages};
}

test("reactions are shown at their message until they are removed", async () => {
    const {row, messages} = await show(
        {body: "One", data: {reactions: {us: "👍"}}},
        {body: "Two", direction: "outbound", author_id: ME, state: "read"}
    );
    expect(queryAllTexts(".o-messaging-Reactions")).toEqual(["👍"]);
    const changed = {...messages[1], data: {reactions: {customer: "❤️"}}};
    await sendDelta("changed", {conversations: [row], messages: [changed]});
    expect(".o-outbound .o-messaging-Reactions span").toHaveAttribute(
        "aria-label",
        "Marta reacted with ❤️"
    );
    await sendDelta("changed", {
        conversations: [row],
        messages: [{...changed, data: {reactions: {}}}],
    });
    expect(".o-outbound .o-messaging-Reactions").toHaveCount(0);
    expect(".o-messaging-Message").toHaveCount(2);
});

test("an edited message is marked and shows the new text", async () => {
    const {row, messages} = await show({body: "Bleu"});
    const [message] = messages;
    await sendDelta("changed", {
        conversations: [row],
        messages: [{...message, body: "Blue", data: {edited: true}}],
    });
    expect(".o-messaging-MessageText").toHaveText("Blue");
    expect(".o-messaging-Bubble-meta").toHaveText(/edited/);
});

test("an unsent message is hidden, and can't be replied to", async () => {
    const {row, messages} = await show({
        body: "Secret",
        files: [{id: 1, name: "a.png", mimetype: "image/png", state: "ready"}],
    });
    const [message] = messages;
    const gone = {...message, body: "", files: [], data: {unsent: true}};
    await sendDelta("changed", {conversations: [row], messages: [gone]});
    expect(".o-messaging-Bubble").toHaveText(
        /This message was deleted by the customer/
    );
    expect(".o-messaging-Bubble img").toHaveCount(0);
    expect(".o-messaging-Message-actions").toHaveCount(0);
});

test("what retention erased says so", async () => {
    const {row, messages} = await show({body: "Secret"});
    const [message] = messages;
    const data = {unsent: true, erased: "retention"};
    const gone = {...message, body: "", data};
    await sendDelta("changed", {conversations: [row], messages: [gone]});
    expect(".o-messaging-Bubble").toHaveText(
        /Erased: this channel keeps messages for a limited time/
    );
    const kept = {...message, body: "Look", data: {files_erased: 1}};
    await sendDelta("changed", {conversations: [row], messages: [kept]});
    expect(".o-messaging-Bubble").toHaveText(/File erased.*limited time.*Look/s);
});

test("quotes and previews of a deleted message say that it is deleted", async () => {
    const server = new FakeInbox();
    const preview = {direction: "inbound", kind: "image", body: "", unsent: true};
    const row = server.conversation({preview});
    const quote = {...preview, id: 1, author_id: false};
    server.message(row, {body: "Sorry", reply_to: quote});
    await openInbox(server, {resId: row.id});
    expect(".o-messaging-Row-preview").toHaveText("Deleted message");
    expect(".o-messaging-Quote-text").toHaveText("Deleted message");
});

test("the story of a reply is loaded from our server while it is available", async () => {
    const story = {id: "1", url: "https://provider.example/story"};
    const {messages} = await show({data: {reply_to_story: story}});
    expect(".o-messaging-Story").toHaveText(/Replied to your story/);
    const picture = queryOne(".o-messaging-Story img");
    const address = `/messaging/story/${messages[0].id}`;
    expect(picture).toHaveAttribute("data-src", address);
    // A story that isn't a picture may be a video; this one is neither.
    await manuallyDispatchProgrammaticEvent(picture, "error");
    await waitFor(".o-messaging-Story-gone", {timeout: 5000});
    expect(".o-messaging-Story").toHaveText(/The story is no longer\s*available/);
    expect(".o-messaging-Story a").toHaveCount(0);
});

test("only http and https URLs are ever opened", async () => {
    const address = "javascript:alert(1)";
    await show({
        data: {shares: [{url: address, title: "Offer"}]},
    });
    expect(".o-messaging-Share").toHaveText("Offer");
    expect(queryOne(".o-messaging-Share").hasAttribute("href")).toBe(false);
});

test("a story mention is shown as a file, and says when it has expired", async () => {
    const file = {name: "", mimetype: "", id: false, media_id: 3};
    const data = {story_mention: true};
    await show({body: "", kind: "image", data, files: [{...file, state: "failed"}]});
    expect(".o-messaging-Bubble").toHaveText(/Mentioned you in a story/);
    expect(".o-messaging-Bubble").toHaveText(/The story is no\s*longer available/);
    expect(".o-messaging-Bubble button").toHaveCount(0);
});

test("the customer's referral is shown", async () => {
    await show(
        {data: {referral: {source: "ADS", ad_id: "61", ad_title: "Blue $& bikes"}}},
        {data: {referral: {source: "SHORTLINK", ref: "spring"}}},
        {data: {referral: {headline: "Bikes", source_type: "ad", source_id: "7"}}},
        {data: {referral: {headline: "Bikes", source_type: "post", source_id: "7"}}},
        {data: {referral: {source: "OPT_IN", ref: "shop"}}},
        {data: {referral: {source: "ADS", ad_id: "61", product_id: "9001"}}},
        {data: {referral: {source: "ADS"}}},
        {data: {referral: {product_id: "9001"}}}
    );
    expect(queryAllTexts(".o-messaging-Bubble .o-messaging-Chip")).toEqual([
        "Came from the ad “Blue $& bikes”",
        "Came from the link “spring”",
        "Came from the ad “Bikes”",
        "Came from the post “Bikes”",
        "Opted in: “shop”",
        "Came from the ad “61”",
        "Asks about product 9001",
        "Came from a link",
        "Asks about product 9001",
    ]);
});

test("shared posts link to their URLs", async () => {
    const share = {url: "https://example.com/p/1", title: "Our shop"};
    const second = {url: "https://example.com/p/2", title: "Our staff"};
    await show(
        {body: "Our shop\nOur staff", data: {shares: [share, second]}},
        {body: "Look", data: {shares: [share]}}
    );
    const titles = ["Our shop", "Our staff", "Our shop"];
    expect(queryAllTexts(".o-messaging-Share")).toEqual(titles);
    expect(queryAllTexts(".o-messaging-MessageText")).toEqual(["Look"]);
    expect(".o-messaging-Share:first").toHaveAttribute(
        "href",
        "https://example.com/p/1"
    );
});

test("products are shown with all their details", async () => {
    const product = {retailer_id: "CHAIR-1", title: "Blue chair", subtitle: "99 €"};
    const products = [product, {id: "9002"}];
    await show({body: "Blue chair", data: {products}}, {body: "Hi", data: {products}});
    const known = ["Blue chair\n99 €\nRetailer ID CHAIR-1", "Product 9002"];
    expect(queryAllTexts(".o-messaging-Product")).toEqual([...known, ...known]);
    expect(queryAllTexts(".o-messaging-MessageText")).toEqual(["Hi"]);
});

test("a picture, a location and a link of one message are all shown", async () => {
    const shares = [{url: "https://example.com", title: "Our shop"}];
    const data = {latitude: 1, longitude: 2, label: "Here", shares};
    await show({body: "", kind: "image", data});
    expect(".o-messaging-Location").toHaveText(/Here/);
    expect(".o-messaging-Share").toHaveText("Our shop");
});

test("an appointment shows its status, and its time once", async () => {
    const when = "2025-02-15 01:40 – 02:40 (UTC)";
    await show(
        {body: when, data: {appointment: {status: "confirmed", when}}},
        {body: "", data: {appointment: {status: "moved"}}}
    );
    const texts = [`Appointment confirmed: ${when}`, "Appointment"];
    expect(queryAllTexts(".o-messaging-Appointment")).toEqual(texts);
    expect(".o-messaging-MessageText").toHaveCount(0);
});

test("a shared story is labelled", async () => {
    await show({body: "", kind: "image", data: {shared_story: true}});
    expect(".o-messaging-Bubble").toHaveText(/Shared\s*a story/);
});

test("one to three emoji are shown large, text never", async () => {
    await show({body: "👍🏽"}, {body: "12"}, {body: "👍 ok"});
    expect(
        queryAllTexts(".o-messaging-Message.o-emoji .o-messaging-MessageText")
    ).toEqual(["👍🏽"]);
});

test("messages that another app controlled are marked", async () => {
    await show({data: {standby: true}});
    expect(".o-messaging-Bubble-meta .fa-pause-circle-o").toHaveCount(1);
});

test("customers' pictures are shown everywhere, or else initials", async () => {
    const server = new FakeInbox();
    const [one, two] = [
        server.conversation({contact_name: "Marta Sol", avatar_url: PICTURE}),
        server.conversation({contact_name: "Bo Li"}),
    ];
    server.message(one);
    await openInbox(server, {resId: one.id});
    const pictures = ".o-messaging-Avatar-picture";
    expect(`.o-messaging-Row[data-id="${one.id}"] ${pictures}`).toHaveCount(1);
    expect(`.o-messaging-Header ${pictures}`).toHaveCount(1);
    expect(`.o-messaging-Message ${pictures}`).toHaveCount(1);
    expect(`.o-messaging-Row[data-id="${two.id}"] .o-messaging-Avatar`).toHaveText(
        "BL"
    );
    await manuallyDispatchProgrammaticEvent(
        queryOne(`.o-messaging-Header ${pictures}`),
        "error"
    );
    await settle();
    expect(".o-messaging-Header .o-messaging-Avatar").toHaveText("MS");
});
