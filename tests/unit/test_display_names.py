"""Display names: names that strangers choose, cleaned for a row and a header."""

from __future__ import annotations

import unicodedata

import pytest
from providers.text import MAX_NAME, clean_name

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
HEART = "\u2764\ufe0f"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
RAINBOW = "\U0001f3f3\ufe0f\u200d\U0001f308"
ASTRONAUT = "\U0001f468\U0001f3fd\u200d\U0001f680"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "\u3164",  # Hangul filler
        "\uffa0\u115f\u1160",
        "\u200b\u200c\u200d\u2060\ufeff",
        "\u2800\u2800",  # blank Braille pattern
        "\u202e\u202c\u2066\u2069\u200f",
        "\u00ad\u034f\u061c\u180e",
        "\u0301\u0301",  # marks without a letter
        "\ufe0f\U000e0100",
        "\U000e0041\U000e007f",
        "\x00\x07\x1b\x7f\x85\u2028",
        "\ufffc\uffff\ue000",
        "\u3000\u00a0\u2003",
    ],
)
def test_a_name_without_visible_characters_becomes_empty(name):
    assert clean_name(name) == ""


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\u202eanA\u202c", "anA"),
        ("\u2066Ana\u2069 \u200fVidal", "Ana Vidal"),
        ("Ana\r\nMaria\tVidal\u2028Coll", "Ana Maria Vidal Coll"),
        ("  Ana \u200b  Vidal\u3000", "Ana Vidal"),
        ("A\u200dn\u200ca\ufe0f", "Ana"),
        ("So\u00adfia\x00\x1b[31m", "Sofia[31m"),
        ("Ana \u3164\u3164 Vidal", "Ana Vidal"),
        ("Ana\u2800Vidal", "Ana Vidal"),
        ("\u0301Ana \u0301Vidal", "Ana Vidal"),
        ("Ana\U000e0073\U000e0065", "Ana"),
        ("\U0001f600\u200d", "\U0001f600"),
        ("Ana \ud83d", "Ana \ufffd"),
    ],
)
def test_invisible_characters_are_dropped(name, shown):
    assert clean_name(name) == shown


@pytest.mark.parametrize(
    "name",
    [
        "Jos\u00e9 \u00d1and\u00fa",
        "Jose\u0301",
        f"Ana {HEART} {FAMILY}",
        ENGLAND,
        RAINBOW,
        ASTRONAUT,
        "1\ufe0f\u20e3 Ana",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian, ZWNJ
        "\u0dc1\u0dca\u200d\u0dbb\u0dd3",  # Sinhala, ZWJ
        "\u0d15\u0d4d\u200d",  # Malayalam chillu at the end of a word
        "\u845b\U000e0100\u57ce",  # an ideograph's variant, as in Japanese names
        "\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd",
        "\u0e17\u0e35\u0e48\u0e2d\u0e22\u0e39\u0e48",
        "...",
    ],
)
def test_characters_of_emoji_and_scripts_are_kept(name):
    assert clean_name(name) == name


def test_a_long_name_is_cut_with_an_ellipsis():
    name = clean_name("a" * 300)
    assert name == "a" * (MAX_NAME - 1) + "…"


def test_cutting_leaves_no_half_emoji():
    name = clean_name("a" * (MAX_NAME - 3) + FAMILY * 3)
    assert not any(unicodedata.category(c) == "Cf" for c in name[-2:])
    assert name.endswith("\U0001f469…")


def test_stacked_combining_marks_are_limited():
    assert clean_name("A" + "\u0336" * 60 + "na") == "A" + "\u0336" * 4 + "na"


def test_cleaning_twice_changes_nothing():
    for name in ("a" * 300, FAMILY * 40, "A" + "\u0336" * 60, "x \u200b y\u202e"):
        assert clean_name(clean_name(name)) == clean_name(name)
