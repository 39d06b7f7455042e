import {describe, expect, test} from "@odoo/hoot";
import {browser} from "@web/core/browser/browser";
import {contains, onRpc, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {queryAll, queryOne, queryRect} from "@odoo/hoot-dom";
import {
    CHANNEL,
    COLLEAGUE,
    defineInboxModels,
    FakeInbox,
    ME,
    openInbox,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";
import {MessageFiles} from "@messaging_inbox/message/message_files";

describe.current.tags("desktop");
defineInboxModels();

const FILE = {
    id: 5,
    media_id: 9,
    name: "a.bin",
    mimetype: "",
    size: 2048,
    state: "ready",
};

/** One sample of silence, in a format that every browser plays. */
const SILENCE =
    "data:audio/wav;base64,UklGRiUAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQEAAACA";

async function show(values) {
    const server = new FakeInbox();
    const row = server.conversation();
    server.message(row, values);
    await openInbox(server, {resId: row.id});
    return server;
}

test("a customer's text is never interpreted as HTML", async () => {
    await show({
        body: `<img src=x onerror="alert(1)"> **b** https://odoo.com/<script>`,
    });
    expect(".o-messaging-MessageText").toHaveText(
        `<img src=x onerror="alert(1)"> **b** https://odoo.com/<script>`
    );
    expect(".o-messaging-MessageText img").toHaveCount(0);
    const link = queryOne(".o-messaging-MessageText a");
    expect(link.getAttribute("href")).toBe("https://odoo.com/");
    expect(link).toHaveAttribute("rel", "noopener noreferrer");
});

test("WhatsApp's formatting is drawn, and the text is sent as typed", async () => {
    await show({body: "*bold* _italic_ ~struck~ `code` +34 600 123 456"});
    const text = ".o-messaging-MessageText";
    expect(`${text} strong`).toHaveText("bold");
    expect(`${text} em`).toHaveText("italic");
    expect(`${text} s`).toHaveText("struck");
    expect(`${text} code`).toHaveText("code");
    expect(`${text} a[href="tel:+34600123456"]`).toHaveCount(1);
    expect(`${text} a`).not.toHaveAttribute("target");
});

test("on other channels and in notes, formatting signs are plain characters", async () => {
    const server = new FakeInbox();
    server.channels = [
        {...CHANNEL, kind: "sms"},
        {...CHANNEL, id: 2},
    ];
    const row = server.conversation();
    server.message(row, {body: "*bold*"});
    const store = await openInbox(server, {resId: row.id});
    expect(".o-messaging-MessageText").toHaveText("*bold*");
    const other = server.conversation({channel_id: 2});
    server.message(other, {body: "*bold*", direction: "note", state: false});
    await store.open(other.id);
    await settle();
    expect(".o-messaging-MessageText").toHaveText("*bold*");
});

test("an empty text is called empty, in the thread and in the list", async () => {
    const server = new FakeInbox();
    const preview = {direction: "inbound", kind: "text", body: ""};
    const row = server.conversation({preview});
    server.message(row, {body: ""});
    server.message(row, {body: "", data: {referral: {source: "ADS"}}});
    server.message(row, {body: "", files: [FILE]});
    await openInbox(server, {resId: row.id});
    expect(".o-messaging-Bubble-gone").toHaveCount(1);
    expect(".o-messaging-Bubble-gone").toHaveText("(empty message)");
    expect(".o-messaging-Row-preview").toHaveText("(empty message)");
});

const OBSTACLES = {
    "the reply window is over": {reply_until: "2026-11-23 09:00:00"},
    "the customer has opted out": {opted_out: true},
    "it is closed and the window is over": {
        state: "closed",
        reply_until: "2026-11-23 09:00:00",
    },
};

for (const [obstacle, values] of Object.entries(OBSTACLES)) {
    test(`Retry isn't offered where ${obstacle}`, async () => {
        const server = new FakeInbox();
        const row = server.conversation(values);
        server.message(row, {
            direction: "outbound",
            state: "failed",
            failure_reason: "No.",
            can_retry: true,
        });
        const store = await openInbox(server, {resId: row.id});
        const retry = ".o-messaging-Trouble button:contains(Retry)";
        expect(".o-messaging-Trouble").toHaveCount(1);
        expect(retry).toHaveCount(0);
        const reopened = {reply_until: "2026-11-24 09:00:00", opted_out: false};
        Object.assign(store.rows[row.id], reopened);
        await settle();
        expect(retry).toHaveCount(1);
    });
}

test("only colleagues' messages show a name", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    const outbound = {direction: "outbound", state: "sent"};
    server.message(row);
    server.message(row, {...outbound, author_id: ME});
    server.message(row, {...outbound, author_id: COLLEAGUE});
    server.message(row, {...outbound, data: {sent_outside: true}});
    await openInbox(server, {resId: row.id});
    const authors = queryAll(".o-messaging-Message-author").map((el) => el.textContent);
    expect(authors).toEqual(["Ana Morales", "Sent outside Odoo"]);
});

test("each state of an outbound message has its icon and label", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    const states = ["queued", "sent", "delivered", "read", "failed", "unknown"];
    for (const state of states) {
        server.message(row, {direction: "outbound", state, author_id: ME});
    }
    await openInbox(server, {resId: row.id});
    const labels = queryAll(".o-messaging-Bubble .o-messaging-Ticks").map((el) =>
        el.getAttribute("aria-label")
    );
    expect(labels).toEqual([
        "Waiting to be sent",
        "Sent",
        "Delivered",
        "Read",
        "Not sent",
        "May have been sent",
    ]);
    expect(".o-messaging-Ticks.o-sent .fa-check").toHaveCount(1);
    expect(".o-messaging-Ticks.o-read .fa-check").toHaveCount(2);
});

