"""File types, detected from the bytes; the sender's claim is only a hint."""

import re
import tempfile
from dataclasses import dataclass
from typing import IO

from ..providers.errors import Reason, Refused
from . import pictures
from .file_signatures import OOXML, OPENDOCUMENT, OTHER, look

MEGABYTE = 1024 * 1024
# The largest file that any provider delivers: a WhatsApp document.
MAX_SIZE = 100 * MEGABYTE
IN_MEMORY = 1 * MEGABYTE

# All known types, each with its usual extension first.
ENDINGS = {
    "image/jpeg": ".jpg .jpeg .jpe .jfif",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/bmp": ".bmp .dib",
    "image/tiff": ".tif .tiff",
    "image/x-icon": ".ico",
    "image/vnd.adobe.photoshop": ".psd",
    "image/heic": ".heic",
    "image/heic-sequence": ".heics",
    "image/heif": ".heif .hif",
    "image/heif-sequence": ".heifs",
    "image/avif": ".avif .avifs",
    "image/jxl": ".jxl",
    "image/jp2": ".jp2",
    "image/jpx": ".jpx .jpf",
    "image/x-canon-cr3": ".cr3",
    "audio/aac": ".aac",
    "audio/aiff": ".aiff .aif .aifc",
    "audio/amr": ".amr",
    "audio/amr-wb": ".awb",
    "audio/basic": ".au .snd",
    "audio/flac": ".flac",
    "audio/midi": ".mid .midi",
    "audio/mp4": ".m4a .m4b",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg .oga .opus",
    "audio/wav": ".wav",
    "audio/webm": ".weba",
    "audio/x-caf": ".caf",
    "audio/x-matroska": ".mka",
    "audio/x-ms-wma": ".wma",
    "audio/3gpp": ".3gp",
    "audio/3gpp2": ".3g2",
    "video/3gpp": ".3gp .3gpp",
    "video/3gpp2": ".3g2",
    "video/mj2": ".mj2",
    "video/mp2t": ".ts .mts",
    "video/mp4": ".mp4 .m4v",
    "video/mpeg": ".mpeg .mpg",
    "video/ogg": ".ogv",
    "video/quicktime": ".mov .qt",
    "video/webm": ".webm",
    "video/x-flv": ".flv",
    "video/x-matroska": ".mkv",
    "video/x-ms-asf": ".asf",
    "video/x-ms-wmv": ".wmv",
    "video/x-msvideo": ".avi",
    "application/pdf": ".pdf",
    "application/msword": ".doc .dot",
    "application/vnd.ms-excel": ".xls .xlt",
    "application/vnd.ms-powerpoint": ".ppt .pps .pot",
    "application/vnd.ms-outlook": ".msg",
    "application/vnd.ms-project": ".mpp",
    "application/vnd.ms-publisher": ".pub",
    "application/vnd.visio": ".vsd",
    f"{OOXML}.wordprocessingml.document": ".docx",
    f"{OOXML}.wordprocessingml.template": ".dotx",
    f"{OOXML}.spreadsheetml.sheet": ".xlsx",
    f"{OOXML}.spreadsheetml.template": ".xltx",
    f"{OOXML}.presentationml.presentation": ".pptx",
    f"{OOXML}.presentationml.slideshow": ".ppsx",
    f"{OOXML}.presentationml.template": ".potx",
    "application/vnd.ms-word.document.macroenabled.12": ".docm",
    "application/vnd.ms-excel.sheet.macroenabled.12": ".xlsm",
    "application/vnd.ms-excel.sheet.binary.macroenabled.12": ".xlsb",
    "application/vnd.ms-powerpoint.presentation.macroenabled.12": ".pptm",
    f"{OPENDOCUMENT}.text": ".odt",
    f"{OPENDOCUMENT}.text-template": ".ott",
    f"{OPENDOCUMENT}.spreadsheet": ".ods",
    f"{OPENDOCUMENT}.spreadsheet-template": ".ots",
    f"{OPENDOCUMENT}.presentation": ".odp",
    f"{OPENDOCUMENT}.graphics": ".odg",
    "application/epub+zip": ".epub",
    "application/java-archive": ".jar",
    "application/vnd.android.package-archive": ".apk",
    "application/vnd.apple.keynote": ".key",
    "application/vnd.apple.numbers": ".numbers",
    "application/vnd.apple.pages": ".pages",
    "application/vnd.google-earth.kmz": ".kmz",
    "application/zip": ".zip",
    "application/gzip": ".gz .tgz",
    "application/vnd.rar": ".rar",
    "application/x-7z-compressed": ".7z",
    "application/x-bzip2": ".bz2",
    "application/x-tar": ".tar",
    "application/x-xz": ".xz",
    "text/plain": ".txt .log .text",
    "text/csv": ".csv",
    "text/calendar": ".ics",
    "text/markdown": ".md",
    "text/rtf": ".rtf",
    "text/tab-separated-values": ".tsv",
    "text/vcard": ".vcf .vcard",
    "text/vtt": ".vtt",
    "text/yaml": ".yaml .yml",
    "application/geo+json": ".geojson",
    "application/json": ".json",
    "application/x-subrip": ".srt",
}
TYPES_BY_ENDING = {
    ending: mimetype
    for mimetype, endings in reversed(ENDINGS.items())
    for ending in endings.split()
}
# Aliases that browsers and providers use.
ALIASES = {
    "application/csv": "text/csv",
    "application/ics": "text/calendar",
    "application/ogg": "audio/ogg",
    "application/rtf": "text/rtf",
    "application/vnd.msword": "application/msword",
    "application/x-msexcel": "application/vnd.ms-excel",
    "application/x-pdf": "application/pdf",
    "application/x-rar-compressed": "application/vnd.rar",
    "application/x-zip-compressed": "application/zip",
    "audio/3gp": "audio/3gpp",
    "audio/amr-nb": "audio/amr",
    "audio/m4a": "audio/mp4",
    "audio/mp3": "audio/mpeg",
    "audio/opus": "audio/ogg",
    "audio/vnd.wave": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/x-aac": "audio/aac",
    "audio/x-aiff": "audio/aiff",
    "audio/x-flac": "audio/flac",
    "audio/x-m4a": "audio/mp4",
    "audio/x-mp3": "audio/mpeg",
    "audio/x-wav": "audio/wav",
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/vnd.microsoft.icon": "image/x-icon",
    "image/x-ms-bmp": "image/bmp",
    "text/comma-separated-values": "text/csv",
    "text/directory": "text/vcard",
    "text/json": "application/json",
    "text/x-csv": "text/csv",
    "text/x-markdown": "text/markdown",
    "text/x-vcard": "text/vcard",
    "text/x-vcalendar": "text/calendar",
    "video/3gp": "video/3gpp",
    "video/avi": "video/x-msvideo",
    "video/x-m4v": "video/mp4",
}
# Claims so vague that the file's name decides.
VAGUE_CLAIMS = frozenset((OTHER, "application/zip", "text/plain"))
ENDING = re.compile(r"[^.]\.[A-Za-z0-9]{1,10}$")


