"""Detect a file's type by its bytes.

``look`` returns the detected type and, where the bytes are ambiguous, the possible
types, among which the sender's claim or the file's name may choose. It reads the head
of the file and the directory of an archive or an OLE file, never the whole file.
"""

import codecs

OTHER = "application/octet-stream"
HEAD = 4096
# A zip archive lists its names at the end.
ZIP_TAIL = 256 * 1024
OLE_DIRECTORY = 16 * 1024
NO_CHOICE = frozenset()

OOXML = "application/vnd.openxmlformats-officedocument"
OPENDOCUMENT = "application/vnd.oasis.opendocument"

# Formats with their own signature: (offset, bytes, type).
SIGNATURES = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"\0\0\1\0", "image/x-icon"),
    (0, b"8BPS", "image/vnd.adobe.photoshop"),
    (0, b"\xff\x0a", "image/jxl"),
    (0, b"\0\0\0\x0cJXL \r\n", "image/jxl"),
    (0, b"\0\0\0\x0cjP  \r\n", "image/jp2"),
    (0, b"#!AMR-WB", "audio/amr-wb"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"caff\0", "audio/x-caf"),
    (0, b"fLaC", "audio/flac"),
    (0, b"MThd", "audio/midi"),
    (0, b".snd", "audio/basic"),
    (0, b"FLV\1", "video/x-flv"),
    (0, b"\0\0\1\xba", "video/mpeg"),
    (0, b"\0\0\1\xb3", "video/mpeg"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"{\\rtf", "text/rtf"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"\x1f\x8b", "application/gzip"),
    (4, b"1AY&SY", "application/x-bzip2"),
    (0, b"\xfd7zXZ\0", "application/x-xz"),
    (257, b"ustar", "application/x-tar"),
)

# Families that share their first bytes: (first bytes, offset, bytes, type).
FAMILIES = (
    (b"RIFF", 8, b"WAVE", "audio/wav"),
    (b"RIFX", 8, b"WAVE", "audio/wav"),
    (b"RF64", 8, b"WAVE", "audio/wav"),
    (b"RIFF", 8, b"WEBP", "image/webp"),
    (b"RIFF", 8, b"AVI ", "video/x-msvideo"),
    (b"RIFF", 8, b"RMID", "audio/midi"),
    (b"FORM", 8, b"AIFF", "audio/aiff"),
    (b"FORM", 8, b"AIFC", "audio/aiff"),
    (b"BM", 6, b"\0\0\0\0", "image/bmp"),
    (b"G", 188, b"G", "video/mp2t"),
)
ASF = b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"

# Brands of the ISO base media file format, as registered at mp4ra.org.
IMAGE_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis"), "image/heic"),
    **dict.fromkeys((b"hevc", b"hevx", b"hevm", b"hevs"), "image/heic-sequence"),
    **dict.fromkeys((b"avif", b"avis", b"avio"), "image/avif"),
    b"crx ": "image/x-canon-cr3",
    b"jp2 ": "image/jp2",
    b"jpx ": "image/jpx",
    b"jxl ": "image/jxl",
}
# These name only a structure; the compatible brands name the pictures in it.
IMAGE_STRUCTURES = {
    **dict.fromkeys((b"mif1", b"mif2", b"miaf"), "image/heif"),
    b"msf1": "image/heif-sequence",
}
PLAYED_BRANDS = {
    **dict.fromkeys((b"M4A ", b"M4B ", b"M4P ", b"F4A ", b"F4B "), "audio/mp4"),
    **dict.fromkeys((b"M4V ", b"M4VH", b"M4VP", b"F4V ", b"F4P "), "video/mp4"),
    b"qt  ": "video/quicktime",
    b"kddi": "video/3gpp2",
    b"mjp2": "video/mj2",
}
ISO_PREFIXES = {
    b"3gp": "video/3gpp",
    b"3ge": "video/3gpp",
    b"3gg": "video/3gpp",
    b"3gr": "video/3gpp",
    b"3gs": "video/3gpp",
    b"3g2": "video/3gpp2",
}
GENERIC_PREFIXES = (
    *(b"iso", b"mp4", b"mp7", b"avc", b"dash", b"msdh", b"msix", b"MSNV", b"mmp4"),
    *(b"cmf", b"hlsf", b"dby", b"ND", b"XAVC", b"hvc", b"hev", b"av01"),
)
GENERIC = frozenset(
    (
        *("audio/mp4", "video/mp4", "audio/3gpp", "video/3gpp", "video/3gpp2"),
        *("audio/3gpp2", *IMAGE_BRANDS.values(), *IMAGE_STRUCTURES.values()),
    )
)
# QuickTime videos from before brands existed begin with one of these boxes.
QUICKTIME_BOXES = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")

