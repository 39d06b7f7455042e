/** Pictures that every browser displays. */
const PICTURES = new Set([
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "image/bmp",
]);
/** Audio and video containers that browsers play; a codec may still be unsupported. */
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
/** Documents that Odoo's viewer opens; it also accepts some that browsers can't show. */
const READ = new Set(["application/json", "application/pdf", "text/plain"]);

export function isPicture(mimetype) {
    return PICTURES.has(mimetype);
}

/** Return "audio" or "video" for a type that browsers play, otherwise "". */
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

/** Return a short name of the type: "PDF", "HEIC", "Excel"; "" if it has none. */
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
