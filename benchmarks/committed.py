"""Whether what the webhook took in is committed, told and nothing is left to do."""

import time

import psycopg2

PATIENCE = 60
# A message is told when a row of the bus carries it, alone or with others.
FIGURES = """
    SELECT (SELECT count(*) FROM messaging_message
             WHERE id > %(message)s AND direction = 'inbound'),
           (SELECT count(DISTINCT told.value->>'id')
              FROM bus_bus,
                   jsonb_array_elements(message::jsonb #> '{payload,messages}') told
             WHERE bus_bus.id > %(bus)s AND message LIKE '%%messaging_inbox/changed%%'),
           (SELECT count(*) FROM messaging_media WHERE state = 'pending')
             + (SELECT count(*) FROM messaging_receipt WHERE state = 'failed')
             + (SELECT count(*) FROM messaging_conversation WHERE notes_due)
"""


class Watch:
    """Looks from outside, with a connection of its own."""

    def __init__(self, database):
        self._connection = psycopg2.connect(dbname=database)
        self._connection.autocommit = True

    def close(self):
        self._connection.close()

    def marks(self):
        """Return how far the tables are now, to count from there."""
        sql = "SELECT {} FROM messaging_message", "SELECT {} FROM bus_bus"
        message, bus = (self._row(s.format("coalesce(max(id), 0)"))[0] for s in sql)
        return {"message": message, "bus": bus}

    def wait_until_done(self, marks, count):
        """Return the moment at which all was seen to be there and nothing left."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            asked = time.monotonic()
            figures = self._row(FIGURES, marks)
            if figures == (count, count, 0):
                return asked
            time.sleep(0.01)
        raise TimeoutError(
            "of %s messages %s are committed and %s told, %s things are left to do"
            % (count, *figures)
        )

    def _row(self, sql, parameters=None):
        with self._connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchone()
