import {describe, expect, test} from "@odoo/hoot";
import {advanceTime, Deferred} from "@odoo/hoot-mock";
import {pointerDown, pointerUp, press, queryOne} from "@odoo/hoot-dom";
import {contains} from "@web/../tests/web_test_helpers";
import {
    defineInboxModels,
    openInbox,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";
import {mockMicrophone, mockUploads, serverWithVoice} from "./voice_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const START = ".o-messaging-Voice-start";
const PANEL = ".o-messaging-Voice-panel";
const TEXT = ".o-messaging-Composer-text";
const SEND = `${PANEL} .o-messaging-Composer-send`;
const KEPT = ".o-messaging-ComposerFile";

async function openWithMicrophone(options, channel) {
    const microphone = mockMicrophone(options);
    const uploads = mockUploads();
    const {server, row} = serverWithVoice(channel);
    const other = server.conversation();
    const store = await openInbox(server, {resId: row.id});
    return {microphone, uploads, server, row, other, store};
}

async function record(seconds = 3) {
    await contains(START).click();
    await settle();
    await advanceTime(seconds * 1000);
    await settle();
}

/** End a recording: one that a test leaves would be kept in a draft of the next. */
async function discard() {
    await contains("[aria-label='Discard the voice note']").click();
    await settle();
}

test("a click records, with the time and what the microphone hears", async () => {
    const {microphone} = await openWithMicrophone();
    await record();
    expect(microphone.isOpen).toBe(true);
    expect(microphone.recorders[0].mimeType).toBe("audio/webm;codecs=opus");
    expect(`${PANEL} [role=timer]`).toHaveText("0:03");
    expect(`${PANEL} .o-messaging-Waveform`).toHaveCount(1);
    expect(`${PANEL} [role=status]`).toHaveText("Recording");
    expect(TEXT).not.toBeVisible();
    expect(SEND).toBeFocused();
    await discard();
});

test("sending stops, uploads and sends the voice note alone", async () => {
    const {microphone, uploads, server} = await openWithMicrophone();
    await record();
    await contains(SEND).click();
    await settle();
    expect(microphone.isOpen).toBe(false);
    expect(microphone.recorded).toBe("sound");
    expect(uploads.files).toHaveLength(1);
    expect(uploads.files[0].type).toBe("audio/ogg");
    expect(uploads.files[0].name).toMatch(/^Voice note 2026-11-23/);
    const [{kwargs}] = server.callsOf("reply");
    expect(kwargs.attachment_ids).toEqual([501]);
    expect(kwargs.body).toBe("");
    expect(PANEL).toHaveCount(0);
    expect(KEPT).toHaveCount(0);
    expect(TEXT).toBeFocused();
});

test("what was recorded can be listened to first", async () => {
    const {microphone, server} = await openWithMicrophone();
    await record();
    await contains(`${PANEL} [aria-label='Stop and listen']`).click();
    await settle();
    expect(microphone.isOpen).toBe(false);
    expect(`${PANEL} .o-messaging-VoicePlayer`).toHaveAttribute(
        "aria-label",
        "Audio of 0:12: 0:03"
    );
    expect(queryOne(`${PANEL} audio`).src).toMatch(/^blob:/);
    expect(server.callsOf("reply")).toHaveLength(0);
    await contains(SEND).click();
    await settle();
    expect(server.callsOf("reply")).toHaveLength(1);
});

test("Escape and the bin discard a recording, and only that", async () => {
    const {microphone, uploads, server} = await openWithMicrophone();
    await record();
    await press("Escape");
    await settle();
    expect(PANEL).toHaveCount(0);
    expect(microphone.isOpen).toBe(false);
    expect(TEXT).toBeFocused();
    await record();
    await discard();
    expect(PANEL).toHaveCount(0);
    expect(uploads.files).toHaveLength(0);
    expect(server.callsOf("reply")).toHaveLength(0);
});

test("releasing a held button sends the recording", async () => {
    const {server} = await openWithMicrophone();
    await pointerDown(START);
    await settle();
    await advanceTime(2000);
    await pointerUp(TEXT);
    await settle();
    expect(server.callsOf("reply")).toHaveLength(1);
    expect(PANEL).toHaveCount(0);
});

test("the keyboard records, too", async () => {
    await openWithMicrophone();
    queryOne(START).click();
    await settle();
    expect(`${PANEL} [role=timer]`).toHaveText("0:00");
    await discard();
});

test("a refused or missing microphone is explained", async () => {
    const {microphone} = await openWithMicrophone();
    microphone.refusal = new DOMException("no", "NotAllowedError");
    await contains(START).click();
    await settle();
    expect(".o_notification:last").toHaveText(/doesn't let Odoo use the microphone/);
    microphone.refusal = new DOMException("none", "NotFoundError");
    await contains(START).click();
    await settle();
    expect(".o_notification:contains(No microphone was found)").toHaveCount(1);
    expect(PANEL).toHaveCount(0);
});

test("who no longer wants to record is not recorded after the permission", async () => {
    const {microphone} = await openWithMicrophone();
    microphone.permission = new Deferred();
    await contains(START).click();
    await settle();
    expect(`${PANEL} [role=status]`).toHaveText("Waiting for the microphone…");
    await contains("[aria-label='Discard the voice note']").click();
    microphone.permission.resolve();
    await settle();
    expect(PANEL).toHaveCount(0);
    expect(microphone.isOpen).toBe(false);
});

test("leaving the conversation keeps the recording in its draft", async () => {
    const {microphone, uploads, server, store, row, other} = await openWithMicrophone();
    await record();
    await contains(`.o-messaging-Row[data-id="${other.id}"]`).click();
    await settle();
    expect(microphone.isOpen).toBe(false);
    expect(".o_notification").toHaveText(/kept in the draft for Customer/);
    expect(uploads.files).toHaveLength(1);
    const {files} = store.conversations[row.id].drafts.reply;
    expect(files.map(({state}) => state)).toEqual(["ready"]);
    expect(server.callsOf("reply")).toHaveLength(0);
    await contains(`.o-messaging-Row[data-id="${row.id}"]`).click();
    await settle();
    expect(`${KEPT} .o-messaging-VoicePlayer`).toHaveCount(1);
});

test("a voice note that can't be uploaded waits in the draft for a retry", async () => {
    const {uploads, server} = await openWithMicrophone();
    uploads.refuse = true;
    await record();
    await contains(SEND).click();
    await settle();
    expect(KEPT).toHaveText(/couldn't be uploaded/);
    expect(PANEL).toHaveCount(0);
    uploads.refuse = false;
    await contains(`${KEPT} button:contains(Retry)`).click();
    await settle();
    expect(".o-messaging-Composer-send").toBeEnabled();
    expect(server.callsOf("reply")).toHaveLength(0);
});

test("what can't be made now is not lost", async () => {
    const {microphone, store, row, other} = await openWithMicrophone();
    microphone.isUnmakable = true;
    await record();
    await contains(SEND).click();
    await settle();
    expect(".o_notification:contains(can't be sent now)").toHaveCount(1);
    expect(`${PANEL} .o-messaging-VoicePlayer`).toHaveCount(1);
    await contains(`.o-messaging-Row[data-id="${other.id}"]`).click();
    await settle();
    const [file] = store.conversations[row.id].drafts.reply.files;
    expect(file.state).toBe("refused");
});

test("closing the page asks before a recording is lost", async () => {
    await openWithMicrophone();
    const before = new Event("beforeunload", {cancelable: true});
    window.dispatchEvent(before);
    expect(before.defaultPrevented).toBe(false);
    await record();
    const during = new Event("beforeunload", {cancelable: true});
    window.dispatchEvent(during);
    expect(during.defaultPrevented).toBe(true);
    await discard();
});

test("there is no microphone beside a text, or where the channel takes no recording", async () => {
    await openWithMicrophone();
    expect(START).toHaveCount(1);
    await contains(TEXT).edit("Hello", {confirm: false});
    await settle();
    expect(START).toHaveCount(0);
});

test("a channel without voice notes has no microphone, its notes have one", async () => {
    await openWithMicrophone({}, {voice_types: []});
    expect(START).toHaveCount(0);
    await contains(".o-messaging-ComposerModes button:contains(note)").click();
    await settle();
    expect(START).toHaveCount(1);
});
