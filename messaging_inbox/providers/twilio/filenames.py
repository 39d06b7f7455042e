"""The names of files that Twilio fetches, which must be short and plain.

https://www.twilio.com/docs/messaging/guides/accepted-mime-types
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 20
LONGEST_ENDING = 5
PLACEHOLDER = "file"


def plain_filename(name: str) -> str:
    """Return a name of ASCII letters, digits, "-" and "_", with its ending kept.

    At most ``LONGEST`` characters in all, never empty.
    """
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    ending = re.sub("[^a-z0-9]", "", _ascii(ending).lower())
    if len(ending) > LONGEST_ENDING:
        stem, ending = name, ""
    suffix = f".{ending}" if ending else ""
    plain = re.sub("[^A-Za-z0-9]+", "_", _ascii(stem)).strip("_")
    return (plain[: LONGEST - len(suffix)].strip("_") or PLACEHOLDER) + suffix


def _ascii(text: str) -> str:
    """Return the letters without accents, and drop those that aren't ASCII then."""
    decomposed = unicodedata.normalize("NFKD", text)
    return decomposed.encode("ascii", "ignore").decode()
