import {describe, expect, test} from "@odoo/hoot";
import {advanceTime, Deferred} from "@odoo/hoot-mock";
import {
    manuallyDispatchProgrammaticEvent,
    press,
    queryOne,
    setInputFiles,
} from "@odoo/hoot-dom";
import {contains, mockService, onRpc} from "@web/../tests/web_test_helpers";
import {
    CHANNEL,
    defineInboxModels,
    FakeInbox,
    openInbox,
    PASTED,
    sendDelta,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const TEXT = ".o-messaging-Composer-text";

/** Mock uploads that the test ends itself. */
function mockUploads() {
    const uploads = [];
    mockService("file_upload", {
        async upload(route, files) {
            const xhr = new EventTarget();
            Object.assign(xhr, {
                upload: new EventTarget(),
                abort: () => (xhr.gone = true),
            });
            uploads.push({
                xhr,
                name: files[0].name,
                finish(answer) {
                    xhr.responseText = JSON.stringify([answer]);
                    xhr.dispatchEvent(new Event("load"));
                },
            });
            return {xhr};
        },
    });
    return uploads;
}

function file(name, type, size = 10) {
    return new File(["x".repeat(size)], name, {type});
}

async function attach(...files) {
    await contains(".o-messaging-Composer [aria-label='Attach files']").click();
    await setInputFiles(files);
    await settle();
}

test("Enter sends, Shift+Enter starts a new line, an empty text isn't sent", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    await contains(TEXT).click();
    await press("Enter");
    expect(server.callsOf("reply")).toHaveLength(0);

    await contains(TEXT).edit("First line", {confirm: false});
    await press(["shift", "Enter"]);
    expect(server.callsOf("reply")).toHaveLength(0);
    await press("Enter");
    await settle();
    expect(server.callsOf("reply")).toHaveLength(1);
    expect(server.callsOf("reply")[0].kwargs.body).toMatch(/^First line/);
});

test("Enter that ends an input method's composition doesn't send", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    await contains(TEXT).edit("にほ", {confirm: false});
    await manuallyDispatchProgrammaticEvent(queryOne(TEXT), "keydown", {
        key: "Enter",
        isComposing: true,
    });
    await settle();
    expect(server.callsOf("reply")).toHaveLength(0);
});

test("a draft survives switching and reloading, and is saved on the server", async () => {
    const server = new FakeInbox();
    const [one, two] = [server.conversation(), server.conversation()];
    const store = await openInbox(server, {resId: one.id});
    await contains(TEXT).edit("Half a thought", {confirm: false});
    await contains(`.o-messaging-Row[data-id="${two.id}"]`).click();
    await settle();
    expect(TEXT).toHaveValue("");
    expect(`.o-messaging-Row[data-id="${one.id}"]`).toHaveText(
        /Draft:\s*Half a thought/
    );
    await contains(`.o-messaging-Row[data-id="${one.id}"]`).click();
    await settle();
    expect(TEXT).toHaveValue("Half a thought");

    delete store.conversations[one.id];
    await store.open(one.id);
    await settle();
    expect(TEXT).toHaveValue("Half a thought");
    await advanceTime(2000);
    expect(server.callsOf("inbox_save_draft").at(-1).args).toEqual([
        one.id,
        "Half a thought",
    ]);
});

test("leaving the field saves the draft at once, and only once", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    await contains(TEXT).edit("Half", {confirm: false});
    queryOne(TEXT).blur();
    await settle();
    await advanceTime(2000);
    expect(server.callsOf("inbox_save_draft").map((call) => call.args)).toEqual([
        [row.id, "Half"],
    ]);
});

test("a slow request doesn't let an older draft overtake a newer one", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    const first = new Deferred();
    const asked = [];
    onRpc("messaging.conversation", "inbox_save_draft", async ({args}) => {
        asked.push(args[1]);
        await first;
    });
    await contains(TEXT).edit("Half", {confirm: false});
    await advanceTime(2000);
    await contains(TEXT).edit("Half a thought", {confirm: false});
    await advanceTime(2000);
    expect(asked).toEqual(["Half"]);
    first.resolve();
    await settle();
    expect(asked).toEqual(["Half", "Half a thought"]);
});

