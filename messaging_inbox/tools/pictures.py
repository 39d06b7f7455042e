"""Sizes of pictures, read from their headers, and thumbnails, created once.

A picture of a few kilobytes may take gigabytes once decoded, both in a worker and in a
browser. So the header is read first, and oversized pictures can only be downloaded.
"""

from io import BytesIO

from PIL import Image, ImageOps

from odoo.tools.image import IMAGE_MAX_RESOLUTION

THUMBNAIL = (480, 480)
QUALITY = 85
HEADER = 32
# Formats that Pillow opens lazily. For others, it may allocate everything on opening.
FORMATS = ("JPEG", "PNG", "GIF", "BMP")
# Shown unchanged, since they may be animated.
NEVER_RESIZED = ("GIF",)


def is_too_big(content):
    """Return whether an open binary file is a picture with too many pixels to show."""
    try:
        width, height = _size(content)
    except Image.DecompressionBombError:
        return True
    return width * height > IMAGE_MAX_RESOLUTION


def thumbnail(content):
    """Return the bytes of a thumbnail; empty if none is needed or possible.

    Raise ValueError if the picture is broken. Call it only if the picture isn't too
    big.
    """
    try:
        picture = _open(content)
        fits = all(map(int.__le__, picture.size, THUMBNAIL))
        if fits or picture.format in NEVER_RESIZED:
            return b""
    except (OSError, SyntaxError, ValueError):
        return b""
    try:
        # JPEG is decoded at a fraction of its size.
        picture.thumbnail(THUMBNAIL)
        return _saved(ImageOps.exif_transpose(picture))
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise ValueError("The picture can't be decoded.") from error
    finally:
        content.seek(0)


def _size(content):
    content.seek(0)
    head = content.read(HEADER)
    content.seek(0)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _webp_size(head)
    try:
        return _open(content).size
    except (OSError, SyntaxError, ValueError):
        return 0, 0
    finally:
        content.seek(0)


def _open(content):
    content.seek(0)
    return Image.open(content, formats=FORMATS)


def _webp_size(head):
    """Return (width, height) as in RFC 9649.

    Pillow isn't used, since it allocates all frames on opening.
    """
    if head[12:16] == b"VP8X":
        sides = head[24:27], head[27:30]
        return tuple(int.from_bytes(side, "little") + 1 for side in sides)
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    sides = head[26:28], head[28:30]
    return tuple(int.from_bytes(side, "little") & 0x3FFF for side in sides)


def _saved(picture):
    is_clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    output = BytesIO()
    if is_clear:
        picture.convert("RGBA").save(output, "PNG")
    else:
        picture.convert("RGB").save(output, "JPEG", quality=QUALITY)
    return output.getvalue()
