import {describe, expect, test} from "@odoo/hoot";
import {
    manuallyDispatchProgrammaticEvent as dispatch,
    press,
    queryAll,
    queryOne,
    waitFor,
} from "@odoo/hoot-dom";
import {contains, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {
    defineInboxModels,
    FakeInbox,
    openInbox,
    settle,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";
import {MessageFiles} from "@messaging_inbox/message/message_files";
import {mockSounds} from "./voice_test_helpers";

describe.current.tags("desktop");
defineInboxModels();

const PLAYER = ".o-messaging-VoicePlayer";
const SPEED = `${PLAYER} .o-messaging-VoicePlayer-speed`;
// A busy machine is late to see what came into view.
const PATIENT = {timeout: 5000};
const FILE = {
    id: 7,
    name: "voice.ogg",
    mimetype: "audio/ogg",
    size: 2000,
    state: "ready",
};

/** One sample of silence, in a format that every browser plays. */
const SILENCE =
    "data:audio/wav;base64,UklGRiUAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQEAAACA";

async function showAudio(...files) {
    const calls = [];
    patchWithCleanup(MessageFiles.prototype, {contentOf: () => SILENCE});
    // Nothing is heard in tests.
    patchWithCleanup(HTMLMediaElement.prototype, {
        async play() {
            calls.push(`play ${this.ariaLabel}`);
            await dispatch(this, "play");
        },
        pause() {
            calls.push(`pause ${this.ariaLabel}`);
            dispatch(this, "pause");
        },
    });
    const server = new FakeInbox();
    const row = server.conversation();
    server.message(row, {body: "", kind: "audio", files});
    await openInbox(server, {resId: row.id});
    await waitFor(PLAYER, PATIENT);
    await settle();
    return calls;
}

test("a player that is seen draws the waveform and says how long the sound is", async () => {
    const asked = mockSounds();
    await showAudio(FILE);
    await waitFor(`${PLAYER}[aria-label="Audio of 0:12: voice.ogg"]`, PATIENT);
    expect(asked).toEqual([SILENCE]);
    expect(`${PLAYER} .o-messaging-VoicePlayer-time`).toHaveText("0:12");
    expect(`${PLAYER} audio`).toHaveAttribute("preload", "none");
    expect(queryOne(`${PLAYER} path:last`).getAttribute("d")).toMatch(
        /^M2 9.8v4.4M6 1v22/
    );
});

test("a large file is never decoded", async () => {
    const asked = mockSounds();
    await showAudio({...FILE, size: 5 * 1024 * 1024});
    await waitFor(`${PLAYER} audio[preload=metadata]`, PATIENT);
    expect(asked).toEqual([]);
});

test("the browser says whether it plays what can't be decoded", async () => {
    mockSounds({fails: () => true});
    await showAudio(FILE);
    await waitFor(`${PLAYER} audio[preload=metadata]`, PATIENT);
    await dispatch(queryOne(`${PLAYER} audio`), "error");
    await settle();
    expect(PLAYER).toHaveCount(0);
    expect(".o-messaging-File-card").toHaveText(/voice.ogg/);
});

test("only one sound plays at a time", async () => {
    mockSounds();
    const calls = await showAudio(FILE, {...FILE, id: 8, name: "second.ogg"});
    await contains(`${PLAYER}:first [aria-label=Play]`).click();
    expect(`${PLAYER}:first button:first`).toHaveAttribute("aria-label", "Pause");
    await contains(`${PLAYER}:last [aria-label=Play]`).click();
    await settle();
    expect(calls).toEqual(["play voice.ogg", "pause voice.ogg", "play second.ogg"]);
    expect(`${PLAYER}:first button:first`).toHaveAttribute("aria-label", "Play");
});

test("the speed holds for all sounds, and is remembered", async () => {
    mockSounds();
    await showAudio(FILE, {...FILE, id: 8, name: "second.ogg"});
    expect(`${SPEED}:first`).toHaveText("1×");
    await contains(`${SPEED}:first`).click();
    await settle();
    expect(`${SPEED}:last`).toHaveText("1.5×");
    const rates = queryAll(`${PLAYER} audio`).map((audio) => audio.playbackRate);
    expect(rates).toEqual([1.5, 1.5]);
    const [key] = Object.keys(localStorage).filter((one) =>
        one.endsWith("voice.speed")
    );
    expect(localStorage.getItem(key)).toBe("1.5");
    await contains(`${SPEED}:last`).click();
    await contains(`${SPEED}:last`).click();
    expect(`${SPEED}:first`).toHaveText("1×");
});

test("the arrow keys and a click go to another place", async () => {
    mockSounds();
    await showAudio(FILE);
    await waitFor(`${PLAYER}[aria-label*="0:12"]`, PATIENT);
    const slider = queryOne(`${PLAYER} [role=slider]`);
    slider.focus();
    await press("ArrowRight");
    await settle();
    expect(slider).toHaveAttribute("aria-valuetext", "0:05 of 0:12");
    await press("End");
    await settle();
    expect(slider).toHaveAttribute("aria-valuenow", "12");
    await press("Home");
    await contains(slider).click();
    await settle();
    expect(slider).toHaveAttribute("aria-valuetext", "0:06 of 0:12");
});
