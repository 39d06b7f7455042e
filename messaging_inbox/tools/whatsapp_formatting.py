"""WhatsApp's formatting (*bold*, _italic_, ~struck~, code), drawn as on the screen.

See ``static/src/core/message_markup.js``, which has the same rules.
"""

import re

from markupsafe import Markup, escape

TAGS = {"*": "strong", "_": "em", "~": "s"}
# Nothing within code or an address is formatting.
ATOM = re.compile(
    r"```(?P<block>.+?)```|`(?P<code>[^`\n]+)`"
    r"|\b(?:https?://|www\.)[^\s<>\"`]*[^\s<>\"`.,;:!?*~]"
    r"|(?<![^\W_])[^\W_][\w.%+-]{0,63}@[\w.-]{0,250}[^\W_]",
    re.DOTALL,
)
# Stands for an atom: no text that we keep has it.
PLACE = "\0"
# Formatting begins and ends at the edge of a word, and touches its text. The length is
# bounded, so that a text of openings costs no more than its length.
PATTERNS = {
    sign: re.compile(
        rf"(?<![^\W_])(?<!\{sign})\{sign}(?![\s\{sign}])(.{{1,1000}}?)"
        rf"(?<!\s)\{sign}(?!\{sign}|[^\W_])"
    )
    for sign in TAGS
}
TAG = re.compile(rf"</?(?:{'|'.join(TAGS.values())}|code)>")


def draw_formatting(text):
    """Return a plain text as HTML with its formatting drawn."""
    atoms = []

    def keep(found):
        inner = found["block"] or found["code"]
        atoms.append(f"<code>{inner}</code>" if inner else found[0])
        return PLACE

    html = ATOM.sub(keep, str(escape(text)))
    for sign, tag in TAGS.items():
        html = PATTERNS[sign].sub(lambda found, tag=tag: _draw(found, tag), html)
    # Drawn by us from text that is escaped.
    return Markup(re.sub(PLACE, lambda _found: atoms.pop(0), html))


def without_formatting(text):
    """Return a plain text without its formatting."""
    return Markup(TAG.sub("", draw_formatting(text))).unescape()


def _draw(found, tag):
    inner = found[1]
    # One that is closed within another one would tear it apart.
    crosses = any(
        inner.count(f"<{each}>") != inner.count(f"</{each}>") for each in TAGS.values()
    )
    return found[0] if crosses else f"<{tag}>{inner}</{tag}>"
