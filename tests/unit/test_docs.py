"""The documents have short paragraphs, and every path and link exists."""

from __future__ import annotations

import re

import pytest

from .conftest import REPOSITORY

ADDON = REPOSITORY / "messaging_inbox"
DOCS = sorted(
    [
        *REPOSITORY.glob("*.md"),
        *REPOSITORY.glob("docs/*.md"),
        *REPOSITORY.glob("tools/*/*.md"),
        *ADDON.glob("*.md"),
        *ADDON.glob("providers/*/*.md"),
    ]
)
MOST_CHARACTERS_OF_A_PARAGRAPH = 600
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LIST_ITEM = re.compile(r"^ *(?:[-*]|\d+\.) ", re.MULTILINE)
CODE = re.compile(r"`[^`]*`")
# Such as the fields and methods of a model
LONG_CODE = 100
# A file of this repository, named with its folder
PATH = re.compile(r"`([\w.-][\w./-]*/[\w.-]+\.(?:py|js|json|md|xml|csv|sql|txt))`")
ROOTS = [
    REPOSITORY,
    ADDON,
    *(ADDON / name for name in ("models", "static/src", "tests", "providers")),
]


def name_of(path):
    return str(path.relative_to(REPOSITORY))


def paragraphs(text):
    """Yield paragraphs and list items, without tables and long code."""
    text = CODE.sub(_short_code, FENCE.sub("", text))
    for block in re.split(r"\n\s*\n", text):
        if not block.startswith("|"):
            starts = [match.start() for match in LIST_ITEM.finditer(block)]
            edges = [0, *starts, len(block)]
            yield from (block[a:b] for a, b in zip(edges, edges[1:], strict=False))


def _short_code(match):
    return match[0] if len(match[0]) < LONG_CODE else ""


@pytest.mark.parametrize("path", DOCS, ids=name_of)
def test_no_paragraph_is_too_long(path):
    for paragraph in paragraphs(path.read_text()):
        assert len(paragraph) <= MOST_CHARACTERS_OF_A_PARAGRAPH, paragraph


@pytest.mark.parametrize("path", DOCS, ids=name_of)
def test_every_named_file_exists(path):
    for named in PATH.findall(path.read_text()):
        folders = [path.parent, *ROOTS]
        assert any((folder / named).is_file() for folder in folders), named


@pytest.mark.parametrize("path", DOCS, ids=name_of)
def test_every_link_to_a_file_or_heading_leads_somewhere(path):
    text = FENCE.sub("", path.read_text())
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"https?:|mailto:", target):
            file, _, heading = target.partition("#")
            linked = (path.parent / file) if file else path
            assert linked.exists(), target
            assert not heading or heading in anchors(linked.read_text()), target


def anchors(text):
    """Return the anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in headings
    }
