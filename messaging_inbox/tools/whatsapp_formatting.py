"""Render WhatsApp's formatting (*bold*, _italic_, ~struck~, code) as HTML.

``static/src/core/message_markup.js`` has the same rules for the screen.
"""

import re

from markupsafe import Markup, escape

TAGS = {"*": "strong", "_": "em", "~": "s"}
# Code and addresses contain no formatting.
ATOM = re.compile(
    r"```(?P<block>.+?)```|`(?P<code>[^`\n]+)`"
    r"|\b(?:https?://|www\.)[^\s<>\"`]*[^\s<>\"`.,;:!?*~]"
    r"|(?<![^\W_])[^\W_][\w.%+-]{0,63}@[\w.-]{0,250}[^\W_]",
    re.DOTALL,
)
# The placeholder of an atom: stored texts never contain it.
PLACE = "\0"
# Formatting begins and ends at a word boundary and touches its text. Its length is
# bounded, so that a text full of opening signs takes linear time.
PATTERNS = {
    sign: re.compile(
        rf"(?<![^\W_])(?<!\{sign})\{sign}(?![\s\{sign}])(.{{1,1000}}?)"
        rf"(?<!\s)\{sign}(?!\{sign}|[^\W_])"
    )
    for sign in TAGS
}
TAG = re.compile(rf"</?(?:{'|'.join(TAGS.values())}|code)>")


def draw_formatting(text):
    """Return a plain text as HTML with its formatting rendered."""
    atoms = []

    def keep(found):
        inner = found["block"] or found["code"]
        atoms.append(f"<code>{inner}</code>" if inner else found[0])
        return PLACE

    html = ATOM.sub(keep, str(escape(text)))
    for sign, tag in TAGS.items():
        html = PATTERNS[sign].sub(lambda found, tag=tag: _draw(found, tag), html)
    # Safe: the text was escaped, and the tags are ours.
    return Markup(re.sub(PLACE, lambda _found: atoms.pop(0), html))


def without_formatting(text):
    """Return a plain text without its formatting."""
    return Markup(TAG.sub("", draw_formatting(text))).unescape()


def _draw(found, tag):
    inner = found[1]
    # Tags must not overlap.
    crosses = any(
        inner.count(f"<{each}>") != inner.count(f"</{each}>") for each in TAGS.values()
    )
    return found[0] if crosses else f"<{tag}>{inner}</{tag}>"
