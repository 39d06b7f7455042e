"""The limits of a message on WhatsApp's Cloud API.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#supported-media-types
"""

from __future__ import annotations

from ..provider import MEGABYTE, Limits

TEXT = 4096
CAPTION = 1024
OFFICE = "application/vnd.openxmlformats-officedocument"

PICTURES = ("image/jpeg", "image/png")
# WhatsApp shows WebP as a sticker. One that moves may have 500 KB.
STICKER = "image/webp"
VIDEOS = ("video/mp4", "video/3gpp")
SOUNDS = ("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg")
DOCUMENTS = (
    *("text/plain", "application/pdf", "application/msword"),
    *("application/vnd.ms-excel", "application/vnd.ms-powerpoint"),
    f"{OFFICE}.wordprocessingml.document",
    f"{OFFICE}.spreadsheetml.sheet",
    f"{OFFICE}.presentationml.presentation",
)
_TYPES_BY_SIZE = {
    5 * MEGABYTE: PICTURES,
    100 * 1024: (STICKER,),
    16 * MEGABYTE: (*VIDEOS, *SOUNDS),
    100 * MEGABYTE: DOCUMENTS,
}
FILES = {name: size for size, names in _TYPES_BY_SIZE.items() for name in names}

LIMITS = {
    "whatsapp": Limits(
        text=TEXT,
        files=FILES,
        # Sounds and stickers have no text.
        captions=dict.fromkeys((*PICTURES, *VIDEOS, *DOCUMENTS), CAPTION),
        # WhatsApp plays only Opus as a voice note; others look like a song.
        voice=("audio/ogg", "audio/mp4", "audio/aac"),
    ),
}
