/** Pictures that every browser draws. */
const PICTURES = new Set([
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "image/bmp",
]);
/** Sound and film that browsers play, by container; a player that fails still gives up. */
const PLAYED = new Set([
    "audio/aac",
    "audio/flac",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "audio/webm",
    "video/mp4",
    "video/ogg",
    "video/webm",
]);
/** Documents that Odoo's viewer opens; it also claims some that browsers can't show. */
const READ = new Set(["application/json", "application/pdf", "text/plain"]);

export function isPicture(mimetype) {
    return PICTURES.has(mimetype);
}

/** "audio" or "video" for what a browser plays, "" for everything else. */
export function playerFor(mimetype) {
    return PLAYED.has(mimetype) ? mimetype.split("/")[0] : "";
}

export function isViewable(mimetype) {
    return PICTURES.has(mimetype) || READ.has(mimetype) || PLAYED.has(mimetype);
}

const NAMES = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/msword": "Word",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "application/vnd.ms-excel": "Excel",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation":
        "PowerPoint",
    "application/vnd.ms-powerpoint": "PowerPoint",
    "application/vnd.ms-outlook": "Outlook",
    "text/plain": "TXT",
    "text/calendar": "ICS",
    "text/vcard": "VCF",
    "video/quicktime": "MOV",
    "video/x-msvideo": "AVI",
    "video/x-matroska": "MKV",
};

/** A short name of the type: "PDF", "HEIC", "Excel"; "" for what has none. */
export function typeName(mimetype = "") {
    const subtype = mimetype.split("/")[1] || "";
    if (NAMES[mimetype] || subtype === "octet-stream") {
        return NAMES[mimetype] || "";
    }
    const short = subtype
        .replace(/^(x-|vnd\.(oasis\.)?)/, "")
        .replace(/-sequence$/, "");
    return short.split(/[.+]/).pop().toUpperCase();
}