@dataclass
class SpooledFile:
    """A downloaded file, in memory or on disk; a context manager that closes it."""

    content: IO[bytes]
    filename: str = ""
    content_type: str = ""
    is_shown: bool = True
    thumbnail: bytes = b""

    def look_at_picture(self):
        """Create the thumbnail; hide pictures that are broken or too large to show."""
        try:
            self.is_shown = not pictures.is_too_big(self.content)
            if self.is_shown:
                self.thumbnail = pictures.thumbnail(self.content)
        except ValueError:
            self.is_shown = False

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.content.close()


def spool(media, max_size=MAX_SIZE):
    """Read a provider's ``Media`` into a SpooledFile.

    Raise Refused once it exceeds ``max_size`` bytes.
    """
    content = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)
    size = 0
    for chunk in media.chunks:
        size += len(chunk)
        if size > max_size:
            content.close()
            raise Refused(Reason.FILE_TOO_BIG, detail=f"over {max_size} bytes")
        content.write(chunk)
    content.seek(0)
    return SpooledFile(content, media.filename, media.content_type)


def sniff(content, claim="", name=""):
    """Return a type that is safe to serve from our origin.

    If several types share a container (OLE, zip, text, MP4), ``claim`` chooses among
    them, then the extension of ``name``; ``audio/*`` is a valid claim. Markup and
    scripts are always plain text. A picture never becomes a video.
    """
    claim = canonical(claim)
    found, choices = look(content)
    for hint in (claim, type_of_name(name)):
        if hint in choices and hint not in VAGUE_CLAIMS:
            return hint
    family, subtype = claim.partition("/")[0], found.partition("/")[2]
    if f"{family}/{subtype}" in choices:
        return f"{family}/{subtype}"
    if family == "image" and choices and not found.startswith("image/"):
        return OTHER if found.startswith(("audio/", "video/")) else found
    return found


def checked(content, claim, name=""):
    """Return the type of a file to send: the claim, unless the bytes contradict it.

    Only audio and video have formats without a signature.
    """
    found, claim = sniff(content, claim, name), canonical(claim)
    is_played = claim.startswith(("audio/", "video/"))
    return claim if found == OTHER and is_played and claim in ENDINGS else found


def canonical(claim):
    """Return a type's canonical name, without parameters."""
    claim = (claim or "").partition(";")[0].strip().lower()
    return ALIASES.get(claim, claim)


def type_of_name(name):
    """Return the type for a file name's extension, "" if it is unknown."""
    _stem, dot, ending = (name or "").rpartition(".")
    return TYPES_BY_ENDING.get(f"{dot}{ending.lower()}", "")


def with_ending(name, mimetype):
    """Return the file name, with the type's extension added if it has none."""
    if ENDING.search(name) or mimetype not in ENDINGS:
        return name
    return name.rstrip(". ") + ENDINGS[mimetype].split()[0]
