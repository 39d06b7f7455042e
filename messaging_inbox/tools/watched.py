"""Log lines about what operators watch for, in one form: ``event=… key=value …``.

They hold ids, counts and words of closed lists, so no line can name a customer or quote
a text. docs/operating.md lists the events.
"""

import logging
import re

_logger = logging.getLogger(__name__)

# A word of a list, or a provider's error code. Numbers of telephones are longer.
WORD = re.compile(r"[A-Za-z_]{1,40}|[0-9]{1,8}")


def log_event(event, level=logging.WARNING, **facts):
    """Log an event with its facts: ids, counts, words; anything else becomes "?"."""
    pairs = " ".join(f"{name}={_shown(value)}" for name, value in facts.items())
    _logger.log(level, "event=%s %s", event, pairs)


def _shown(value):
    if isinstance(value, int):
        return int(value)
    word = str(value or "none")
    return word if WORD.fullmatch(word) else "?"
