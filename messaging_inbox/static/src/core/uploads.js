import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {fileSize} from "./formatting";
import {isPicture, typeName} from "./file_types";

const JPEG = "image/jpeg";
// A picture may exceed the channel's limit: its JPEG is usually smaller.
const LARGEST_CONVERTIBLE = 25 * 1024 * 1024;
const ROUTE = "/web/binary/upload_attachment";
let nextKey = 1;

/** Return the channel's size limit for a type, in bytes; undefined if not accepted. */
export function limitFor(fileLimits, mimetype) {
    const family = `${(mimetype || "").split("/")[0]}/*`;
    return fileLimits[mimetype] ?? fileLimits[family] ?? fileLimits["*/*"];
}

/** Return why the channel would refuse the file, before any upload; "" if it accepts. */
export function refusalOf(file, channel) {
    if (!file.size) {
        return _t("%(name)s is empty.", {name: file.name});
    }
    if (!channel) {
        return ""; // A note uses no channel.
    }
    const limit = limitFor(channel.file_limits || {}, file.type);
    if (limit === undefined) {
        return _t(
            "%(name)s: this channel doesn't accept files of this type (%(type)s).",
            {
                name: file.name,
                type: typeName(file.type) || file.type || "?",
            }
        );
    }
    if (file.size > limit) {
        return _t("%(name)s is too large: the limit for this type is %(limit)s.", {
            name: file.name,
            limit: fileSize(limit),
        });
    }
    return "";
}

const FAMILIES = [
    ["image", _t("Pictures")],
    ["audio", _t("Audio")],
    ["video", _t("Videos")],
    ["", _t("Documents")],
];

function familyOf(type) {
    const family = type.split("/")[0];
    return ["image", "audio", "video"].includes(family) ? family : "";
}

/** Return the channel's limits: "Pictures up to 5 MB · Videos up to 16 MB". */
export function limitsSentence(channel) {
    const limits = Object.entries(channel?.file_limits || {});
    const said = FAMILIES.map(([family, name]) => {
        const ofFamily = limits.filter(([type]) => familyOf(type) === family);
        const size = Math.max(0, ...ofFamily.map(([, limit]) => limit));
        return size && _t("%(name)s up to %(size)s", {name, size: fileSize(size)});
    });
    return said.filter(Boolean).join(" · ");
}

/** Uploads files as attachments of their conversation, before the message is sent. */
export class Uploads {
    constructor(fileUpload, api) {
        this.fileUpload = fileUpload;
        this.api = api;
        this.sources = new Map();
        /** Types of pictures that the server can convert to JPEG. */
        this.convertible = new Set();
    }

    /** Return whether a picture could be sent as JPEG instead. */
    canConvert(type, channel) {
        const takesJpeg = limitFor(channel.file_limits || {}, JPEG) !== undefined;
        return takesJpeg && this.convertible.has(type);
    }

    /** Return why not to upload the file; "" where the server must check its content. */
    refusalBefore(file, channel) {
        if (channel && file.size) {
            const canBecomeAnother = !file.type || this.canConvert(file.type, channel);
            if (canBecomeAnother && file.size <= LARGEST_CONVERTIBLE) {
                return "";
            }
        }
        return refusalOf(file, channel);
    }

    /** Add and upload a file. It must fit `channel`; for a note, `channel` is false. */
    async add(draft, file, channel = false) {
        draft.files.push({
            key: `upload-${nextKey++}`,
            id: false,
            name: file.name,
            mimetype: file.type,
            size: file.size,
            progress: 0,
            state: "uploading",
            error: "",
            preview: isPicture(file.type) ? URL.createObjectURL(file) : "",
        });
        const entry = draft.files[draft.files.length - 1];
        this.sources.set(entry.key, {file, channel});
        await this.start(draft, entry);
    }

    /** Add a file that the server already has: `{id, name, mimetype, size}`. */
    adopt(draft, file, channel = false) {
        const values = {key: `file-${file.id}`, progress: 1, error: "", preview: ""};
        draft.files.push({...file, ...values, state: "ready"});
        this.sources.set(values.key, {channel}); // For its conversion.
        this.judge(draft.files[draft.files.length - 1], channel);
        draft.changed();
    }

    async start(draft, entry) {
        Object.assign(entry, {state: "uploading", progress: 0, error: ""});
        const {file} = this.sources.get(entry.key);
        const {xhr} = await this.fileUpload.upload(ROUTE, [file], {
            displayErrorNotification: false,
            buildFormData: (form) => {
                form.append("model", "messaging.conversation");
                form.append("id", draft.conversationId);
            },
        });
        entry.abort = () => xhr.abort();
        xhr.upload?.addEventListener("progress", ({loaded, total}) => {
            entry.progress = total ? loaded / total : 0;
        });
        xhr.addEventListener("load", () => this.finish(draft, entry, xhr));
        xhr.addEventListener("error", () => this.fail(entry));
    }

    finish(draft, entry, xhr) {
        let answer = null;
        try {
            [answer] = JSON.parse(xhr.responseText ?? xhr.response);
        } catch {
            // An error page instead of JSON: a failure without a reason.
        }
        if (!answer?.id) {
            this.fail(entry, answer?.error);
            return;
        }
        const {id, mimetype} = answer;
        const {channel} = this.sources.get(entry.key) || {};
        Object.assign(entry, {id, mimetype, progress: 1});
        this.judge(entry, channel);
        if (draft.files.some((file) => file.key === entry.key)) {
            draft.changed();
        } else {
            this.api.removeFile(id); // It was removed during the upload.
        }
    }

    /** Check the type that the server detected against the channel's limits. */
    judge(entry, channel) {
        const {name, mimetype, size} = entry;
        entry.error = String(refusalOf({name, size, type: mimetype}, channel));
        entry.state = entry.error ? "refused" : "ready";
        entry.canConvert = Boolean(
            entry.error && mimetype !== JPEG && this.canConvert(mimetype, channel)
        );
        if (!entry.canConvert) {
            this.sources.delete(entry.key);
        }
    }

    /** Let the server convert the picture to JPEG, after the Agent agreed. */
    async convert(draft, entry) {
        const {channel} = this.sources.get(entry.key);
        Object.assign(entry, {state: "uploading", progress: 1, error: ""});
        try {
            const made = await this.api.convertFile(draft.conversationId, entry.id);
            Object.assign(entry, made);
        } catch (error) {
            const message = error.data?.message || error.message;
            Object.assign(entry, {state: "refused", error: message, canConvert: false});
            return;
        }
        this.judge(entry, channel);
        draft.changed();
    }

    fail(entry, reason) {
        entry.state = "failed";
        entry.error = reason || String(_t("The file couldn't be uploaded."));
    }

    async remove(draft, entry) {
        this.sources.delete(entry.key);
        draft.files = draft.files.filter((file) => file.key !== entry.key);
        draft.changed();
        if (entry.preview) {
            browser.setTimeout(() => URL.revokeObjectURL(entry.preview));
        }
        if (entry.state === "uploading") {
            entry.abort?.();
        } else if (entry.id) {
            await this.api.removeFile(entry.id);
        }
    }
}
