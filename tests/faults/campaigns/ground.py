"""What campaigns break: two supervised nodes, their PostgreSQL, and the provider."""

import threading
import time
from collections import Counter
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from random import Random

import httpx
import psycopg2

from tests.e2e.support.database import Database
from tests.e2e.support.people import Refused
from tests.nodes.cluster import Cluster
from tests.nodes.load import Load, Written, queue
from tests.waiting import eventually
from tools.dev.console import Problem
from tools.dev.postgres_copy import PostgresCopy

PATIENCE = 90
# A server that is gone is sometimes reported by the base class alone.
LOST_CONNECTION = (psycopg2.DatabaseError, psycopg2.InterfaceError)
HASTEN_EVERY = 1
NOW = "now() AT TIME ZONE 'UTC'"
SENDING = "Messaging: send queued messages"
DOWNLOADS = "Messaging: download customer files"
QUEUES = {
    "messaging_message": SENDING,
    "messaging_receipt": "Messaging: replay failed webhooks",
    "messaging_media": DOWNLOADS,
}
WAKE = f"""
    INSERT INTO ir_cron_trigger (cron_id, call_at)
    SELECT id, {NOW} FROM ir_cron WHERE cron_name = %s
"""
MAKE_CRONS_DUE = f"""
    UPDATE ir_cron_trigger SET call_at = {NOW} WHERE id IN (
        SELECT t.id FROM ir_cron_trigger t JOIN ir_cron c ON c.id = t.cron_id
         WHERE t.call_at > {NOW} AND c.cron_name <> ALL(%s)
           FOR UPDATE OF t SKIP LOCKED)
"""
UNDER_WAY = """
    SELECT 1 FROM messaging_message
     WHERE conversation_id = %s AND state IN ('queued', 'sending')
"""


class PatientDatabase(Database):
    """Waits for PostgreSQL when it is away."""

    def rows(self, sql, *parameters):
        return self._patiently(super().rows, sql, *parameters)

    def run(self, sql, *parameters):
        return self._patiently(super().run, sql, *parameters)

    def notify(self, channel):
        return self._patiently(super().notify, channel)

    def _patiently(self, work, *arguments):
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return work(*arguments)
            except LOST_CONNECTION:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)
                with suppress(*LOST_CONNECTION):
                    self._connect()

    def hasten(self, files=False):
        """Make due what waits for its next try, and wake the crons.

        What a dead process was sending counts as given up after ten seconds instead of
        two minutes; no request takes longer. Files only have a few tries, so they wait
        unless they are asked for. What becomes due wakes its cron, as that may have
        run too early.
        """
        self.run(MAKE_CRONS_DUE, [] if files else [DOWNLOADS])
        crashed = self.run(
            f"UPDATE messaging_message SET write_date = {NOW} - interval '1 hour'"
            f" WHERE state = 'sending' AND write_date < {NOW} - interval '10 s'"
        )
        for table, cron in QUEUES.items():
            if files or cron != DOWNLOADS:
                due = self._make_due(table)
                if due or (crashed and cron == SENDING):
                    self.run(WAKE, cron)
        self.notify("cron_trigger")

    def _make_due(self, table):
        """Return the number of rows, without those that somebody is working on."""
        return self.run(
            f"UPDATE {table} SET next_try_at = {NOW} WHERE id IN (SELECT id"
            f" FROM {table} WHERE next_try_at > {NOW} FOR UPDATE SKIP LOCKED)"
        )


class Supervisor:
    """Starts a node again when it has ended, as systemd does."""

    def __init__(self, nodes):
        self._nodes = nodes
        self._locks = [threading.Lock() for _ in nodes]
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        self._thread.join(2 * PATIENCE)

    def _watch(self):
        while not self._end.wait(0.3):
            for node, lock in zip(self._nodes, self._locks, strict=True):
                with lock, suppress(Problem, OSError):
                    if node.process.poll() is not None:
                        node.start()

    @contextmanager
    def hands_off(self, node):
        """Leave a node to the block, which stops and starts it itself."""
        with self._locks[self._nodes.index(node)]:
            yield


@dataclass
class Ground:
    """``pairs`` (customer, conversation) write and get replies without a pause.

    To ``spare`` ones only the faults write, by ``queue``. ``random`` is seeded.
    """

    cluster: Cluster
    postgres: PostgresCopy
    supervisor: Supervisor
    random: Random = None
    load: Load = None
    burst: int = 1
    spare: list = ()
    _numbers: Counter = field(default_factory=Counter)

    @property
    def database(self):
        return self.cluster.database

    @property
    def phone(self):
        return self.cluster.phone

    def wait_until_ready(self):
        """Wait until both nodes answer; a campaign begins with sound ones."""
        for node in self.cluster.nodes:
            eventually(node.answers, PATIENCE, f"an answer of {node.log.stem}")

    def node(self):
        return self.random.choice(self.cluster.nodes)

    def seconds(self, least, most):
        time.sleep(self.random.uniform(least, most))

    def persist(self, work, *arguments):
        """Return what a request to Odoo returns, as soon as a node answers it."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return work(*arguments)
            except (httpx.HTTPError, ValueError, Refused):
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def write_account(self, values):
        ids = [self.cluster.account["id"]]
        write = self.cluster.admin.call
        self.persist(write, "messaging.account", "write", ids, values)

    def connect_account(self):
        """Connect the account as a manager does, until it is connected."""
        call, ids = self.cluster.admin.call, [self.cluster.account["id"]]

        def connected():
            self.persist(call, "messaging.account", "action_connect", ids)
            [row] = self.persist(call, "messaging.account", "read", ids, ["state"])
            return row["state"] == "connected"

        eventually(connected, PATIENCE, "connecting")

    def idle_spare(self):
        """Return a spare customer to whom nothing is under way, as soon as one is."""
        customers = self.random.sample(self.spare, len(self.spare))

        def look():
            for customer, conversation in customers:
                if not self.database.rows(UNDER_WAY, conversation["id"]):
                    return customer, conversation
            return None

        return eventually(look, PATIENCE, "a customer to whom nothing is under way")

    def queue(self, customer):
        """Queue a message that only a cron sends; return its text."""
        self._numbers[customer] += 1
        body = f"To {customer}: {self._numbers[customer]}"
        written = Written(body, client_uuid=queue(self.database, body), taken=True)
        self.database.run(WAKE, SENDING)
        self.load.outbound.append(written)
        return body

    def wake_sending(self):
        """Wake the cron that sends. Odoo leaves it out once after three killed ones."""
        self.database.run(WAKE, SENDING)
        self.database.notify("cron_trigger")

    def has_arrived(self, body):
        return self.phone.get("messages", direction="outbound", body=body)["messages"]

    @contextmanager
    def locked(self, conversation):
        """Hold the lock of a conversation, for which the end of a send waits."""
        with closing(psycopg2.connect(dbname=self.database.name)) as connection:
            connection.cursor().execute(
                "SELECT 1 FROM messaging_conversation WHERE id = %s FOR NO KEY UPDATE",
                [conversation["id"]],
            )
            yield


@contextmanager
def hastened(database):
    """Let the time until each next try pass in a second, for the whole block."""
    end = threading.Event()

    def go_on():
        while not end.wait(HASTEN_EVERY):
            database.hasten()

    thread = threading.Thread(target=go_on, daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join(PATIENCE)
