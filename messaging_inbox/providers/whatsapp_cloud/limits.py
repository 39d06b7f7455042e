"""The limits of a message on WhatsApp.

https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media
"""

from __future__ import annotations

from ..provider import MEGABYTE, Limits

KILOBYTE = 1024
TEXT = 4096
CAPTION = 1024
OFFICE = "application/vnd.openxmlformats-officedocument"

PICTURES = ("image/jpeg", "image/png")
SOUNDS = ("audio/ogg", "audio/mp4", "audio/mpeg", "audio/aac", "audio/amr")
VIDEOS = ("video/mp4", "video/3gpp")
DOCUMENTS = (
    *("application/pdf", "application/msword", "application/vnd.ms-excel"),
    *("application/vnd.ms-powerpoint", "text/plain"),
    f"{OFFICE}.wordprocessingml.document",
    f"{OFFICE}.spreadsheetml.sheet",
    f"{OFFICE}.presentationml.presentation",
)

LIMITS = {
    "whatsapp": Limits(
        text=TEXT,
        files={
            **dict.fromkeys(PICTURES, 5 * MEGABYTE),
            **dict.fromkeys((*SOUNDS, *VIDEOS), 16 * MEGABYTE),
            **dict.fromkeys(DOCUMENTS, 100 * MEGABYTE),
            "image/webp": 100 * KILOBYTE,
        },
        captions=dict.fromkeys((*PICTURES, *VIDEOS, *DOCUMENTS), CAPTION),
        voice=("audio/ogg",),
    ),
}
