"""Uploads our files to WhatsApp, and downloads those of customers.

A customer's file is an id, which lives for 7 days. Asking for it returns an address
that is valid for five minutes and wants the token, too. So each try asks anew.
https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from ..call import CONNECT_TIMEOUT
from ..errors import Reason, Refused, Retryable
from ..events import ChannelRef, Media, MediaRef, OutboundFile
from ..fetch import Source, fetch
from ..graph import TokenAuth
from ..values import text
from .app import App
from .messages import path_of

UPLOAD_TIMEOUT = 30
# The only host besides the Graph API that gets the token
FILE_HOST = "lookaside.fbsbx.com"
FILE_HOSTS = frozenset((".fbsbx.com", ".fbcdn.net", ".whatsapp.net"))
MEDIA_ID = re.compile("[0-9]{1,64}")
VOICE_NOTE = "audio/ogg; codecs=opus"
# Where the first packet of an Ogg file begins at the latest, and how it begins in Opus.
LONGEST_HEADER = 27 + 255
OPUS = b"OpusHead"


class Uploaded(NamedTuple):
    """A file at Meta; ``is_voice_note`` if WhatsApp can play it as one."""

    id: str
    is_voice_note: bool


def upload(app: App, channel: ChannelRef, file: OutboundFile) -> Uploaded:
    """Upload a file, so that Meta needs no URL of it."""
    content = file.read()
    is_voice_note = _is_opus(file.content_type, content)
    kind = VOICE_NOTE if is_voice_note else file.content_type
    # Uploading a file twice is harmless: it doesn't send a message.
    answer = app.graph.request(
        "POST",
        path_of(channel, "media"),
        app.access_token,
        data={"messaging_product": "whatsapp", "type": kind},
        files={"file": (file.filename, content, kind)},
        timeout=(CONNECT_TIMEOUT, UPLOAD_TIMEOUT),
        repeatable=True,
    )
    media_id = text(answer.get("id"))
    if not media_id:
        raise Retryable(Reason.OTHER, detail="Meta's response has no file id.")
    return Uploaded(media_id, is_voice_note)


def _is_opus(content_type: str, content: bytes) -> bool:
    start = content[: LONGEST_HEADER + len(OPUS)]
    return content_type == "audio/ogg" and OPUS in start


def download(app: App, media: MediaRef, base_url: str, max_bytes: int) -> Media:
    """Open a customer's file; ``media.url`` is its id at Meta."""
    if not MEDIA_ID.fullmatch(media.url):
        raise Refused(Reason.FILE_REFUSED, detail="This isn't the id of a file.")
    facts = app.graph.request("GET", media.url, app.access_token)
    size = _size(facts.get("file_size"))
    if size and size > max_bytes:
        raise Refused(Reason.FILE_TOO_BIG, detail=f"over {max_bytes} bytes")
    source = Source(
        first=frozenset((FILE_HOST,)),
        path_allowed=lambda _path: True,
        hosts=FILE_HOSTS,
        auth=TokenAuth(app.access_token),
        base_url=base_url,
        max_bytes=max_bytes,
    )
    here = replace(
        media,
        url=text(facts.get("url")),
        content_type=text(facts.get("mime_type")) or media.content_type,
    )
    opened = fetch(app.graph.http, here, source)
    whole = _checked(opened.chunks, size, _digest(facts.get("sha256")))
    return replace(opened, chunks=whole)


def _checked(
    chunks: Iterable[bytes], size: int | None, digest: bytes | None
) -> Iterator[bytes]:
    """Yield the chunks; raise Retryable at the end if it isn't the announced file.

    A size or digest that Meta doesn't tell is None.
    """
    received, sha256 = 0, hashlib.sha256()
    for chunk in chunks:
        received += len(chunk)
        sha256.update(chunk)
        yield chunk
    if size not in (None, received) or digest not in (None, sha256.digest()):
        detail = "The file isn't the one that Meta announced."
        raise Retryable(Reason.FILE_NOT_FETCHED, detail=detail)


def _size(value: Any) -> int | None:
    digits = text(value)
    is_number = digits.isascii() and digits.isdecimal() and len(digits) < 20
    return int(digits) if is_number else None


def _digest(value: Any) -> bytes | None:
    """Return a SHA-256, which Meta writes in hexadecimal or in base64."""
    words = text(value)
    try:
        decode = bytes.fromhex if len(words) == 64 else base64.b64decode
        digest = decode(words)
    except ValueError:
        return None
    return digest if len(digest) == 32 else None
