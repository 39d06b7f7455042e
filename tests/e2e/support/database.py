"""Committed data, seen from outside Odoo."""

import time
from contextlib import closing, contextmanager

import psycopg2
import psycopg2.extras

from tests.waiting import PATIENCE, eventually

# Pages report themselves, also a while after a test has closed them.
REPORTS = "messaging_inbox/presence", "bus.bus/im_status_updated"
EXCEPT = {
    "bus_bus": "WHERE "
    + " AND ".join(f"message NOT LIKE '%{each}%'" for each in REPORTS)
}


class Database:
    def __init__(self, name):
        self.name = name
        self._connect()

    def _connect(self):
        self._connection = psycopg2.connect(dbname=self.name)
        self._connection.autocommit = True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._connection.close()

    def rows(self, sql, *parameters):
        factory = psycopg2.extras.RealDictCursor
        with self._connection.cursor(cursor_factory=factory) as cursor:
            cursor.execute(sql, parameters or None)
            return [dict(row) for row in cursor.fetchall()]

    def run(self, sql, *parameters):
        with self._connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.rowcount

    @contextmanager
    def open_transaction(self, sql, *parameters):
        """Run a statement and keep its locks; yield the connection, to end it early."""
        with closing(psycopg2.connect(dbname=self.name)) as connection:
            connection.cursor().execute(sql, parameters or None)
            yield connection

    def blocked(self):
        """Return how many connections wait for a lock of another one."""
        (row,) = self.rows(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return row["count"]

    def let_time_pass(self):
        """Make everything that waits for its next try due, and wake the crons."""
        self.run(
            "UPDATE messaging_message SET write_date = write_date - interval '1 hour'"
            " WHERE state = 'sending'"
        )
        past = "now() AT TIME ZONE 'UTC' - interval '2 seconds'"
        for table, column in (
            ("messaging_message", "next_try_at"),
            ("messaging_channel", "sending_paused_until"),
            ("messaging_media", "next_try_at"),
            ("messaging_reaction", "next_try_at"),
            ("messaging_notification", "due_at"),
            ("messaging_conversation", "snoozed_until"),
            ("messaging_scheduled", "send_at"),
            ("ir_cron_trigger", "call_at"),
        ):
            self.run(f"UPDATE {table} SET {column} = {past} WHERE {column} > {past}")
        self.run(
            f"UPDATE ir_cron SET nextcall = {past} WHERE cron_name LIKE 'Messaging:%%'"
        )
        self.notify("cron_trigger")

    def after_a_while(self, look, seconds=PATIENCE, what="it"):
        """Let time pass until a condition holds; a killed cron worker is restarted."""

        def pass_and_look():
            self.let_time_pass()
            time.sleep(0.3)
            return look()

        return eventually(pass_and_look, seconds, what)

    def notify(self, channel):
        with closing(psycopg2.connect(dbname="postgres")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_notify(%s, %s)", [channel, self.name])

    # -- words of the inbox --------------------------------------------------

    def conversations(self, customer):
        return self.rows(
            "SELECT c.* FROM messaging_conversation c WHERE id IN (SELECT"
            " conversation_id FROM messaging_identity WHERE external_id = %s)"
            " ORDER BY id",
            customer,
        )

    def conversation(self, customer):
        """Return the one conversation of a customer."""
        (conversation,) = self.conversations(customer)
        return conversation

    def messages(self, customer, direction=None):
        """Return a customer's messages in the order in which the inbox shows them."""
        rows = self.rows(
            "SELECT m.* FROM messaging_message m JOIN messaging_conversation c"
            " ON c.id = m.conversation_id WHERE c.id IN (SELECT conversation_id"
            " FROM messaging_identity WHERE external_id = %s) ORDER BY m.id",
            customer,
        )
        return [row for row in rows if direction in (None, row["direction"])]

    def message(self, message_id):
        (row,) = self.rows("SELECT * FROM messaging_message WHERE id = %s", message_id)
        return row

    def media(self, customer):
        return self.rows(
            "SELECT f.* FROM messaging_media f JOIN messaging_message m"
            " ON m.id = f.message_id WHERE m.conversation_id IN (SELECT"
            " conversation_id FROM messaging_identity WHERE external_id = %s)"
            " ORDER BY f.id",
            customer,
        )

    def receipts(self, text):
        """Return the failed webhooks whose stored body contains a text."""
        return self.rows(
            "SELECT * FROM messaging_receipt WHERE body_stored LIKE %s ORDER BY id",
            f"%{text}%",
        )

    @contextmanager
    def crons_at_rest(self):
        """Wait for running crons to end and keep others from starting, then wake them.

        Work left by earlier tests (files, profiles) must not interfere.
        """
        with self.open_transaction("SELECT 1 FROM ir_cron FOR NO KEY UPDATE"):
            yield
        self.notify("cron_trigger")

    def settled_footprint(self):
        """Return the footprint once pages of earlier tests report nothing more."""
        latest = [self.footprint()]

        def is_quiet():
            time.sleep(0.2)
            latest.append(self.footprint())
            return latest[-1] == latest[-2]

        eventually(is_quiet, what="a quiet database")
        return latest[-1]

    def footprint(self):
        """Return the number of rows of each of our tables, and of the bus.

        The count of refused requests is left out: it stores nothing of them. So are the
        reports of open and closed pages.
        """
        tables = self.rows(
            "SELECT relname FROM pg_stat_user_tables"
            " WHERE relname LIKE 'messaging_%%' AND relname <> 'messaging_refusal'"
            " OR relname IN ('bus_bus', 'ir_attachment', 'res_partner', 'crm_lead')"
        )
        return {
            name: self.rows(f"SELECT count(*) AS n FROM {name} {EXCEPT.get(name, '')}")[
                0
            ]["n"]
            for name in (row["relname"] for row in tables)
        }
