"""Drawn pictures for profiles and stories, so that no file has to be shipped."""

import colorsys
import struct
import zlib

SIZE = 160


def face(seed):
    """Draw head and shoulders on a background whose colour follows the seed, as PNG."""
    hue = _hue(seed)
    ground, skin = _colour(hue, 0.45, 0.72), _colour(hue, 0.12, 0.97)

    def pixel(x, y):
        head = (x - 80) ** 2 + (y - 64) ** 2 < 31**2
        body = ((x - 80) / 58) ** 2 + ((y - 168) / 64) ** 2 < 1
        return skin if head or body else ground

    return _png(SIZE, SIZE, pixel)


def story(seed):
    """Draw a story: a sunset over the sea, as PNG."""
    hue = _hue(seed)
    width, height = 180, 320

    def pixel(x, y):
        if (x - 90) ** 2 + (y - 170) ** 2 < 44**2 and y < 200:
            return _colour(0.13, 0.35, 1)
        if y < 200:
            return _colour(hue, 0.75 - y / 340, 0.45 + y / 420)
        return _colour(hue + 0.08, 0.7, 0.5 - (y - 200) / 420 + (y % 9 == 0) * 0.08)

    return _png(width, height, pixel)


def _hue(seed):
    return zlib.crc32(seed.encode()) % 360 / 360


def _colour(hue, saturation, value):
    parts = colorsys.hsv_to_rgb(hue % 1, saturation, min(value, 1))
    return bytes(round(part * 255) for part in parts)


def _png(width, height, pixel):
    rows = (b"\0" + b"".join(pixel(x, y) for x in range(width)) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"IDAT", zlib.compress(b"".join(rows))),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in chunks)


def _chunk(name, content):
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)
