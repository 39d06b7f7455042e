import {drawsFormatting, withoutFormatting} from "./message_markup";
import {_t} from "@web/core/l10n/translation";

/** How a kind of message is called and drawn where there is no room to show it. */
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

// What a text may bring instead of words.
const EXTRAS = [
    "appointment",
    "products",
    "referral",
    "reply_to_story",
    "shares",
    "story_mention",
];

/** A text without words, files and anything else to show. */
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

/** Whose cards a message has, as a row or a quote knows it, or the message itself. */
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

/** One line that stands for a message of a channel: its text, or what it is. */
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

/** Up to three emoji and nothing else are a picture rather than a text. */
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

/** The kind that a file makes of its message. */
export function kindOfMimetype(mimetype = "") {
    const family = mimetype.split("/")[0];
    return ["image", "audio", "video"].includes(family) ? family : "document";
}