test("a draft written on another device is restored", async () => {
    const server = new FakeInbox();
    const row = server.conversation({draft: "From the phone"});
    await openInbox(server, {resId: row.id});
    expect(TEXT).toHaveValue("From the phone");
});

test("a file is sent with the text once it is uploaded", async () => {
    const uploads = mockUploads();
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    await attach(file("photo.png", "image/png"));
    expect(".o-messaging-ComposerFile").toHaveText(/photo.png/);
    await contains(TEXT).edit("Look", {confirm: false});
    expect(".o-messaging-Composer-send").not.toBeEnabled();

    uploads[0].finish({id: 77, mimetype: "image/png", filename: "photo.png"});
    await settle();
    await contains(".o-messaging-Composer-send").click();
    await settle();
    expect(server.callsOf("reply")[0].kwargs.attachment_ids).toEqual([77]);
    expect(".o-messaging-ComposerFile").toHaveCount(0);
});

test("a file that the channel doesn't accept is refused at once, with the limit", async () => {
    const uploads = mockUploads();
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    await attach(
        file("big.png", "image/png", 2000),
        file("virus.exe", "application/x-msdownload")
    );
    expect(".o_notification:contains(big.png)").toHaveText(
        /limit for this type is 1 kB/
    );
    expect(".o_notification:contains(virus.exe)").toHaveText(
        /doesn't accept files of this/
    );
    expect(uploads).toHaveLength(0);
    expect(".o-messaging-ComposerFile").toHaveCount(0);
});

/** Open an inbox that converts AVIF to JPEG, with a channel that accepts JPEG. */
async function openWithJpeg() {
    const server = new FakeInbox();
    const [channel] = server.channels;
    const limits = {...channel.file_limits, "image/jpeg": 1000};
    server.channels = server.channels.map((one) => ({...one, file_limits: limits}));
    const row = server.conversation();
    const store = await openInbox(server, {resId: row.id});
    store.uploads.convertible = new Set(["image/avif"]);
    return {server, row, store};
}

test("the file's content decides, and a picture can be sent as JPEG", async () => {
    const uploads = mockUploads();
    const {server, row, store} = await openWithJpeg();
    store.api.convertFile = async (id, fileId) => {
        expect.step(`convert ${fileId} of ${id}`);
        return {id: 78, name: "photo.jpg", mimetype: "image/jpeg", size: 9};
    };
    await contains(TEXT).edit("Look", {confirm: false});
    await attach(file("photo.avif", "image/avif"), file("photo.png", "image/png"));
    uploads[0].finish({id: 77, mimetype: "image/avif"});
    uploads[1].finish({id: 79, mimetype: "image/heic"});
    await settle();
    expect(".o-messaging-ComposerFile:first").toHaveText(
        /photo.avif: this channel doesn't accept files of this type \(AVIF\)/
    );
    expect(".o-messaging-ComposerFile:last").toHaveText(/\(HEIC\)/);
    expect(".o-messaging-ComposerFile button:contains(JPEG)").toHaveCount(1);
    expect(".o-messaging-Composer-send").not.toBeEnabled();

    await contains(".o-messaging-ComposerFile button:contains(JPEG)").click();
    await settle();
    expect.verifySteps([`convert 77 of ${row.id}`]);
    await contains("[aria-label='Remove photo.png']").click();
    await contains(".o-messaging-Composer-send").click();
    await settle();
    expect(server.callsOf("reply")[0].kwargs.attachment_ids).toEqual([78]);
});

test("a picture that can't be converted shows the reason", async () => {
    const uploads = mockUploads();
    const {store} = await openWithJpeg();
    store.api.convertFile = () => Promise.reject(new Error("It is broken."));
    await attach(file("photo.avif", "image/avif"));
    uploads[0].finish({id: 77, mimetype: "image/avif"});
    await settle();
    await contains(".o-messaging-ComposerFile button:contains(JPEG)").click();
    await settle();
    expect(".o-messaging-ComposerFile").toHaveText(/It is broken/);
    expect(".o-messaging-ComposerFile button:contains(JPEG)").toHaveCount(0);
});