test("a message that may have been sent shows a warning before a retry", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    const message = server.message(row, {
        direction: "outbound",
        state: "unknown",
        can_retry: true,
    });
    onRpc("messaging.message", "action_retry", ({args}) => {
        expect.step(args[0]);
        return true;
    });
    await openInbox(server, {resId: row.id});
    expect(".o-messaging-Trouble").toHaveText(/This may have been sent/);
    await contains(".o-messaging-Trouble button").click();
    expect.verifySteps([[message.id]]);
});

test("files are shown by their type", async () => {
    // A player without playable content reports an error.
    patchWithCleanup(MessageFiles.prototype, {contentOf: () => SILENCE});
    await show({
        body: "",
        files: [
            {...FILE, mimetype: "image/png"},
            {...FILE, mimetype: "audio/ogg"},
            {...FILE, mimetype: "video/mp4"},
            {...FILE, mimetype: "application/pdf", name: "Offer.pdf"},
            {...FILE, mimetype: "image/svg+xml", name: "evil.svg"},
            {...FILE, mimetype: "text/html", name: "evil.html"},
        ],
    });
    expect(".o-messaging-File-picture img").toHaveCount(1);
    expect(".o-messaging-File audio").toHaveCount(1);
    expect(".o-messaging-File video").toHaveCount(1);
    expect(".o-messaging-File-card").toHaveCount(3);
    expect(".o-messaging-File-card:first").toHaveText(/Offer.pdf\s*PDF · 2 kB/);
    expect(".o-messaging-File-card .fa-file-pdf-o").toHaveCount(1);
});

test("types that browsers play have a player, and a download button", async () => {
    patchWithCleanup(MessageFiles.prototype, {contentOf: () => SILENCE});
    const played = [
        "audio/aac",
        "audio/flac",
        "audio/mp4",
        "audio/mpeg",
        "audio/ogg",
        "audio/wav",
        "audio/webm",
        "video/mp4",
        "video/ogg",
        "video/webm",
    ];
    const others = [
        "audio/3gpp",
        "audio/aiff",
        "audio/amr",
        "audio/amr-wb",
        "audio/midi",
        "audio/x-caf",
        "audio/x-ms-wma",
        "image/avif",
        "image/heic",
        "image/tiff",
        "video/3gpp",
        "video/mpeg",
        "video/quicktime",
        "video/x-matroska",
        "video/x-msvideo",
    ];
    const files = [...played, ...others].map((mimetype, index) => ({
        ...FILE,
        id: index + 1,
        name: mimetype,
        mimetype,
    }));
    await show({body: "", files});
    const shown = queryAll("audio, video").map((player) => player.ariaLabel);
    expect(shown).toEqual(played);
    const cards = queryAll(".o-messaging-File-card .text-truncate");
    expect(cards.map((card) => card.textContent)).toEqual(others);
    expect(".o-messaging-File-card button").toHaveCount(0);
    const links = queryAll(".o-messaging-File [title=Download]");
    expect(links.map((link) => link.getAttribute("href"))).toEqual(
        files.map(({id}) => `/web/content/${id}?download=true`)
    );
});