# Types that share a container with others, each with a name that only it contains.
ZIPPED = {
    f"{OOXML}.wordprocessingml.document": b"word/",
    f"{OOXML}.spreadsheetml.sheet": b"xl/",
    f"{OOXML}.presentationml.presentation": b"ppt/",
    f"{OOXML}.wordprocessingml.template": b"word/",
    f"{OOXML}.spreadsheetml.template": b"xl/",
    f"{OOXML}.presentationml.slideshow": b"ppt/",
    f"{OOXML}.presentationml.template": b"ppt/",
    "application/vnd.ms-word.document.macroenabled.12": b"word/",
    "application/vnd.ms-excel.sheet.macroenabled.12": b"xl/",
    "application/vnd.ms-excel.sheet.binary.macroenabled.12": b"xl/",
    "application/vnd.ms-powerpoint.presentation.macroenabled.12": b"ppt/",
    "application/vnd.android.package-archive": b"AndroidManifest.xml",
    "application/java-archive": b"META-INF/MANIFEST.MF",
    "application/vnd.google-earth.kmz": b"doc.kml",
    "application/vnd.apple.pages": b"Index/Document.iwa",
    "application/vnd.apple.numbers": b"Index/Tables/",
    "application/vnd.apple.keynote": b"Index/Slide",
}
# These name their type in a file "mimetype" at the beginning.
SELF_NAMED = frozenset(
    (
        *(f"{OPENDOCUMENT}.text", f"{OPENDOCUMENT}.text-template"),
        *(f"{OPENDOCUMENT}.spreadsheet", f"{OPENDOCUMENT}.spreadsheet-template"),
        *(f"{OPENDOCUMENT}.presentation", f"{OPENDOCUMENT}.graphics"),
        "application/epub+zip",
    )
)
OLE = {
    "application/msword": "WordDocument",
    "application/vnd.ms-excel": "Workbook",
    "application/vnd.ms-powerpoint": "PowerPoint Document",
    "application/vnd.ms-outlook": "__properties_version1.0",
    "application/vnd.visio": "VisioDocument",
    # Password-protected documents.
    f"{OOXML}.wordprocessingml.document": "EncryptedPackage",
    f"{OOXML}.spreadsheetml.sheet": "EncryptedPackage",
    f"{OOXML}.presentationml.presentation": "EncryptedPackage",
    "application/vnd.ms-project": "Props12",
    "application/vnd.ms-publisher": "Quill",
}
# Text types that browsers never execute, whatever they contain.
TEXTS = frozenset(
    (
        *("text/plain", "text/csv", "text/tab-separated-values", "text/vcard"),
        *("text/calendar", "text/markdown", "text/vtt", "text/yaml"),
        *("application/json", "application/geo+json", "application/x-subrip"),
    )
)


def look(content):
    """Return (type, choices) of an open binary file.

    ``choices`` is a frozenset of the possible types, empty if ``type`` is certain.
    """
    content.seek(0)
    head = content.read(HEAD)
    for reader in READERS:
        if found := reader(head, content):
            content.seek(0)
            return found
    content.seek(0)
    return _text(head)


def _signature(head, _content):
    for offset, signature, mimetype in SIGNATURES:
        if head.startswith(signature, offset):
            return mimetype, NO_CHOICE
    for first, offset, signature, mimetype in FAMILIES:
        # All of them contain zeros early on, unlike text.
        if head.startswith(first) and head.startswith(signature, offset):
            return (mimetype, NO_CHOICE) if b"\0" in head else None
    if head.startswith(ASF):
        choices = {"audio/x-ms-wma", "video/x-ms-wmv", "video/x-ms-asf"}
        return "video/x-ms-asf", frozenset(choices)
    return None


def _iso(head, _content):
    if not head.startswith(b"\0"):
        return None
    if head[4:8] in QUICKTIME_BOXES:
        return "video/quicktime", NO_CHOICE
    if head[4:8] not in (b"ftyp", b"styp"):
        return None
    size, start = int.from_bytes(head[:4], "big"), 8
    if size == 1:
        size, start = int.from_bytes(head[8:16], "big"), 16
    major = head[start : start + 4]
    brands = head[start + 8 : min(size, len(head))]
    compatible = [brands[at : at + 4] for at in range(0, len(brands), 4)]
    return _of_brands(major, compatible)


def _of_brands(major, compatible):
    own = IMAGE_BRANDS.get(major) or PLAYED_BRANDS.get(major)
    own = own or ISO_PREFIXES.get(major[:3])
    if own:
        return own, _both(own) if "3gpp" in own else NO_CHOICE
    # A file with a picture brand isn't a video: videos never list these brands.
    for brand in compatible:
        if brand in IMAGE_BRANDS:
            return IMAGE_BRANDS[brand], NO_CHOICE
    for brand in (major, *compatible):
        if brand in IMAGE_STRUCTURES:
            return IMAGE_STRUCTURES[brand], GENERIC - {"audio/mp4", "video/mp4"}
    for brand in (major, *compatible):
        if brand in PLAYED_BRANDS or brand.startswith(GENERIC_PREFIXES):
            return PLAYED_BRANDS.get(brand, "video/mp4"), GENERIC
    return OTHER, GENERIC


