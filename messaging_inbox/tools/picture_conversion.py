"""Convert pictures that a channel rejects to JPEG: upright, sRGB, no metadata."""

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
    """Return ``{type: Pillow's name}`` of the formats that Pillow can read here."""
    formats = {
        "image/bmp": "BMP",
        "image/gif": "GIF",
        "image/tiff": "TIFF",
    }
    for name in ("webp", "avif"):
        if features.check(name):
            formats[f"image/{name}"] = name.upper()
    try:
        import pillow_heif  # noqa: PLC0415 - optional; Pillow alone can't read HEIC
    except ImportError:
        return formats
    pillow_heif.register_heif_opener()
    return {**formats, "image/heic": "HEIF", "image/heif": "HEIF"}


FORMATS = _formats()


def to_jpeg(content, mimetype):
    """Convert a picture's bytes to JPEG; raise CannotConvert if that fails.

    ``mimetype`` is a key of FORMATS, and only its decoder reads the bytes. The size in
    pixels is checked before decoding.
    """
    name = FORMATS[mimetype]
    load_plugin(name)
    # Read the header first, since Pillow allocates a whole WebP on opening.
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
        # Decoders may raise any exception on broken pictures.
        _logger.info("A %s can't be converted: %s", mimetype, type(error).__name__)
        raise CannotConvert(type(error).__name__) from error


def load_plugin(name):
    """Load a format's plugin, since Odoo preloads only those it needs itself."""
    if name in PLUGINS:
        import_module(f"PIL.{PLUGINS[name]}")


def _jpeg(picture):
    upright = ImageOps.exif_transpose(picture)
    profile = upright.info.get("icc_profile")
    if upright.mode not in ("RGB", "CMYK", "L"):
        upright = upright.convert("RGBA")
    shown = _in_srgb(upright, profile)
    # A new picture has no metadata such as place, camera or comments.
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
