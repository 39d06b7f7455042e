import {_t} from "@web/core/l10n/translation";
import {
    Component,
    onWillUnmount,
    useEffect,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import {composerTools} from "../composer/composer_tools";
import {playingTime, VoicePlayer} from "./voice_player";
import {Recorder, RecordingError} from "./recorder";
import {useService} from "@web/core/utils/hooks";
import {voiceFiles} from "./voice_formats";
import {VoiceNote, wayOf} from "./voice_note";
import {Waveform} from "./waveform";

// A longer press is a hold.
const SECONDS_OF_A_HOLD = 0.5;

/**
 * The microphone of an empty composer. A click begins a recording, which lies over the
 * composer until it is sent or discarded. Releasing a held button sends it.
 */
export class VoiceTool extends Component {
    static template = "messaging_inbox.VoiceTool";
    static components = {VoicePlayer, Waveform};
    static props = {composer: Object};

    setup() {
        this.notification = useService("notification");
        this.recorder = useState(new Recorder());
        this.state = useState({isSending: false, address: ""});
        this.root = useRef("root");
        this.sendButton = useRef("send");
        this.discardButton = useRef("discard");
        this.isHeld = false;
        this.wasActive = false;
        useExternalListener(window, "pointerup", (ev) => this.onRelease(ev));
        useExternalListener(window, "pointercancel", () => (this.isHeld = false));
        useExternalListener(window, "beforeunload", (ev) => this.onPageLeave(ev));
        useEffect(
            (isActive) => {
                // Nothing of the composer can be seen or used below the recording.
                const box = this.root.el.parentElement;
                box.classList.toggle("o-covered", isActive);
                if (this.wasActive) {
                    this.props.composer.focus();
                }
                this.wasActive = isActive;
                return () => box.classList.remove("o-covered");
            },
            () => [this.isActive]
        );
        useEffect(
            () => (this.sendButton.el || this.discardButton.el)?.focus(),
            () => [this.recorder.state]
        );
        useEffect(
            (recording) => {
                this.state.address = recording ? URL.createObjectURL(recording) : "";
                const {address} = this.state;
                return () => URL.revokeObjectURL(address);
            },
            () => [this.recorder.recording]
        );
        onWillUnmount(() => this.leave());
    }

    get isActive() {
        return !this.recorder.isIdle;
    }

    get time() {
        return playingTime(this.recorder.seconds);
    }

    get sendLabel() {
        const {isNote} = this.props.composer.conversation;
        return isNote ? _t("Add the voice note") : _t("Send the voice note");
    }

    get statusText() {
        const {state} = this.recorder;
        if (this.state.isSending) {
            return _t("Sending…");
        }
        const words = {
            asking: _t("Waiting for the microphone…"),
            recording: _t("Recording"),
            recorded: _t("Recorded. Listen to it, send it or discard it."),
        };
        return words[state] || "";
    }

    // Recording ----------------------------------------------------------------

    async start() {
        const {composer} = this.props;
        this.note = new VoiceNote(composer);
        // Sending tries again, and says what is wrong.
        voiceFiles.prepare(this.note.way).catch(() => undefined);
        try {
            await this.recorder.start(this.note.way.records);
        } catch (error) {
            if (!(error instanceof RecordingError)) {
                throw error;
            }
            this.notification.add(error.message, {type: "warning"});
        }
    }

    onPress(ev) {
        if (ev.button === 0 && !this.isActive) {
            this.isHeld = true;
            this.start();
        }
    }

    /** Only the keyboard clicks without having pressed. */
    onClick(ev) {
        if (!ev.detail && !this.isActive) {
            this.start();
        }
    }

    /** Send what was held; a shorter press was a click, and the recording goes on. */
    onRelease({clientX, clientY}) {
        const {isHeld, recorder} = this;
        this.isHeld = false;
        const isLong = recorder.seconds >= SECONDS_OF_A_HOLD;
        if (!isHeld || recorder.state !== "recording" || !isLong) {
            return;
        }
        const below = document.elementFromPoint(clientX, clientY);
        if (below?.closest(".o-messaging-Voice-cancel")) {
            this.cancel();
        } else {
            this.send();
        }
    }

    onKeydown(ev) {
        if (ev.key === "Escape" && this.isActive && !this.state.isSending) {
            ev.preventDefault();
            ev.stopPropagation();
            this.cancel();
        }
    }

    cancel() {
        this.recorder.cancel();
    }

    async send() {
        if (this.state.isSending) {
            return;
        }
        this.state.isSending = true;
        try {
            await this.note.send(await this.recorder.stop());
            this.recorder.cancel();
        } catch {
            // Without a connection, the library can't be loaded.
            this.notification.add(_t("The voice note can't be sent now. Try again."), {
                type: "danger",
            });
        } finally {
            this.state.isSending = false;
        }
    }

    // Leaving ------------------------------------------------------------------

    onPageLeave(ev) {
        if (["recording", "recorded"].includes(this.recorder.state)) {
            ev.preventDefault();
        }
    }

    /** Keep what was recorded when the Agent goes elsewhere without a decision. */
    async leave() {
        const {recorder} = this;
        if (recorder.state === "asking") {
            recorder.cancel();
        } else if (!recorder.isIdle && !this.state.isSending) {
            await this.note.keep(await recorder.stop());
        }
    }
}

composerTools.add("voice", {
    Component: VoiceTool,
    isShown: (composer) =>
        composer.canAttach && composer.draft.isEmpty && Boolean(wayOf(composer)),
});