const PERSON = {
    name: "Carla Example",
    organization: "Example Bikes",
    title: "Owner",
    phones: [{value: "+34 600 777 001", label: "Mobile"}],
    emails: [{value: "carla@example.com", label: ""}],
    addresses: [
        {street: "Sol 1", city: "Madrid", zip: "28013", region: "", country: "Spain"},
    ],
};
const NOBODY = {organization: "", title: "", phones: [], emails: [], addresses: []};

test("contact cards show people, with buttons to call, write and save", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    const message = server.message(row, {
        kind: "contact",
        body: "Carla Example\nOwner, Example Bikes",
        data: {contacts: [PERSON], contact_count: 1, contact_text: true},
    });
    onRpc("messaging.message", "action_create_contact", ({args}) => {
        expect.step(args);
        return {type: "ir.actions.act_window_close"};
    });
    const store = await openInbox(server, {resId: row.id});
    expect(".o-messaging-Bubble .o-messaging-MessageText").toHaveCount(0);
    expect(".o-messaging-Contact").toHaveText(
        /Carla Example\s*Owner, Example Bikes\s*\+34 600 777 001\s*Mobile/
    );
    expect(".o-messaging-Contact").toHaveText(/Sol 1, 28013 Madrid, Spain/);
    const links = queryAll(".o-messaging-Contact a").map((a) => a.getAttribute("href"));
    expect(links).toEqual(["tel:+34600777001", "mailto:carla%40example.com"]);
    store.conversations[row.id].details = {can: {create_partner: true}};
    await settle();
    await contains(".o-messaging-Contact button").click();
    await settle();
    expect.verifySteps([[[message.id], 0]]);
});

test("many contacts are counted, and shown on demand", async () => {
    const contacts = [...Array(5).keys()].map((n) => ({...NOBODY, name: `Eva ${n}`}));
    await show({
        kind: "contact",
        body: "Eva 0",
        data: {contacts, contact_count: 9, contact_text: true},
    });
    expect(".o-messaging-Contact").toHaveCount(3);
    await contains(".o-messaging-Bubble button:contains(Show 2 more)").click();
    expect(".o-messaging-Contact").toHaveCount(5);
    expect(".o-messaging-Bubble").toHaveText(/4 more in the file/);
});

test("text beside many contacts is on its own line", async () => {
    const contacts = [...Array(5).keys()].map((n) => ({...NOBODY, name: `Eva ${n}`}));
    const data = {contacts, contact_count: 5};
    await show({kind: "document", body: "Call them", data});
    const more = queryRect(".o-messaging-Bubble button:contains(Show 2 more)");
    const words = queryRect(".o-messaging-MessageText");
    expect(words.top).toBeGreaterThan(more.bottom - 1);
});

test("a contact's raw values never become part of a URL", async () => {
    const value = "javascript:alert(1)";
    const evil = {...NOBODY, name: "x", phones: [{value}], emails: [{value}]};
    await show({kind: "contact", body: "x", data: {contacts: [evil]}});
    const links = queryAll(".o-messaging-Contact a").map((a) => a.getAttribute("href"));
    expect(links).toEqual(["tel:1", null]);
});

