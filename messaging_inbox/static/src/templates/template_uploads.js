import {_t} from "@web/core/l10n/translation";
import {kindOfMimetype} from "../core/message_kinds";

function refusalOf(name, kind) {
    const refusals = {
        image: _t("%(name)s: this template takes a picture.", {name}),
        video: _t("%(name)s: this template takes a video.", {name}),
    };
    return refusals[kind] || _t("%(name)s: this template takes a document.", {name});
}

/** Uploads the file of a template; of the channel's limits, those of its kind hold. */
export class TemplateUploads {
    constructor(uploads, channel) {
        this.uploads = uploads;
        this.channel = channel;
    }

    channelFor(kind) {
        const limits = Object.entries(this.channel?.file_limits || {});
        const ofKind = limits.filter(
            ([type]) => type === "*/*" || kindOfMimetype(type) === kind
        );
        return {...this.channel, file_limits: Object.fromEntries(ofKind)};
    }

    /** Return the types for a file field. */
    accept(kind) {
        const types = Object.keys(this.channelFor(kind).file_limits);
        return types.includes("*/*") ? "" : types.join(",");
    }

    /** Add a file in place of another; return why it is refused, or "". */
    add(draft, file, kind) {
        if (file.type && kindOfMimetype(file.type) !== kind) {
            return String(refusalOf(file.name, kind));
        }
        const channel = this.channelFor(kind);
        const refusal = this.uploads.refusalBefore(file, channel);
        if (!refusal) {
            this.uploads.add(draft, file, channel);
        }
        return String(refusal);
    }

    retry(draft, file) {
        this.uploads.start(draft, file);
    }

    convert(draft, file) {
        this.uploads.convert(draft, file);
    }

    remove(draft, file) {
        this.uploads.remove(draft, file);
    }
}