def _both(mimetype):
    """Return the audio and the video type of a container."""
    subtype = mimetype.partition("/")[2]
    return frozenset((f"audio/{subtype}", f"video/{subtype}"))


def _matroska(head, _content):
    if not head.startswith(b"\x1aE\xdf\xa3"):
        return None
    # The element DocType (4282) distinguishes the two.
    doctype = head.partition(b"\x42\x82")[2][:12]
    if b"webm" not in doctype and b"matroska" not in doctype:
        return OTHER, _both("video/webm") | _both("video/x-matroska")
    mimetype = "video/webm" if b"webm" in doctype else "video/x-matroska"
    has_video = b"V_VP" in head or b"V_AV1" in head or b"V_MPEG" in head
    if not has_video and (b"A_OPUS" in head or b"A_VORBIS" in head):
        mimetype = mimetype.replace("video", "audio")
    return mimetype, _both(mimetype)


def _ogg(head, _content):
    if not head.startswith(b"OggS"):
        return None
    # The first pages contain the header of every stream.
    if b"\x80theora" in head or b"\x01video" in head or b"BBCD\0" in head:
        return "video/ogg", NO_CHOICE
    if any(
        name in head for name in (b"OpusHead", b"\x01vorbis", b"Speex ", b"\x7fFLAC")
    ):
        return "audio/ogg", NO_CHOICE
    return "audio/ogg", _both("audio/ogg")


def _mpeg_audio(head, content):
    if head.startswith(b"ID3") and len(head) >= 10:
        size = 0
        for byte in head[6:10]:
            size = size << 7 | byte & 0x7F
        content.seek(10 + size)
        behind = content.read(4)
        if behind.startswith(b"fLaC"):
            return "audio/flac", NO_CHOICE
        return _of_frame(behind) or "audio/mpeg", NO_CHOICE
    mimetype = _of_frame(head)
    return (mimetype, NO_CHOICE) if mimetype else None


def _of_frame(head):
    """Return the type of a stream of MPEG audio frames, "" if it isn't one."""
    if len(head) < 2 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return ""
    if head[1] & 0xF6 == 0xF0:
        return "audio/aac"
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    # Ignore the extinct layer I: its first bytes equal UTF-16 byte order marks.
    return "audio/mpeg" if version != 1 and layer in (1, 2) else ""


def _zip(head, content):
    if not head.startswith((b"PK\3\4", b"PK\5\6", b"PK\7\x08")):
        return None
    if head[30:38] == b"mimetype":
        start = 38 + int.from_bytes(head[28:30], "little")
        named = [name for name in SELF_NAMED if head.startswith(name.encode(), start)]
        if named:
            return max(named, key=len), NO_CHOICE
    size = content.seek(0, 2)
    content.seek(max(0, size - ZIP_TAIL))
    names = head + content.read(ZIP_TAIL)
    return _marked(ZIPPED, names, "application/zip", SELF_NAMED)


def _ole(head, content):
    if not head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return None
    sector = 1 << min(int.from_bytes(head[30:32], "little"), 12)
    content.seek((int.from_bytes(head[48:52], "little") + 1) * sector)
    directory = content.read(OLE_DIRECTORY)
    markers = {name: marker.encode("utf-16-le") for name, marker in OLE.items()}
    return _marked(markers, directory, OTHER)


def _marked(markers, names, default, others=NO_CHOICE):
    """Return (type, choices) of the types whose marker is in ``names``.

    Without any marker, return ``default`` and all types.
    """
    found = [mimetype for mimetype, marker in markers.items() if marker in names]
    if found:
        return found[0], frozenset(found)
    return default, frozenset((*markers, *others, default))


def _text(head):
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:15].upper()
    if start.startswith(b"BEGIN:VCARD"):
        return "text/vcard", NO_CHOICE
    if start.startswith(b"BEGIN:VCALENDAR"):
        return "text/calendar", NO_CHOICE
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "text/plain", TEXTS
    if any(byte < 0x20 and byte not in b"\t\n\f\r\x1b" for byte in head):
        return OTHER, NO_CHOICE
    try:
        # Incremental, since the head may end within a character.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return OTHER, TEXTS
    return ("text/plain" if head else OTHER), TEXTS


READERS = (_signature, _iso, _matroska, _ogg, _mpeg_audio, _zip, _ole)
