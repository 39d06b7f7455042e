import {Component} from "@odoo/owl";
import {fileSize} from "../core/formatting";
import {isPicture, playerFor} from "../core/file_types";
import {VoicePlayer} from "../voice/voice_player";

/** The message's files: thumbnails, progress, and a button to remove each. */
export class ComposerFiles extends Component {
    static template = "messaging_inbox.ComposerFiles";
    static components = {VoicePlayer};
    static props = {
        files: Array,
        onConvert: Function,
        onRemove: Function,
        onRetry: Function,
    };

    thumbnailOf({preview, id, mimetype}) {
        if (preview) {
            return preview;
        }
        return id && isPicture(mimetype) ? `/web/image/${id}/120x120` : "";
    }

    /** Return whether the file can be listened to before it is sent. */
    isSound({state, mimetype}) {
        return state === "ready" && playerFor(mimetype) === "audio";
    }

    percentOf({progress}) {
        return Math.round((progress || 0) * 100);
    }

    sizeOf(file) {
        return fileSize(file.size);
    }
}
