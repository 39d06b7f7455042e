import {Component, useState} from "@odoo/owl";
import {FileModel} from "@web/core/file_viewer/file_model";
import {isPicture, isViewable, playerFor, typeName} from "../core/file_types";
import {fileSize} from "../core/formatting";
import {isStory} from "./cards";
import {useFileViewer} from "@web/core/file_viewer/file_viewer_hook";
import {useService} from "@web/core/utils/hooks";
import {VoicePlayer} from "../voice/voice_player";

const DOCUMENT_ICONS = [
    [/pdf/, "fa-file-pdf-o"],
    [/word|opendocument\.text/, "fa-file-word-o"],
    [/excel|spreadsheet|csv/, "fa-file-excel-o"],
    [/powerpoint|presentation/, "fa-file-powerpoint-o"],
    [/zip|compressed|tar/, "fa-file-archive-o"],
    [/vcard/, "fa-id-card-o"],
    [/^image\//, "fa-file-image-o"],
    [/^audio\//, "fa-file-audio-o"],
    [/^video\//, "fa-file-video-o"],
    [/^text\//, "fa-file-text-o"],
];

export function documentIcon(mimetype = "") {
    const entry = DOCUMENT_ICONS.find(([pattern]) => pattern.test(mimetype));
    return entry ? entry[1] : "fa-file-o";
}

function viewable({id, name, mimetype}) {
    return Object.assign(new FileModel(), {id, name, mimetype});
}

/** Pictures, players and documents of a message, including pending downloads. */
export class MessageFiles extends Component {
    static template = "messaging_inbox.MessageFiles";
    static components = {VoicePlayer};
    static props = {conversation: Object, message: Object};

    setup() {
        this.store = useService("messaging_inbox.store");
        this.message = useState(this.props.message);
        this.viewer = useFileViewer();
        this.unplayed = useState(new Set());
    }

    /** Return how to show a file; as a document if the browser can't play or draw it. */
    faceOf({id, state, mimetype}) {
        if (state === "failed" && isStory(this.message.data)) {
            return "gone";
        }
        if (state !== "ready") {
            return state;
        }
        if (isPicture(mimetype)) {
            return "picture";
        }
        return (!this.unplayed.has(id) && playerFor(mimetype)) || "document";
    }

    /** Show a document instead: the browser may not support the file's codec. */
    onPlayerError({id}) {
        this.unplayed.add(id);
    }

    /** Return type and size: "PDF · 2 kB". */
    factsOf({mimetype, size}) {
        return [typeName(mimetype), fileSize(size)].filter(Boolean).join(" · ");
    }

    iconOf({mimetype}) {
        return documentIcon(mimetype || "");
    }

    thumbnailOf(file) {
        return `/web/image/${file.id}/480x480`;
    }

    contentOf(file) {
        return `/web/content/${file.id}`;
    }

    downloadOf(file) {
        return `/web/content/${file.id}?download=true`;
    }

    isViewable({id, mimetype}) {
        return isViewable(mimetype) && !this.unplayed.has(id);
    }

    /** Open the viewer with all files of the loaded messages, for its arrow buttons. */
    view(file) {
        const files = this.props.conversation.messages
            .flatMap((message) => message.files || [])
            .filter((one) => one.id && one.state === "ready" && this.isViewable(one))
            .map(viewable);
        const shown = files.find(({id}) => id === file.id);
        if (shown) {
            this.viewer.open(shown, files);
        }
    }

    retryDownload(file) {
        this.store.actions.retryDownload(this.props.conversation, file);
    }
}
