"""Takes indexes and foreign keys off tables, and puts them back as they were."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg2

INDEXES = """
    SELECT format('%%I', i.indexname), i.indexdef,
           obj_description(format('%%I', i.indexname)::regclass, 'pg_class')
      FROM pg_indexes i
     WHERE i.schemaname = current_schema AND i.tablename = ANY(%s)
       AND NOT EXISTS (SELECT FROM pg_constraint k
                        WHERE k.conindid = format('%%I', i.indexname)::regclass)
     -- Those of texts take longest.
     ORDER BY i.indexdef LIKE '%% gin %%' DESC, i.tablename <> 'messaging_message'
"""
FOREIGN_KEYS = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
      FROM pg_constraint
     WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])
     ORDER BY conrelid, conname
"""
MEMORY = "512MB"


class Schema:
    """The indexes and foreign keys of some tables."""

    def __init__(self, cursor, tables):
        cursor.execute(INDEXES, [list(tables)])
        self._indexes = cursor.fetchall()
        cursor.execute(FOREIGN_KEYS, [list(tables)])
        self._keys = cursor.fetchall()

    def take_off(self, cursor):
        for table, name, _definition in self._keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for name, _definition, _comment in self._indexes:
            cursor.execute(f"DROP INDEX {name}")

    def put_back(self, database):
        """Make the indexes two at a time, then check the foreign keys."""
        with ThreadPoolExecutor(2) as threads:
            for _ in threads.map(lambda index: _make(database, *index), self._indexes):
                pass
        with closing(psycopg2.connect(dbname=database)) as connection:
            with connection, connection.cursor() as cursor:
                for table, name, definition in self._keys:
                    cursor.execute(
                        f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"
                    )


def _make(database, name, definition, comment):
    with closing(psycopg2.connect(dbname=database)) as connection:
        with connection, connection.cursor() as cursor:
            cursor.execute("SET maintenance_work_mem = %s", [MEMORY])
            cursor.execute(definition)
            # Odoo keeps its own definition there, to see changes.
            cursor.execute(f"COMMENT ON INDEX {name} IS %s", [comment])
