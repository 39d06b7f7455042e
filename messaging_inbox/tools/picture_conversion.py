"""Pictures that a channel doesn't take, as JPEG: upright, in sRGB, without metadata."""

import io
import logging
from importlib import import_module

from PIL import Image, ImageCms, ImageOps, features

from odoo.tools.image import IMAGE_MAX_RESOLUTION

from .pictures import is_too_big

_logger = logging.getLogger(__name__)

JPEG = "image/jpeg"
QUALITY = 90
PLUGINS = {
    "AVIF": "AvifImagePlugin",
    "TIFF": "TiffImagePlugin",
    "WEBP": "WebPImagePlugin",
}
WHITE = (255, 255, 255)


class CannotConvert(Exception):
    """The picture is broken, or has too many pixels."""


def _formats():
    """Return {type: Pillow's name} of what Pillow reads on this machine."""
    formats = {
        "image/bmp": "BMP",
        "image/gif": "GIF",
        "image/tiff": "TIFF",
    }
    for name in ("webp", "avif"):
        if features.check(name):
            formats[f"image/{name}"] = name.upper()
    try:
        import pillow_heif  # noqa: PLC0415 - optional, Pillow alone reads no HEIC
    except ImportError:
        return formats
    pillow_heif.register_heif_opener()
    return {**formats, "image/heic": "HEIF", "image/heif": "HEIF"}


FORMATS = _formats()


def to_jpeg(content, mimetype):
    """Return a picture's bytes as JPEG; CannotConvert if that can't be done.

    ``mimetype`` is a key of FORMATS: no other decoder sees the bytes. The pixels are
    counted before any is decoded.
    """
    name = FORMATS[mimetype]
    load_plugin(name)
    # Pillow allocates all of a WebP on opening: its header is read first.
    if is_too_big(io.BytesIO(content)):
        raise CannotConvert("too many pixels")
    try:
        with Image.open(io.BytesIO(content), formats=[name]) as picture:
            width, height = picture.size
            if width * height > IMAGE_MAX_RESOLUTION:
                raise CannotConvert(f"{width}x{height} pixels")
            return _jpeg(picture)
    except CannotConvert:
        raise
    except Exception as error:
        # Decoders raise anything on broken pictures.
        _logger.info("A %s can't be converted: %s", mimetype, type(error).__name__)
        raise CannotConvert(type(error).__name__) from error


def load_plugin(name):
    """Load what reads a format: Odoo preloads only what it needs itself."""
    if name in PLUGINS:
        import_module(f"PIL.{PLUGINS[name]}")


def _jpeg(picture):
    upright = ImageOps.exif_transpose(picture)
    profile = upright.info.get("icc_profile")
    if upright.mode not in ("RGB", "CMYK", "L"):
        upright = upright.convert("RGBA")
    shown = _in_srgb(upright, profile)
    # A new picture has no metadata: no place, no camera, no comment.
    result = Image.new("RGB", shown.size, WHITE)
    result.paste(shown, mask=upright if upright.mode == "RGBA" else None)
    output = io.BytesIO()
    result.save(output, "JPEG", quality=QUALITY)
    return output.getvalue()


def _in_srgb(picture, profile):
    if profile and picture.mode != "L":
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            base = picture.convert("RGB") if picture.mode == "RGBA" else picture
            return ImageCms.profileToProfile(base, source, target, outputMode="RGB")
        except ImageCms.PyCMSError as error:
            _logger.info("A colour profile can't be used: %s", error)
    return picture.convert("RGB")
