"""Text as strangers send it, made safe to store."""

from __future__ import annotations

import re

LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Drop what PostgreSQL refuses in a text: NUL bytes and halves of characters."""
    return LONE_SURROGATE.sub("\ufffd", text.replace("\x00", ""))
