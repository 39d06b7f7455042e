"""Texts as the addon keeps them."""

PREVIEW_LENGTH = 200


def preview(text):
    """Return the beginning of a text on one line."""
    return " ".join((text or "")[: 2 * PREVIEW_LENGTH].split())[:PREVIEW_LENGTH]