test("a player that can't play its file is replaced by a download", async () => {
    patchWithCleanup(MessageFiles.prototype, {contentOf: () => SILENCE});
    await show({
        body: "",
        files: [
            {...FILE, id: 1, mimetype: "audio/ogg", name: "fine.ogg"},
            {...FILE, id: 2, mimetype: "video/mp4", name: "codec.mp4"},
        ],
    });
    queryOne("video").dispatchEvent(new Event("error"));
    await settle();
    expect("video").toHaveCount(0);
    expect("audio").toHaveCount(1);
    expect(".o-messaging-File-card").toHaveText(/codec.mp4\s*MP4 · 2 kB/);
    expect(".o-messaging-File-card button").toHaveCount(0);
    expect(".o-messaging-File-card [title=Download]").toHaveCount(1);
});

test("a pending file is shown as downloading, a failed one can be retried", async () => {
    onRpc("messaging.media", "action_retry", ({args}) => {
        expect.step(args[0]);
        return true;
    });
    await show({
        files: [
            {...FILE, id: false, state: "pending"},
            {...FILE, id: false, state: "failed"},
        ],
    });
    expect(".o-messaging-File.o-pending").toHaveText(/Downloading/);
    await contains(".o-messaging-File.o-failed button").click();
    await settle();
    expect.verifySteps([[9]]);
    expect(".o-messaging-File.o-pending").toHaveCount(2);
});

test("a picture opens in the viewer", async () => {
    await show({files: [{...FILE, mimetype: "image/png"}]});
    await contains(".o-messaging-File-picture").click();
    expect(".o-FileViewer").toHaveCount(1);
});

test("a location links to a map, if its coordinates are numbers", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    const place = {kind: "location", body: ""};
    server.message(row, {
        ...place,
        data: {latitude: 40.4, longitude: -3.7, label: "Office", address: "Sol 1"},
    });
    server.message(row, {
        ...place,
        data: {latitude: "javascript:alert(1)", longitude: "x"},
    });
    await openInbox(server, {resId: row.id});
    const [good, bad] = queryAll(".o-messaging-Location");
    expect(good).toHaveText(/Office\s*Sol 1\s*Open the map/);
    expect(good.getAttribute("href")).toMatch(/mlat=40\.4&mlon=-3\.7/);
    expect(bad.hasAttribute("href")).toBe(false);
});

test("a voice note that the customer heard is played", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    const heard = {direction: "outbound", state: "read", data: {played: true}};
    server.message(row, {...heard, kind: "audio", body: ""});
    await openInbox(server, {resId: row.id});
    expect(".o-messaging-Bubble [title='Played']").toHaveCount(1);
});

test("choices, forwarded and unsupported messages are labelled", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    server.message(row, {kind: "reply_choice", body: "Yes", data: {title: "Yes"}});
    server.message(row, {data: {forwarded: true}});
    server.message(row, {data: {forwarded: true, forwarded_often: true}});
    server.message(row, {
        kind: "unsupported",
        body: "",
        data: {original_type: "video", explanation: "Too big"},
    });
    await openInbox(server, {resId: row.id});
    const [choice, forwarded, often, unknown] = queryAll(".o-messaging-Bubble");
    expect(choice).toHaveText(/Chose an answer\s*Yes/);
    expect(forwarded).toHaveText(/Forwarded(?! many)/);
    expect(often).toHaveText(/Forwarded many times/);
    expect(unknown).toHaveText(/can't be shown here \(video: Too big\)/);
});

test("a private note looks different from what customers see", async () => {
    await show({direction: "note", state: false, author_id: COLLEAGUE, body: "VIP"});
    expect(".o-messaging-Message.o-note").toHaveText(
        /Ana Morales\s*Private note\s*VIP/
    );
    expect("[data-action=reply]").toHaveCount(0);
});

test("a message's text is copied as it was written", async () => {
    const copied = [];
    patchWithCleanup(browser.navigator.clipboard, {
        writeText: async (text) => copied.push(text),
    });
    const server = new FakeInbox();
    const row = server.conversation();
    server.message(row, {body: "*Blue* one:\nhttps://example.com"});
    await openInbox(server, {resId: row.id});
    await contains("[data-action=copy]", {visible: false}).click();
    await settle();
    expect(copied).toEqual(["*Blue* one:\nhttps://example.com"]);
    expect(".o_notification").toHaveText(/The text was copied/);
});
