import {drawsFormatting, withoutFormatting} from "./message_markup";
import {_t} from "@web/core/l10n/translation";

/** The icon and label of each kind, for places without room for the message. */
const KINDS = {
    image: {icon: "fa-camera", label: _t("Photo")},
    audio: {icon: "fa-microphone", label: _t("Audio")},
    video: {icon: "fa-video-camera", label: _t("Video")},
    document: {icon: "fa-file-text-o", label: _t("Document")},
    sticker: {icon: "fa-sticky-note-o", label: _t("Sticker")},
    location: {icon: "fa-map-marker", label: _t("Location")},
    contact: {icon: "fa-id-card-o", label: _t("Contact card")},
    reply_choice: {icon: "fa-check-square-o", label: _t("Choice")},
    unsupported: {icon: "fa-question-circle-o", label: _t("Unsupported message")},
};

export function kindIcon(kind) {
    return KINDS[kind]?.icon || "";
}

// What a text message may contain instead of text.
const EXTRAS = [
    "appointment",
    "products",
    "referral",
    "reply_to_story",
    "shares",
    "story_mention",
];

/** Return whether a text message has no text, files or anything else to show. */
export function isEmpty({kind, body, direction, files, data, has_extras: hasExtras}) {
    return (
        kind === "text" &&
        direction !== "event" &&
        !body?.trim() &&
        !files?.length &&
        !hasExtras &&
        !EXTRAS.some((name) => data?.[name])
    );
}

/** Return the contact cards of a message, quote or row as {name, count, is_text}. */
function contactsOf({contacts, data}) {
    return (
        contacts ||
        (data?.contacts && {
            name: data.contacts[0].name,
            count: data.contact_count,
            is_text: Boolean(data.contact_text),
        })
    );
}

function contactLine({name, count}) {
    const others = count - 1;
    return others > 0
        ? _t("Contact: %(name)s and %(count)s more", {name, count: others})
        : _t("Contact: %(name)s", {name});
}

/** Return a message as one line: its text, or the label of its kind. */
export function summaryOf(message, channel) {
    const {kind, unsent} = message;
    const isFormatted = message.body && drawsFormatting(message, channel);
    const body = isFormatted ? withoutFormatting(message.body) : message.body;
    if (unsent) {
        return _t("Deleted message");
    }
    const contacts = contactsOf(message);
    if (contacts) {
        const words = !contacts.is_text && body;
        return [contactLine(contacts), words].filter(Boolean).join(" · ");
    }
    return isEmpty(message)
        ? String(_t("(empty message)"))
        : body || String(KINDS[kind]?.label || "");
}

const FEW_EMOJI =
    /^(?:\p{RI}{2}|\p{Extended_Pictographic}(?:\p{EMod}|\uFE0F|\u200D\p{Extended_Pictographic})*|\s){1,3}$/u;

/** Return whether a text is one to three emoji, which are drawn large. */
export function isEmojiOnly(body) {
    return FEW_EMOJI.test((body || "").trim());
}

const CHANNEL_KINDS = {
    whatsapp: {icon: "fa-whatsapp", label: _t("WhatsApp")},
    sms: {icon: "fa-commenting", label: _t("SMS")},
    messenger: {icon: "fa-facebook", label: _t("Messenger")},
    instagram: {icon: "fa-instagram", label: _t("Instagram")},
};

export function channelIcon(kind) {
    return CHANNEL_KINDS[kind]?.icon || "fa-comment-o";
}

export function channelLabel(kind) {
    return String(CHANNEL_KINDS[kind]?.label || kind || "");
}

/** Return the kind of a message with a file of this type. */
export function kindOfMimetype(mimetype = "") {
    const family = mimetype.split("/")[0];
    return ["image", "audio", "video"].includes(family) ? family : "document";
}
