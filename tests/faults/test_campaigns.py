"""Many things break at random moments under load; `make faults` breaks more, longer."""

import subprocess

import pytest

from tools.dev import postgres
from tools.dev.databases import odoo_environment
from tools.dev.places import FAULTS_TABLE, ROOT, python


@pytest.fixture
def all_workers():
    """Leave Odoo alone: the campaigns start two nodes of their own."""


def test_nothing_is_lost_or_doubled_while_anything_breaks(record_property):
    with postgres.postgres():
        if not postgres.is_embedded():
            pytest.skip("It stops PostgreSQL, which must be its own.")
        command = [python(), "-m", "tests.faults.campaigns", "--short"]
        words = {"cwd": ROOT, "env": odoo_environment(), "text": True}
        done = subprocess.run(command, capture_output=True, **words)
    assert done.returncode == 0, done.stdout + done.stderr
    table = FAULTS_TABLE.read_text()
    assert table in done.stdout
    heads, _line, mixed, *_each = _cells(table)
    counts = dict(zip(heads, mixed, strict=True))
    nothing = ("lost", "doubled", "wrong", "overtaken", "left", "given_up")
    assert {word: counts[word] for word in nothing} == dict.fromkeys(nothing, "0")
    assert int(counts["injected"]) > 20
    assert int(counts["in"]) > 20 and int(counts["out"]) > 20
    record_property("table", table)


def _cells(table):
    rows = table.splitlines()
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
