import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {fileSize} from "./formatting";
import {isPicture} from "./file_types";

const ROUTE = "/web/binary/upload_attachment";
let nextKey = 1;

/** Bytes that the channel takes of this type; undefined when it takes none of them. */
export function limitFor(fileLimits, mimetype) {
    const family = `${(mimetype || "").split("/")[0]}/*`;
    return fileLimits[mimetype] ?? fileLimits[family] ?? fileLimits["*/*"];
}

/** Why the channel would refuse the file, known before a byte is sent; "" when it takes it. */
export function refusalOf(file, channel) {
    if (!file.size) {
        return _t("%(name)s is empty.", {name: file.name});
    }
    if (!channel) {
        return ""; // A note goes through none.
    }
    const limit = limitFor(channel.file_limits || {}, file.type);
    if (limit === undefined) {
        return _t("%(name)s: this channel doesn't take files of this type.", {
            name: file.name,
        });
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

/** "Pictures up to 5 MB · Videos up to 16 MB": what the channel takes, said beforehand. */
export function limitsSentence(channel) {
    const limits = Object.entries(channel?.file_limits || {});
    const said = FAMILIES.map(([family, name]) => {
        const ofFamily = limits.filter(([type]) => familyOf(type) === family);
        const size = Math.max(0, ...ofFamily.map(([, limit]) => limit));
        return size && _t("%(name)s up to %(size)s", {name, size: fileSize(size)});
    });
    return said.filter(Boolean).join(" · ");
}

/** Sends files to the server as attachments of their conversation before the message. */
export class Uploads {
    constructor(fileUpload, api) {
        this.fileUpload = fileUpload;
        this.api = api;
        this.sources = new Map();
    }

    async add(draft, file) {
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
        this.sources.set(entry.key, file);
        await this.start(draft, entry);
    }

    async start(draft, entry) {
        Object.assign(entry, {state: "uploading", progress: 0, error: ""});
        const file = this.sources.get(entry.key);
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
            // An error page instead of JSON: handled as a refusal without a reason.
        }
        if (!answer?.id) {
            this.fail(entry, answer?.error);
            return;
        }
        const {id, mimetype} = answer;
        this.sources.delete(entry.key);
        Object.assign(entry, {id, mimetype, progress: 1, state: "ready"});
        if (draft.files.some((file) => file.key === entry.key)) {
            draft.changed();
        } else {
            this.api.removeFile(id); // Taken out while it was on its way.
        }
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
