"""Checks that all webhooks are committed and published, and nothing is left to do."""

import time

import psycopg2

PATIENCE = 60
# Failed webhooks and pending files that were there before don't count.
LEFT = """
    SELECT (SELECT count(*) FROM messaging_media WHERE state = 'pending')
             + (SELECT count(*) FROM messaging_receipt WHERE state = 'failed')
             + (SELECT count(*) FROM messaging_conversation WHERE notes_due)
"""
# A message is published when a row of the bus carries it, alone or with others.
COUNTS = """
    SELECT (SELECT count(*) FROM messaging_message
             WHERE id > %(message)s AND direction = 'inbound'),
           (SELECT count(DISTINCT published.value->>'id')
              FROM bus_bus,
                   jsonb_array_elements(
                      message::jsonb #> '{payload,messages}') published
             WHERE bus_bus.id > %(bus)s AND message LIKE '%%messaging_inbox/changed%%')
"""


class Watch:
    """Looks at the database from outside, with its own connection."""

    def __init__(self, database):
        self._connection = psycopg2.connect(dbname=database)
        self._connection.autocommit = True

    def close(self):
        self._connection.close()

    def start(self):
        """Return the last ids of the tables, and what is left, to count from there."""
        sql = "SELECT {} FROM messaging_message", "SELECT {} FROM bus_bus"
        message, bus = (self._row(s.format("coalesce(max(id), 0)"))[0] for s in sql)
        return {"message": message, "bus": bus, "left": self._row(LEFT)[0]}

    def wait_until_done(self, start, count):
        """Return the time at which everything was there and nothing left to do."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            asked = time.monotonic()
            counts = self._row(COUNTS, start)
            left = self._row(LEFT)[0] - start["left"]
            if counts == (count, count) and left <= 0:
                return asked
            time.sleep(0.01)
        raise TimeoutError(
            "of %s messages %s are committed and %s published, %s tasks are left"
            % (count, *counts, left)
        )

    def _row(self, sql, parameters=None):
        with self._connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchone()
