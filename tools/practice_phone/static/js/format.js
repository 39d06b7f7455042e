/** Formats times, sizes and messages as text. */

const NEAR = {"-1": "Tomorrow", 0: "Today", 1: "Yesterday"};

export function time(seconds) {
    const date = new Date(seconds * 1000);
    const wanted = {hour: "2-digit", minute: "2-digit", hourCycle: "h23"};
    return date.toLocaleTimeString([], wanted);
}

export function day(seconds) {
    const date = new Date(seconds * 1000);
    const days = Math.round((midnight(new Date()) - midnight(date)) / 86400000);
    const wanted = {weekday: "long", day: "numeric", month: "long"};
    return NEAR[days] || date.toLocaleDateString([], wanted);
}

function midnight(date) {
    return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}

export function shortTime(seconds) {
    const word = day(seconds);
    if (word === "Today") {
        return time(seconds);
    }
    const wanted = {day: "numeric", month: "short"};
    return word === "Yesterday"
        ? word
        : new Date(seconds * 1000).toLocaleDateString([], wanted);
}

export function size(bytes) {
    if (bytes < 1024) {
        return `${bytes} B`;
    }
    const kilobytes = bytes / 1024;
    return kilobytes < 1024
        ? `${Math.round(kilobytes)} KB`
        : `${(kilobytes / 1024).toFixed(1)} MB`;
}

export function duration(seconds) {
    if (!Number.isFinite(seconds)) {
        return "0:00";
    }
    const whole = Math.round(seconds);
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export function initials(name) {
    const words = name.replace(/[^\p{L}\p{N} ]/gu, "").split(" ");
    const letters = words.filter(Boolean).map((word) => [...word][0]);
    return letters.slice(0, 2).join("").toUpperCase() || "?";
}

export function hue(text) {
    let sum = 7;
    for (const letter of text) {
        sum = (sum * 31 + letter.codePointAt(0)) % 99991;
    }
    return String((sum % 24) * 15);
}

/** Returns one line about a message, for the list and for quotes. */
export function preview(message) {
    if (message.unsent) {
        return "You unsent a message";
    }
    if (message.body) {
        return message.body;
    }
    if (message.location) {
        return message.location.label || "Location";
    }
    if (message.contact) {
        return message.contact.name || "Contact";
    }
    if (message.extra.story) {
        return "Story";
    }
    return message.media.length ? mediaWord(message.media[0]) : "Message";
}

export function mediaWord(media) {
    const words = {
        "image/webp": "Sticker",
        "text/vcard": "Contact",
        image: "Photo",
        video: "Video",
        audio: "Voice note",
    };
    const main = media.content_type.split("/")[0];
    return words[media.content_type] || words[main] || media.filename || "Document";
}

export function mediaIcon(message) {
    if (message.location) {
        return "location";
    }
    if (message.contact) {
        return "contact";
    }
    const icons = {image: "camera", video: "camera", audio: "microphone"};
    const [media] = message.media;
    return media ? icons[media.content_type.split("/")[0]] || "document" : "";
}

export function isBigEmoji(text) {
    const emoji =
        /^(?:\p{Extended_Pictographic}(?:\uFE0F|\u200D|\p{Emoji_Modifier})*){1,3}$/u;
    return emoji.test(text.replace(/\s/g, ""));
}
