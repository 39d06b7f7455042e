"""The limits of one message through Twilio."""

from __future__ import annotations

from ..provider import MEGABYTE, Limits

TEXT = 1600
OFFICE = "application/vnd.openxmlformats-officedocument"

# https://www.twilio.com/docs/whatsapp/guidance-whatsapp-media-messages
_WHATSAPP = {
    5 * MEGABYTE: ("image/jpeg", "image/png"),
    # WhatsApp shows WebP as a sticker and accepts only small ones.
    500 * 1024: ("image/webp",),
    16 * MEGABYTE: (
        *("audio/ogg", "audio/amr", "audio/3gpp", "audio/aac", "audio/mpeg"),
        "video/mp4",
        *("application/pdf", "application/msword"),
        f"{OFFICE}.wordprocessingml.document",
        f"{OFFICE}.presentationml.presentation",
        f"{OFFICE}.spreadsheetml.sheet",
        *("text/vcard", "text/x-vcard"),
    ),
}

# https://www.twilio.com/docs/messaging/guides/accepted-mime-types
_SMS = {
    5 * MEGABYTE: ("image/jpeg", "image/png", "image/gif"),
    500 * 1024: (
        *("image/bmp", "image/tiff"),
        *("audio/ogg", "audio/amr", "audio/3gpp", "audio/mpeg", "audio/mp4"),
        *("video/mp4", "video/mpeg", "video/quicktime", "video/webm", "video/3gpp"),
        *("text/vcard", "text/x-vcard", "text/csv", "text/rtf", "text/calendar"),
        "application/pdf",
    ),
}


# The text under a picture or a video; WhatsApp drops the text beside other files.
CAPTION = 1024
CAPTIONED = ("image/jpeg", "image/png", "video/mp4")


def _files(types_by_size: dict[int, tuple[str, ...]]) -> dict[str, int]:
    return {name: size for size, names in types_by_size.items() for name in names}


LIMITS = {
    "whatsapp": Limits(
        TEXT,
        _files(_WHATSAPP),
        captions=dict.fromkeys(CAPTIONED, CAPTION),
        # WhatsApp plays only Opus as a voice note; others look like a song.
        voice=("audio/ogg", "audio/aac"),
    ),
    # An MMS holds text beside files of any type.
    "sms": Limits(TEXT, _files(_SMS), None, dict.fromkeys(_files(_SMS), TEXT)),
}
