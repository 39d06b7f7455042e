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

    /** Return why a template's file can't be this one, or "". */
    refusalOf(file, kind) {
        const isOther = file.type && kindOfMimetype(file.type) !== kind;
        return String(
            isOther
                ? refusalOf(file.name, kind)
                : this.uploads.refusalBefore(file, this.channelFor(kind))
        );
    }

    /** Add a file in place of another; return why it is refused, or "". */
    add(draft, file, kind) {
        const refusal = this.refusalOf(file, kind);
        if (!refusal) {
            this.uploads.add(draft, file, this.channelFor(kind));
        }
        return refusal;
    }

    /** Return whether the file may come from a record: see `RecordUploads`. */
    get hasRecord() {
        return false;
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
