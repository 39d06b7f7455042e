import {animationFrame} from "@odoo/hoot-mock";
import {
    CHANNEL,
    FakeInbox,
} from "@messaging_inbox/../tests/messaging_inbox_test_helpers";
import {devices} from "@messaging_inbox/voice/recorder";
import {mockService, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {sounds} from "@messaging_inbox/voice/sounds";
import {voiceFiles} from "@messaging_inbox/voice/voice_formats";

/** A MediaRecorder that records the word "sound". */
class FakeRecorder {
    state = "inactive";

    constructor(stream, type) {
        Object.assign(this, {stream, mimeType: type});
    }

    start() {
        this.state = "recording";
    }

    stop() {
        this.state = "inactive";
        this.ondataavailable({data: new Blob(["sound"])});
        this.onstop();
    }
}

/** Give the browser a microphone; return what happens to it. */
export function mockMicrophone({supports = ["audio/webm;codecs=opus"]} = {}) {
    const microphone = {isOpen: false, refusal: null, recorders: []};
    const track = {stop: () => (microphone.isOpen = false)};
    patchWithCleanup(devices, {
        isSupported: (type) => supports.includes(type),
        async openMicrophone() {
            if (microphone.refusal) {
                throw microphone.refusal;
            }
            await microphone.permission;
            microphone.isOpen = true;
            return {getTracks: () => [track]};
        },
        makeRecorder(stream, type) {
            const recorder = new FakeRecorder(stream, type);
            microphone.recorders.push(recorder);
            return recorder;
        },
        makeMeter: () => ({level: () => 0.5, close: () => undefined}),
    });
    patchWithCleanup(voiceFiles, {
        prepare: () => Promise.resolve(),
        async make({type}, recording, name) {
            if (microphone.isUnmakable) {
                throw new Error("There is no library.");
            }
            microphone.recorded = await recording.text();
            return new File([recording], `${name}.made`, {type});
        },
    });
    mockSounds();
    return microphone;
}

/** Let every sound last 12 seconds; `fails` says which addresses can't be decoded. */
export function mockSounds({fails = () => false} = {}) {
    const asked = [];
    patchWithCleanup(sounds, {
        async shapeOf(address) {
            asked.push(address);
            if (fails(address)) {
                throw new Error("It is no sound.");
            }
            return {peaks: [0.2, 1, 0.5, 0.1], duration: 12};
        },
    });
    return asked;
}

/** Upload at once; return the files. `refuse` lets an upload fail. */
export function mockUploads() {
    const uploads = {files: [], refuse: false};
    mockService("file_upload", {
        async upload(route, files) {
            const xhr = new EventTarget();
            Object.assign(xhr, {upload: new EventTarget(), abort: () => undefined});
            const [{name, type}] = files;
            const id = 500 + uploads.files.push({name, type});
            const answer = uploads.refuse ? {} : {id, mimetype: type};
            xhr.responseText = JSON.stringify([answer]);
            animationFrame().then(() => xhr.dispatchEvent(new Event("load")));
            return {xhr};
        },
    });
    return uploads;
}

/** Return a server whose channel takes voice notes, and its conversation. */
export function serverWithVoice(values = {}) {
    const server = new FakeInbox();
    const limits = {"audio/ogg": 16000, "audio/wav": 16000};
    server.channels = [
        {...CHANNEL, voice_types: ["audio/ogg"], file_limits: limits, ...values},
    ];
    return {server, row: server.conversation()};
}
