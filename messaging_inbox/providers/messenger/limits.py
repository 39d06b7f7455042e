"""The limits of a message on Messenger and Instagram."""

from __future__ import annotations

from collections.abc import Iterable

from ..provider import MEGABYTE, Limits

MESSENGER_TEXT = 2000
INSTAGRAM_BYTES = 1000
OFFICE = "application/vnd.openxmlformats-officedocument"
PICTURE_SIZE = 8 * MEGABYTE
FILE_SIZE = 25 * MEGABYTE

# https://developers.facebook.com/docs/messenger-platform/send-messages/saving-assets
_MESSENGER = (
    *("audio/aac", "audio/amr", "audio/mp4", "audio/mpeg", "audio/ogg", "audio/wav"),
    *("video/mp4", "video/mpeg", "video/ogg", "video/quicktime", "video/webm"),
    *("video/3gpp", "application/pdf", "application/zip", "application/msword"),
    *("application/vnd.ms-excel", "application/vnd.ms-powerpoint"),
    f"{OFFICE}.wordprocessingml.document",
    f"{OFFICE}.presentationml.presentation",
    f"{OFFICE}.spreadsheetml.sheet",
    *("text/calendar", "text/csv", "text/plain", "text/vcard", "text/x-vcard"),
)

# https://developers.facebook.com/docs/messenger-platform/instagram/features/attachment-upload
_INSTAGRAM = (
    *("audio/aac", "audio/mp4", "audio/wav"),
    *("video/mp4", "video/ogg", "video/quicktime", "video/webm", "video/x-msvideo"),
    "application/pdf",
)


def _files(pictures: Iterable[str], others: Iterable[str]) -> dict[str, int]:
    return {**dict.fromkeys(pictures, PICTURE_SIZE), **dict.fromkeys(others, FILE_SIZE)}


PICTURES = ("image/jpeg", "image/png", "image/gif")

LIMITS = {
    "messenger": Limits(
        text=MESSENGER_TEXT,
        files=_files(PICTURES, _MESSENGER),
        voice=("audio/mp4", "audio/ogg", "audio/wav"),
    ),
    # Instagram counts bytes: in many alphabets, half as many characters fit.
    "instagram": Limits(
        text=INSTAGRAM_BYTES,
        text_bytes=INSTAGRAM_BYTES,
        files=_files(PICTURES, _INSTAGRAM),
        voice=("audio/mp4", "audio/wav"),
    ),
}
