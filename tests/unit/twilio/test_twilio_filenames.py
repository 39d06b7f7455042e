"""The names under which Twilio fetches our files."""

from __future__ import annotations

import re

import pytest
from providers.messenger import Messenger
from providers.twilio import Twilio

NAMES = {
    "offer.pdf": "offer.pdf",
    "עברית 报价.pdf": "file.pdf",
    "Presupuesto nº 12 (versión/final) ñandú.pdf": "Presupuesto_no_1.pdf",
    "Ärger & Söhne.PDF": "Arger_Sohne.pdf",
    "photo": "photo",
    "": "file",
    ".": "file",
    ".pdf": "file.pdf",
    "...": "file",
    "🚲.jpeg": "file.jpeg",
    "a.b.c.docx": "a_b_c.docx",
    "no ending. Or is it": "no_ending_Or_is_it",
    'x"\r\nSet-Cookie: a=b.png': "x_Set_Cookie_a_b.png",
    "a" * 300 + ".xlsx": "a" * 15 + ".xlsx",
    "2026-11-26 10_30.jpg": "2026_11_26_10_30.jpg",
}


@pytest.mark.parametrize(("name", "plain"), NAMES.items())
def test_a_filename_is_short_and_plain_and_keeps_its_ending(name, plain):
    found = Twilio.filename(name)
    assert found == plain
    assert re.fullmatch(r"[A-Za-z0-9_]+(\.[a-z0-9]+)?", found)
    assert len(found) <= 20


def test_other_providers_get_the_filename_unchanged():
    assert Messenger.filename("Presupuesto nº 12.pdf") == "Presupuesto nº 12.pdf"
