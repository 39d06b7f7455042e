"""Filled rows are those that the addon would have written."""

import json
import os

import pytest

from benchmarks.filling import FIFTY_NAME, LONGEST_NAME, TABLES, Size, fill
from tests.e2e.support.database import Database
from tools.dev import databases
from tools.dev.places import ROOT
from tools.dev.postgres import postgres

SIZE = Size(conversations=300, messages=6_000)
# PostgreSQL writes the casts of a list in another place when it reads them again.
SAME = r"regexp_replace({}, '::character varying|::text|\[\]|[()]', '', 'g')"
INDEXES = f"""
    SELECT {SAME.format("indexdef")} AS definition,
           obj_description(indexname::regclass, 'pg_class') AS comment
      FROM pg_indexes WHERE tablename = ANY(%s) ORDER BY indexname
"""
KEYS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
      FROM pg_constraint WHERE conrelid = ANY(%s::regclass[]) ORDER BY 1, 2
"""
CHECK = """
import sys
sys.path.insert(0, {root!r})
from tests.e2e.support.filled import check_all
check_all(env, {path!r})
"""


@pytest.fixture(scope="module")
def filled():
    """Return a filled database, and its indexes and constraints before."""
    name = f"filled_{os.getpid()}"
    with postgres():
        databases.drop_abandoned("filled_")
        databases.create_database(name, assets=False)
        try:
            with Database(name) as database:
                before = schema_of(database)
                fill(name, SIZE)
                yield database, before
        finally:
            databases.drop_database(name)


def schema_of(database):
    return [database.rows(sql, list(TABLES)) for sql in (INDEXES, KEYS)]


def test_the_rows_agree_with_what_the_addon_derives(filled, tmp_path):
    database, _before = filled
    path = tmp_path / "wrong.json"
    script = CHECK.format(root=str(ROOT), path=str(path))
    databases.odoo(database.name, "shell", text=script)
    assert json.loads(path.read_text()) == {}


def test_indexes_and_constraints_are_as_before(filled):
    database, before = filled
    for was, now in zip(before, schema_of(database), strict=True):
        for one, other in zip(was, now, strict=True):
            assert one == other


def test_the_sequences_go_on_after_the_rows(filled):
    database, _before = filled
    for table in (*TABLES[:-1], "res_partner", "crm_lead"):
        [row] = database.rows(
            f"SELECT nextval('{table}_id_seq') AS next, max(id) AS last FROM {table}"
        )
        assert row["next"] > row["last"], table


def test_the_size_is_exact_and_two_conversations_can_be_found(filled):
    database, _before = filled
    rows = database.rows(
        "SELECT c.contact_name, count(*) AS messages FROM messaging_conversation c"
        " JOIN messaging_message m ON m.conversation_id = c.id GROUP BY c.id"
    )
    assert len(rows) == SIZE.conversations
    assert sum(row["messages"] for row in rows) == SIZE.messages
    counts = {row["contact_name"]: row["messages"] for row in rows}
    assert (counts[LONGEST_NAME], counts[FIFTY_NAME]) == (150, 50)
