import {describe, expect, test} from "@odoo/hoot";
import {press, queryAllTexts, queryOne} from "@odoo/hoot-dom";
import {contains} from "@web/../tests/web_test_helpers";
import {
    defineInboxModels,
    FakeInbox,
    openInbox,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const TEXT = ".o-messaging-Composer-text";
const ITEMS = ".o-messaging-CannedList [role=option]";
const SEND = ".o-messaging-Composer-send";
const GREETING = {
    id: 1,
    source: "hello",
    substitution: "Hello {{contact.name}}",
    has_files: false,
};
const PRICES = {id: 2, source: "prices", substitution: "See here", has_files: true};

class FakeCanned extends FakeInbox {
    replies = [GREETING, PRICES];
    used = {text: "Hello Ana", files: []};

    inbox_canned_replies() {
        return this.replies;
    }

    inbox_use_canned_reply() {
        return this.used;
    }
}

async function open(values = {}) {
    const server = new FakeCanned();
    Object.assign(server, values);
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    return server;
}

async function type(text) {
    await contains(TEXT).edit(text, {confirm: false});
    await settle();
}

test(":: offers canned replies by shortcut and text, and inserts the chosen one", async () => {
    const server = await open();
    await type("Hi ::");
    expect(queryAllTexts(ITEMS)).toEqual([
        "::hello\nHello {{contact.name}}",
        "::prices\nSee here",
        "Save the text as a canned reply…",
    ]);
    await type("Hi ::here");
    expect(queryAllTexts(ITEMS)[0]).toBe("::prices\nSee here");
    await type("Hi ::hel");
    await press("Enter");
    await settle();
    expect(server.callsOf("inbox_use_canned_reply")[0].args[1]).toBe(1);
    expect(TEXT).toHaveValue("Hi Hello Ana");
    expect(ITEMS).toHaveCount(0);
    expect(server.callsOf("reply")).toHaveLength(0);
});

test("the button offers them too, and Escape closes only the list", async () => {
    await open();
    await type("Hi");
    await contains("button[aria-label='Canned replies']").click();
    await settle();
    expect(ITEMS).toHaveCount(3);
    expect(TEXT).toHaveValue("Hi ::");
    await press("Escape");
    await settle();
    expect(ITEMS).toHaveCount(0);
    expect(TEXT).toBeFocused();
});

test("an unfilled placeholder is selected, named, and blocks sending", async () => {
    const server = await open({used: {text: "Hello {{contact.email}}!", files: []}});
    await type("::hello");
    await press("Enter");
    await settle();
    expect(".o-messaging-Composer-unfilled").toHaveText(/{{contact\.email}}/);
    expect(SEND).not.toBeEnabled();
    const {selectionStart, selectionEnd, value} = queryOne(TEXT);
    expect(value.slice(selectionStart, selectionEnd)).toBe("{{contact.email}}");
    await press("Enter");
    await settle();
    expect(server.callsOf("reply")).toHaveLength(0);
    await type("Hello ana@example.com!");
    expect(".o-messaging-Composer-unfilled").toHaveCount(0);
    expect(SEND).toBeEnabled();
});

test("its files are attached, and checked against the channel", async () => {
    const picture = {id: 5, name: "a.png", mimetype: "image/png", size: 10};
    const program = {id: 6, name: "a.exe", mimetype: "application/x-exe", size: 10};
    const server = await open({used: {text: "See", files: [picture, program]}});
    await type("::prices");
    await press("Enter");
    await settle();
    expect(".o-messaging-ComposerFile").toHaveCount(2);
    expect(SEND).not.toBeEnabled();
    await contains(".o-messaging-ComposerFile:last button[aria-label^=Remove]").click();
    await settle();
    await contains(SEND).click();
    await settle();
    expect(server.callsOf("reply")[0].kwargs.attachment_ids).toEqual([5]);
});

test("a reply that can't be used leaves the text as it is", async () => {
    const server = await open();
    server.failNext("inbox_use_canned_reply", "It no longer exists.");
    await type("::hello");
    await press("Enter");
    await settle();
    expect(".o_notification").toHaveText(/no longer exists/);
    expect(TEXT).toHaveValue("::hello");
});
