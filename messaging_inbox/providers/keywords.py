"""The English words by which customers stop and resume messages, as carriers use them.

The words of other languages belong to a channel: ``tools/opt_out_words.py``.
"""

from __future__ import annotations

OUT = frozenset(
    ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT")
)
IN = frozenset(("START", "YES", "UNSTOP"))


def keyword(text: str) -> str:
    """Return "out" or "in" if the whole text opts out or in, else an empty string."""
    word = text.strip().upper()
    if word in OUT:
        return "out"
    return "in" if word in IN else ""