test("removing a file also removes it from the server", async () => {
    const uploads = mockUploads();
    const server = new FakeInbox();
    const row = server.conversation();
    const store = await openInbox(server, {resId: row.id});
    store.api.removeFile = (id) => expect.step(`remove ${id}`);
    await attach(file("a.png", "image/png"), file("b.png", "image/png"));
    uploads[0].finish({id: 77, mimetype: "image/png"});
    await settle();
    await contains(".o-messaging-ComposerFile [aria-label='Remove a.png']").click();
    expect.verifySteps(["remove 77"]);
    await contains(".o-messaging-ComposerFile [aria-label='Remove b.png']").click();
    expect(uploads[1].xhr.gone).toBe(true);
    uploads[1].finish({id: 78, mimetype: "image/png"});
    expect.verifySteps(["remove 78"]);
});

test("a failed upload is shown and keeps the text and other files", async () => {
    const uploads = mockUploads();
    const server = new FakeInbox();
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    await contains(TEXT).edit("Look", {confirm: false});
    await attach(file("a.png", "image/png"));
    uploads[0].finish({error: "You are not allowed to upload an attachment here."});
    await settle();
    expect(".o-messaging-ComposerFile.o-failed").toHaveText(/You are not allowed/);
    expect(TEXT).toHaveValue("Look");

    await contains(".o-messaging-ComposerFile button:contains(Retry)").click();
    uploads[1].finish({id: 77, mimetype: "image/png"});
    await settle();
    expect(".o-messaging-ComposerFile.o-failed").toHaveCount(0);
    expect(".o-messaging-Composer-send").toBeEnabled();
});

test("a reply quotes its message until it is sent or cancelled", async () => {
    const server = new FakeInbox();
    const row = server.conversation({contact_name: "Marta"});
    const message = server.message(row, {body: "Blue or green?"});
    await openInbox(server, {resId: row.id});
    await contains(".o-messaging-Message-actions [data-action=reply]", {
        visible: false,
    }).click();
    expect(".o-messaging-Composer-quote").toHaveText(/Marta\s*Blue or green\?/);
    expect(TEXT).toBeFocused();
    await press("Escape");
    await settle();
    expect(".o-messaging-Composer-quote").toHaveCount(0);

    await contains(".o-messaging-Message-actions [data-action=reply]", {
        visible: false,
    }).click();
    await contains(TEXT).edit("Blue", {confirm: false});
    await press("Enter");
    await settle();
    expect(server.callsOf("reply")[0].kwargs.reply_to_id).toBe(message.id);
    expect(".o-outbound .o-messaging-Quote").toHaveText(/Blue or green\?/);
    expect(".o-messaging-Composer-quote").toHaveCount(0);
});

test("a text with one picture is one bubble if the provider sends captions", async () => {
    const uploads = mockUploads();
    const server = new FakeInbox();
    server.channels = [{...CHANNEL, captions: {"image/png": 10}}];
    const row = server.conversation();
    await openInbox(server, {resId: row.id});
    onRpc("messaging.conversation", "reply", () => new Deferred());
    const sendWithPicture = async (text) => {
        await attach(file("photo.png", "image/png"));
        uploads.pop().finish({id: 77, mimetype: "image/png", filename: "photo.png"});
        await settle();
        await contains(TEXT).edit(text, {confirm: false});
        await press("Enter");
        await settle();
    };
    await sendWithPicture("Look");
    expect(".o-messaging-Message.o-outbound").toHaveCount(1);
    expect(".o-outbound.o-kind-image .o-messaging-MessageText").toHaveText("Look");
    await sendWithPicture("Too long for it");
    expect(".o-messaging-Message.o-outbound").toHaveCount(3);
});

test("if the provider can't quote, the composer says that only the team sees it", async () => {
    const server = new FakeInbox();
    server.channels = [{...CHANNEL, can_quote: false}];
    const row = server.conversation();
    server.message(row, {body: "Blue or green?"});
    await openInbox(server, {resId: row.id});
    await contains(".o-messaging-Message-actions [data-action=reply]", {
        visible: false,
    }).click();
    expect(".o-messaging-Composer-quote").toHaveText(/Only your\s*team sees the quote/);
    await contains(TEXT).edit("Blue", {confirm: false});
    await press("Enter");
    await settle();
    expect(".o-outbound .o-messaging-Quote").toHaveText(
        /Only your team sees the quote/
    );
});

