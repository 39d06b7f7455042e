"""What a customer's file is, told from its bytes; a provider's claim is only a hint."""

import tempfile
from dataclasses import dataclass
from typing import IO

from odoo.tools.mimetypes import guess_mimetype

from ..providers.errors import Reason, Refused

MEGABYTE = 1024 * 1024
# The largest file that any provider delivers: a document of WhatsApp.
MAX_SIZE = 100 * MEGABYTE
IN_MEMORY = 1 * MEGABYTE
HEAD = 4096
OTHER = "application/octet-stream"

EXTENSIONS = {
    "application/pdf": ".pdf",
    "audio/aac": ".aac",
    "audio/amr": ".amr",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg",
    "audio/wav": ".wav",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "text/vcard": ".vcf",
    "text/plain": ".txt",
    "video/3gpp": ".3gp",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
}
# Types that a browser may show from our origin. All else is offered as a download.
SHOWN = frozenset(EXTENSIONS) | {"audio/mp4"}
# Sound and film, which Odoo's own guess doesn't know: (offset, bytes, type).
SIGNATURES = (
    (0, b"OggS", "audio/ogg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (8, b"WAVE", "audio/wav"),
    (4, b"ftyp3g", "video/3gpp"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"BEGIN:VCARD", "text/vcard"),
)
DOWNLOADED = (
    "application/msword",
    "application/vnd.",
    "application/zip",
)


@dataclass
class SpooledFile:
    """A downloaded file, in memory or on disk; closes when used as a context."""

    content: IO[bytes]
    filename: str = ""

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.content.close()


def spool(media, max_size=MAX_SIZE):
    """Read a provider's ``Media`` to its end, refusing what is too big on the way."""
    content = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)
    size = 0
    for chunk in media.chunks:
        size += len(chunk)
        if size > max_size:
            content.close()
            raise Refused(Reason.FILE_TOO_BIG, detail=f"over {max_size} bytes")
        content.write(chunk)
    content.seek(0)
    return SpooledFile(content, media.filename)


def sniff(content, claim=""):
    """Return a type that is safe to serve from our origin.

    Markup of any sort (html, svg, xml) becomes plain text. ``claim`` decides only
    between sound and film in the same container.
    """
    content.seek(0)
    head = content.read(HEAD)
    content.seek(0)
    mimetype = _by_signature(head) or _by_odoo(head, content)
    claim = (claim or "").split(";")[0].strip().lower()
    if {mimetype, claim} in ({"video/mp4", "audio/mp4"}, {"audio/ogg", "video/ogg"}):
        return claim if claim in SHOWN else mimetype
    return mimetype


def checked(content, claim):
    """Return the type of a file to be sent: its claim, unless the bytes refute it.

    Bytes tell neither csv from text nor sound from film: there the claim stands.
    """
    found = sniff(content, claim)
    families = {name.partition("/")[0] for name in (found, claim)}
    if found == OTHER or families == {"text"} or families <= {"audio", "video"}:
        return claim
    return found


def _by_signature(head):
    for offset, signature, mimetype in SIGNATURES:
        if head[offset : offset + len(signature)].upper() == signature.upper():
            return mimetype
    return ""


def _by_odoo(head, content):
    # Office documents are told apart by what is inside the archive: all of it.
    whole = content.read() if head.startswith(b"PK") else head
    content.seek(0)
    mimetype = guess_mimetype(whole, default=OTHER)
    if mimetype in SHOWN or mimetype.startswith(DOWNLOADED):
        return mimetype
    if mimetype.startswith("text/") or "xml" in mimetype or "html" in mimetype:
        return "text/plain"
    return OTHER
