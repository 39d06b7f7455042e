"""Fills a database with conversations and messages as the addon would leave them.

The same seed makes the same rows, with times relative to a given moment. Not made:
notes in the chatter of linked records, and files.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta, timezone
from itertools import islice
from multiprocessing import get_context

import psycopg2

from benchmarks.filling.cast import AGENTS, LOGIN, PASSWORD, cast_of
from benchmarks.filling.records import BLACKLIST, COPIES, NEWCOMERS, copy_records
from benchmarks.filling.rows import SHARES, copy_line, tables
from benchmarks.filling.schema import Schema
from benchmarks.filling.spread import Size, make_plan
from benchmarks.filling.words import COMMON, RARE
from benchmarks.filling.world import FIFTY_NAME, LONGEST_NAME, First, World

SEED = 16
SMALL = Size(1_000, 20_000)
FULL = Size(100_000, 2_000_000)
TABLES = (
    *("messaging_message", "messaging_conversation", "messaging_identity"),
    *("messaging_participation", "messaging_conversation_tag_rel"),
)
# Autovacuum analyzes them within a minute, which we don't wait for.
SMALL_TABLES = ("messaging_channel", "messaging_account")
AT_ONCE = 500


def fill(database, size=FULL, seed=SEED, moment=None):
    """Fill a database in which Odoo and the addon are installed.

    ``moment``: now, as naive UTC. Only once per database: the users' logins are fixed.
    """
    moment = moment or datetime.now(timezone.utc).replace(tzinfo=None)
    with ThreadPoolExecutor(1) as beside:
        casting = beside.submit(cast_of, database)
        plan = make_plan(size, seed)
        cast = casting.result()
    with closing(psycopg2.connect(dbname=database)) as connection:
        with connection, connection.cursor() as cursor:
            first = _reserve_ids(cursor, size)
            schema = Schema(cursor, TABLES)
            schema.take_off(cursor)
        worlds = [World(cast, first, moment, seed, share) for share in range(SHARES)]
        _write_at_once(database, worlds, plan)
        with connection, connection.cursor() as cursor:
            _write_records(cursor, cast, first, moment)
        schema.put_back(database)
        connection.autocommit = True
        with connection.cursor() as cursor:
            names = ", ".join((*TABLES, *SMALL_TABLES, *COPIES, "phone_blacklist"))
            cursor.execute(f"VACUUM ANALYZE {names}")


def _reserve_ids(cursor, size):
    """Advance the sequences past the rows to come; return the First ids."""
    counts = First(
        conversation=size.conversations,
        message=size.messages,
        identity=2 * SHARES * size.conversations,
        participation=AGENTS * SHARES * size.conversations,
        contact=size.conversations,
        lead=size.conversations,
    )
    names = dict(contact="res_partner", lead="crm_lead")
    return First(
        *(
            _reserve(cursor, names.get(name, f"messaging_{name}"), count)
            for name, count in counts._asdict().items()
        )
    )


def _reserve(cursor, table, count):
    cursor.execute("SELECT nextval(%s)", [f"{table}_id_seq"])
    first = cursor.fetchone()[0]
    cursor.execute("SELECT setval(%s, %s)", [f"{table}_id_seq", first + count - 1])
    return first


# ----------------------------------------------------------------------
# writing
# ----------------------------------------------------------------------


def _write_at_once(database, worlds, plan):
    """Write each share in a process of its own; they inherit the plan."""
    fork = get_context("fork")
    jobs = [(database, world, plan) for world in worlds]
    processes = [fork.Process(target=_write_share, args=job) for job in jobs]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise RuntimeError("Filling failed; its error is printed above.")


def _write_share(database, world, plan):
    with closing(psycopg2.connect(dbname=database)) as connection:
        with connection, connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
            for table, columns, rows in tables(world, plan):
                copy = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
                cursor.copy_expert(copy, _Stream(rows))


class _Stream:
    """Rows as a file that COPY reads."""

    def __init__(self, rows):
        self._lines = map(copy_line, rows)

    def read(self, _size):
        return "".join(islice(self._lines, AT_ONCE))


def _write_records(cursor, cast, first, moment):
    examples = {
        "res_partner": {company: [id_] for company, id_ in cast.contacts.items()},
        "crm_lead": cast.leads,
    }
    for table in COPIES:
        copy_records(cursor, table, json.dumps(examples[table]), first.conversation)
    cursor.execute(BLACKLIST)
    for user, age in cast.joined.items():
        joined = moment - timedelta(seconds=age)
        values = {"user": user, "message": first.message, "joined": joined}
        cursor.execute(NEWCOMERS, values)