test("if the provider can quote, there is no such hint", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    server.message(row, {body: "Blue or green?"});
    await openInbox(server, {resId: row.id});
    await contains(".o-messaging-Message-actions [data-action=reply]", {
        visible: false,
    }).click();
    expect(".o-messaging-Composer-quote").toHaveCount(1);
    expect(".o-messaging-Quote-ours").toHaveCount(0);
});

test("the number of SMS is shown while writing, on SMS channels only", async () => {
    const server = new FakeInbox();
    const sms = {...CHANNEL, id: 2, kind: "sms", text_limit: 1600};
    server.channels = [CHANNEL, sms];
    const row = server.conversation({channel_id: 2, reply_until: false});
    const other = server.conversation();
    const store = await openInbox(server, {resId: row.id});
    const SEGMENTS = ".o-messaging-Composer-segments";
    expect(SEGMENTS).toHaveCount(0);
    await contains(TEXT).edit("Yes", {confirm: false});
    expect(SEGMENTS).toHaveText("1 SMS");
    await contains(TEXT).edit("a".repeat(1500) + "á", PASTED);
    expect(SEGMENTS).toHaveText("23 SMS");
    expect(SEGMENTS).toHaveAttribute("title", "UCS-2: 67 characters each");
    store.open(other.id);
    await settle();
    await contains(TEXT).edit("Yes", {confirm: false});
    expect(SEGMENTS).toHaveCount(0);
});

test("the reply window counts down, and the composer closes at its end", async () => {
    const server = new FakeInbox();
    const row = server.conversation({reply_until: "2026-11-23 10:01:20"});
    await openInbox(server, {resId: row.id});
    expect(".o-messaging-Composer-facts .o-danger").toHaveText(/closes in 2m/);
    await advanceTime(30000);
    expect(".o-messaging-Composer-facts .o-danger").toHaveText(/closes in 1m/);
    await advanceTime(60000);
    expect(".o-messaging-ComposerFace").toHaveText(/reply window is over/);
    expect(TEXT).toHaveCount(0);
});

test("each obstacle says why nothing can be sent and what to do", async () => {
    const server = new FakeInbox();
    server.isManager = true;
    server.channels = [CHANNEL, {...CHANNEL, id: 2, account_state: "error"}];
    const row = server.conversation({state: "closed"});
    const store = await openInbox(server, {resId: row.id});
    expect(".o-messaging-ComposerFace").toHaveText(/This conversation is closed/);
    await contains(".o-messaging-ComposerFace button:contains(Reopen)").click();
    await settle();
    expect(server.callsOf("action_reopen")[0].args).toEqual([[row.id]]);
    expect(TEXT).toHaveCount(1);

    await sendDelta("changed", {conversations: [{...row, opted_out: true}]});
    expect(".o-messaging-ComposerFace").toHaveText(/opted out/);
    await sendDelta("changed", {conversations: [{...row, can_answer: false}]});
    expect(".o-messaging-ComposerFace").toHaveText(
        /You can't reply to this sender: it is a name/
    );
    store.rows[row.id].channel_id = 2;
    await settle();
    expect(".o-messaging-ComposerFace").toHaveText(/isn't connected/);
    expect(".o-messaging-ComposerFace button").toHaveText("Open the settings");
});

test("who writes after a colleague's answer is told, and may send anyway", async () => {
    const server = new FakeInbox();
    const row = server.conversation();
    const seen = server.message(row);
    await openInbox(server, {resId: row.id});
    server.failNext("reply", "Ana has answered meanwhile.", "AnsweredMeanwhile");
    await contains(TEXT).edit("Blue", {confirm: false});
    await press("Enter");
    await settle();
    expect(".o-messaging-Trouble").toHaveText(/Ana has answered meanwhile\./);
    expect(server.callsOf("reply")[0].kwargs.expected_last_id).toBe(seen.id);
    await contains(".o-messaging-Trouble button:contains(Send anyway)").click();
    await settle();
    expect(server.callsOf("reply")[1].kwargs.expected_last_id).toBe(false);
    expect(".o-messaging-Trouble").toHaveCount(0);
    expect(".o-messaging-Message.o-outbound").toHaveText(/Blue/);
});
