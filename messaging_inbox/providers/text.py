"""Makes untrusted text safe to store and to show."""

from __future__ import annotations

import re
import unicodedata

LONE_SURROGATE = re.compile("[\ud800-\udfff]")
MAX_NAME = 80
# Combining marks: more than any script stacks on one letter would overlap other lines.
MAX_MARKS = 4
# Blank glyphs that Unicode doesn't class as spaces.
BLANKS = str.maketrans("\u2800\U0001d159", "  ")
# Characters without a glyph outside the categories C*: Default_Ignorable_Code_Point
# of DerivedCoreProperties.txt, noncharacters, and the object replacement character.
IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0"
    "\ufdd0-\ufdef\ufff0-\ufffc\ufffe\uffff\U00016fe4\U000e0000-\U000e0fff]"
)
HIDDEN_CATEGORIES = ("Cc", "Cf", "Co", "Cs")

# Contexts in which Unicode gives an invisible character a meaning: UTS #51 for emoji,
# UTS #37 for ideographs, the core specification (chapters 9 and 12) for scripts.
_PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001faff]"
)
_EMOJI = f"{_PICTURE}[\ufe0e\ufe0f]?[\U0001f3fb-\U0001f3ff]?"
_SUBDIVISION = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f"
_KEYCAP = "[0-9#*]\ufe0f\u20e3"
_CURSIVE = "[\u0620-\u0dff\u0f00-\u109f\u1780-\u18af\ua840-\uabff\ufb50-\ufdcf]"
_IDEOGRAPH = "[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
MEANT = re.compile(
    f"({_SUBDIVISION}|{_EMOJI}(?:\u200d{_EMOJI})*|{_KEYCAP}"
    f"|{_CURSIVE}[\u200c\u200d](?={_CURSIVE})"
    # A half form or a chillu at the end of a word: virama, then the joiner.
    "|[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca]\u200d"
    "|[\u1820-\u18aa][\u180b-\u180d\u180f]"
    f"|{_IDEOGRAPH}[\ufe00-\ufe02\U000e0100-\U000e01ef])|.",
    re.DOTALL,
)


def clean(text: str) -> str:
    """Remove what PostgreSQL refuses in a text: NUL bytes and lone surrogates."""
    return LONE_SURROGATE.sub("\ufffd", text.replace("\x00", ""))


def clean_name(text: str) -> str:
    """Return a display name on one line, empty if nothing visible is left.

    Remove control and format characters, including bidi overrides, unless they join an
    emoji or the letters of a script. The result has at most ``MAX_NAME`` characters.
    """
    name = _visible(clean(text))
    if len(name) > MAX_NAME:
        # The cut may split a sequence: clean again.
        name = _visible(name[: MAX_NAME - 1]) + "…"
    return name if any(map(_has_glyph, name)) else ""


def _visible(text: str) -> str:
    one_line = " ".join(text.translate(BLANKS).split())
    shown = MEANT.sub(lambda found: found[1] or _shown(found[0]), one_line)
    return " ".join(_without_stacks(shown).split())


def _shown(character: str) -> str:
    hidden = unicodedata.category(character) in HIDDEN_CATEGORIES
    return "" if hidden or IGNORABLE.match(character) else character


def _without_stacks(text: str) -> str:
    """Remove combining marks without a letter, and those beyond ``MAX_MARKS``."""
    kept, marks = [], MAX_MARKS
    for character in text:
        is_mark = unicodedata.category(character) in ("Mn", "Me")
        marks = marks + 1 if is_mark else MAX_MARKS if character == " " else 0
        if marks <= MAX_MARKS or character == " ":
            kept.append(character)
    return "".join(kept)


def _has_glyph(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNPS" or (
        unicodedata.category(character) == "Cn"
    )
