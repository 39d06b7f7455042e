import {_t} from "@web/core/l10n/translation";
import {devices} from "./recorder";
import {effect} from "@web/core/utils/reactive";
import {reactive, toRaw} from "@odoo/owl";
import {TYPES_OF_NOTES, voiceFiles, wayTo} from "./voice_formats";

const {DateTime} = luxon;

/** Return how this browser records what the composer's message takes, if it can. */
export function wayOf({conversation}) {
    const types = conversation.isNote
        ? TYPES_OF_NOTES
        : conversation.channel?.voice_types || [];
    return wayTo(types, (type) => devices.isSupported(type));
}

/** Where a recording goes: to the draft that the Agent saw when it began. */
export class VoiceNote {
    constructor({store, conversation}) {
        this.store = store;
        this.conversation = conversation;
        this.draft = conversation.draft;
        this.channel = !conversation.isNote && conversation.channel;
        this.way = wayOf({conversation});
    }

    fileOf(recording) {
        const time = DateTime.now().toFormat("yyyy-MM-dd HH.mm.ss");
        return voiceFiles.make(this.way, recording, _t("Voice note %(time)s", {time}));
    }

    /** Send the recording alone; keep it in the draft if that is impossible now. */
    async send(recording) {
        const {conversation, draft} = this;
        const file = await this.upload(await this.fileOf(recording));
        const isAlone = draft.isEmpty && conversation.draft === draft;
        draft.files.push(file);
        draft.changed();
        if (file.state === "ready" && isAlone) {
            conversation.send();
        } else {
            this.tellThatKept();
        }
    }

    /** Upload a file beside the draft: the draft would show it as an attachment. */
    async upload(file) {
        const parcel = reactive({
            conversationId: this.draft.conversationId,
            files: [],
            changed: () => undefined,
        });
        await this.store.uploads.add(parcel, file, this.channel);
        await new Promise((resolve) =>
            effect(
                ({files: [entry]}) => entry.state === "uploading" || resolve(),
                [parcel]
            )
        );
        return toRaw(parcel.files[0]);
    }

    /** Keep the recording as a file of the draft. */
    async keep(recording) {
        const file = await this.fileOf(recording).catch(() => raw(recording));
        this.tellThatKept();
        await this.store.uploads.add(this.draft, file, this.channel);
    }

    tellThatKept() {
        const {contactName: name} = this.conversation;
        this.store.services.notification.add(
            _t("The voice note is kept in the draft for %(name)s.", {name}),
            {type: "info"}
        );
    }
}

/** Return a recording without the library: the draft says that the channel refuses it. */
function raw(recording) {
    return new File([recording], String(_t("Voice note")), {type: recording.type});
}
