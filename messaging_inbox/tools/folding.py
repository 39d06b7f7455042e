"""Folding of text for search, as the database function ``messaging_fold`` does it."""

import re
import unicodedata

# Letters that Unicode doesn't decompose, and typographic apostrophes.
LETTERS = ("øØłŁđĐħĦıŧ’‘ʼ", "oollddhhit'''")
LIGATURES = {"ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe"}
_PLAIN = str.maketrans(*LETTERS) | str.maketrans(LIGATURES)
LONGEST_WORD = 20
_MARKS = re.compile("[\u0300-\u036f]")


def fold(text):
    """Return the folded text, without case and accents."""
    return "".join(map(_fold_one, text))


def find_words(text, words):
    """Return where words occur in a text, as sorted [(start, end)] that don't overlap.

    Case and accents don't matter. Offsets count characters of ``text``.
    """
    folded, origins = [], []
    for index, character in enumerate(text):
        for one in _fold_one(character):
            folded.append(one)
            origins.append(index)
    haystack = "".join(folded)
    found = []
    for word in filter(None, map(fold, words)):
        start = haystack.find(word)
        while start >= 0:
            end = start + len(word)
            found.append((origins[start], origins[end - 1] + 1))
            start = haystack.find(word, end)
    return _merged(sorted(found))


def _fold_one(character):
    plain = unicodedata.normalize("NFKD", character).lower().translate(_PLAIN)
    return _MARKS.sub("", plain)


def _merged(spans):
    merged = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def excerpt(text, spans, length):
    """Return the part of a text around the first span, and the spans within it.

    The part has at most ``length`` characters and white space on one line; an ellipsis
    stands for what is left out. Return ``(part, [(start, end)])``, the offsets in
    UTF-16 units, as JavaScript counts.
    """
    first = spans[0][0] if spans else 0
    start = max(0, min(first - length // 3, len(text) - length))
    if start:
        # Begin with a whole word, if one begins soon.
        blank = text.find(" ", start, min(first, start + LONGEST_WORD))
        start = blank + 1 if blank >= 0 else start
    end = min(len(text), start + length)
    head, tail = "…" if start else "", "…" if end < len(text) else ""
    part = re.sub(r"\s", " ", text[start:end])
    shown = [
        (max(from_, start) - start + len(head), min(to, end) - start + len(head))
        for from_, to in spans
        if from_ < end and to > start
    ]
    whole = f"{head}{part}{tail}"
    return whole, [(_utf16(whole[:from_]), _utf16(whole[:to])) for from_, to in shown]


def _utf16(text):
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
