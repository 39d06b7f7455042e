"""Publish changes to open inboxes at low cost.

Odoo's own ``_sendone`` creates its rows through the ORM and opens a new connection for
NOTIFY at each commit: together about 11 ms, more than all the rest of a webhook. Here a
transaction collects ids, one query per model reads their values, one INSERT per channel
writes the rows, and NOTIFY uses a connection that stays open. The rows and the NOTIFY
payload are exactly those of ``bus.bus``.

The bus keeps its rows for a day. Deleted and unsent content must leave them at once, so
every row stores which conversations and messages it is about. The caller names them for
rows of the inbox; for Odoo's own rows about a conversation, they come from the payload.
"""

import json
import logging
import os
import select
import threading
import time
from dataclasses import dataclass, field

import psycopg2
from psycopg2.extensions import POLL_OK, POLL_READ

from odoo import api, fields, models
from odoo.sql_db import connection_info_for
from odoo.tools import SQL

from odoo.addons.bus.models.bus import (
    ODOO_NOTIFY_FUNCTION,
    get_notify_payloads,
    json_dump,
)

_logger = logging.getLogger(__name__)

CONVERSATION = "messaging.conversation"
OURS = "inbox"
# Seconds allowed for one attempt to reach the database, and for waiting for the lock.
PATIENCE = 1


class Notifier:
    """One connection per process to the database where Odoo's dispatcher listens.

    The connection is asynchronous, so that each wait has a limit: a half-open
    connection reports no error, and all threads would queue behind its lock.
    """

    def __init__(self):
        self._mutex = threading.Lock()
        self._connection = None
        self._pid = None

    def notify(self, name, payloads):
        """Notify the listeners of a name; reopen a lost connection.

        Raise psycopg2.Error when that takes longer than a few seconds.
        """
        if not self._mutex.acquire(timeout=2 * PATIENCE):
            raise psycopg2.OperationalError("Others wait for the database.")
        try:
            try:
                self._execute(name, payloads)
            except psycopg2.Error:
                self._close()
                self._execute(name, payloads)
        except psycopg2.Error:
            self._close()
            raise
        finally:
            self._mutex.release()

    def _execute(self, name, payloads):
        until = time.monotonic() + PATIENCE
        if self._connection is None or self._pid != os.getpid():
            self._open(until)
        query = f"SELECT {ODOO_NOTIFY_FUNCTION}(%s, %s)"  # noqa: S608
        with self._connection.cursor() as cursor:
            for payload in payloads:
                cursor.execute(query, [name, payload])  # pylint: disable=sql-injection
                self._wait(until)

    def _open(self, until):
        _name, info = connection_info_for("postgres")
        self._connection = psycopg2.connect(**info, async_=True)
        self._pid = os.getpid()
        self._wait(until)

    def _wait(self, until):
        """Wait for the answer, at most until this time of the monotonic clock."""
        while (state := self._connection.poll()) != POLL_OK:
            poller = select.poll()
            event = select.POLLIN if state == POLL_READ else select.POLLOUT
            poller.register(self._connection.fileno(), event)
            left = until - time.monotonic()
            if left <= 0 or not poller.poll(1000 * left):
                raise psycopg2.OperationalError("The database does not answer.")

    def _close(self):
        if self._connection is not None:
            self._connection.close()
        self._connection = None


notifier = Notifier()


@dataclass
class Changes:
    """What a transaction changed: {id: values}, None for values still to be read."""

    conversations: dict = field(default_factory=dict)
    messages: dict = field(default_factory=dict)
    arrived: set = field(default_factory=set)
    assigned: list = field(default_factory=list)
    deleted: set = field(default_factory=set)

    def payload(self, rows, messages):
        """Return the payload for one channel, given its rows and messages."""
        row_ids = {row["id"] for row in rows}
        return {
            "conversations": rows,
            "messages": messages,
            "arrived": [m["id"] for m in messages if m["id"] in self.arrived],
            "assigned": [a for a in self.assigned if a["conversation_id"] in row_ids],
        }


class MessagingBus(models.AbstractModel):
    """Collects the changes of a transaction and publishes them once, on commit."""

    _name = "messaging.bus"
    _description = "Live updates of the messaging inbox"

    @api.model
    def _changed(self, conversation_ids=(), message_ids=(), deleted=()):
        """Collect changes; ``deleted`` are (channel id, epoch, conversation id)."""
        changes = self._changes()
        changes.conversations.update(dict.fromkeys(conversation_ids))
        changes.messages.update(dict.fromkeys(message_ids))
        changes.deleted.update(deleted)

    @api.model
    def _changed_values(self, row, message=None):
        """Collect changes whose values are known, so that they aren't read again."""
        changes = self._changes()
        changes.conversations[row["id"]] = row
        if message:
            changes.messages[message["id"]] = message

    @api.model
    def _arrived(self, message_id):
        """Collect a message that a customer just sent: browsers notify their users."""
        self._changes().arrived.add(message_id)

    @api.model
    def _assigned(self, conversation_ids, user_id, by=None):
        """Collect conversations that the current user assigned to a user.

        ``by`` False: their snooze is over, which nobody caused.
        """
        self._changes().assigned.extend(
            {
                "conversation_id": id_,
                "user_id": user_id,
                "assigned_by": self.env.uid if by is None else by,
            }
            for id_ in conversation_ids
        )

    @api.model
    def _discard_values(self):
        """Forget known values: a savepoint with some of their rows was rolled back."""
        changes = self._changes()
        self._changed(list(changes.conversations), list(changes.messages))

    def _changes(self):
        precommit = self.env.cr.precommit
        if "messaging_inbox.changes" not in precommit.data:
            precommit.data["messaging_inbox.changes"] = Changes()
            precommit.add(self._publish)
        return precommit.data["messaging_inbox.changes"]

    @api.model
    def _forget(self, conversation_ids=(), message_ids=()):
        """Delete all bus rows about what was deleted or unsent; call it afterwards.

        Publish the other subjects of those rows again with their current values.
        """
        self.env.flush_all()
        names = names_of(conversation_ids, message_ids)
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM bus_bus WHERE id IN (
                    SELECT id FROM bus_bus WHERE messaging_about ?| %s
                     ORDER BY id FOR UPDATE)
                RETURNING messaging_about
                """,
                names,
            )
        )
        others = {name for (said,) in rows for name in said} - set(names)
        self._changed(ids_of(others, "conversation"), ids_of(others, "message"))
        # The values collected in this transaction may contain it, too.
        self._discard_values()

    @api.model
    def _publish(self):
        changes = self.env.cr.precommit.data.pop("messaging_inbox.changes")
        self.env.flush_all()
        channels = {}
        for row in self._values("messaging.conversation", changes.conversations):
            key = row["channel_id"], row.pop("access_epoch")
            channels.setdefault(key, ([], []))[0].append(row)
        for message in self._values("messaging.message", changes.messages):
            key = message.pop("channel_id"), message.pop("access_epoch")
            channels.setdefault(key, ([], []))[1].append(message)
        values = [
            (key, "changed", changes.payload(*said), about(*_subjects(*said)))
            for key, said in channels.items()
        ]
        for channel_id, epoch, conversation_id in changes.deleted:
            # Clients that reconnect later need this row: no deletion may remove it.
            payload = {"ids": [conversation_id]}
            values.append(((channel_id, epoch), "deleted", payload, about()))
        self._send(values)

    def _values(self, model, changed):
        """Return the known values, and read the others."""
        unknown = [id_ for id_, values in changed.items() if values is None]
        known = [values for values in changed.values() if values is not None]
        return known + self.env[model]._inbox_values(unknown)

    @api.model
    def _send(self, values):
        """Write bus rows from tuples ((channel id, epoch), kind, payload, about).

        ``about`` names the conversations and messages that the payload mentions.
        """
        if not values:
            return
        rows, targets = [], set()
        for (channel_id, epoch), kind, payload, subjects in values:
            target = (
                self.env.cr.dbname,
                "messaging.channel",
                channel_id,
                f"inbox-{epoch}",
            )
            targets.add(target)
            message = {"type": f"messaging_inbox/{kind}", "payload": payload}
            row = json_dump(target), json_dump(message), json_dump(subjects)
            rows.append(SQL("%s", row))
        self.env.execute_query(
            SQL(
                "INSERT INTO bus_bus"
                " (channel, message, messaging_about, create_date, write_date)"
                " SELECT v.channel, v.message, v.about::jsonb, n.now, n.now"
                " FROM (VALUES %s) AS v (channel, message, about),"
                " (SELECT now() AT TIME ZONE 'UTC' AS now) AS n RETURNING id",
                SQL(", ").join(rows),
            )
        )
        self.env.cr.postcommit.add(lambda: _notify(list(targets)))

    @api.model
    def _wake_cron(self, xmlid, joins=False):
        """Trigger a cron after the commit, at a tenth of the cost of ``_trigger()``.

        With ``joins``, reuse a pending trigger and lock it: the run then starts after
        this transaction, which must be short, and sees its changes.
        """
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id(xmlid)
        # Whole seconds: a run consumes the triggers up to its own second.
        now = SQL("date_trunc('second', clock_timestamp() AT TIME ZONE 'UTC')")
        waiting = SQL(
            "SELECT FROM ir_cron_trigger WHERE cron_id = %s AND call_at <= %s"
            " LIMIT 1 FOR KEY SHARE SKIP LOCKED",
            cron_id,
            now,
        )
        called = self.env.execute_query(
            SQL(
                "WITH waiting AS (%s) INSERT INTO ir_cron_trigger (cron_id, call_at)"
                " SELECT %s, %s WHERE NOT EXISTS (SELECT FROM waiting) RETURNING id",
                waiting if joins else SQL("SELECT WHERE FALSE"),
                cron_id,
                now,
            )
        )
        if called:
            dbname = self.env.cr.dbname
            self.env.cr.postcommit.add(lambda: wake_cron(dbname))


class BusBus(models.Model):
    _inherit = "bus.bus"

    messaging_about = fields.Json(
        help="The conversations and messages that this row is about. Empty for rows"
        " unrelated to the inbox."
    )

    _messaging_about_idx = models.Index(
        "USING gin (messaging_about) WHERE messaging_about IS NOT NULL"
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.setdefault("messaging_about", _about(vals.get("message") or ""))
        return super().create(vals_list)


def about(conversation_ids=(), message_ids=()):
    """Return the column's value for a row of the inbox, even without subjects."""
    return [OURS, *names_of(conversation_ids, message_ids)]


def names_of(conversation_ids=(), message_ids=()):
    """Return the names under which rows about these records are found."""
    return [
        *(f"conversation:{id_}" for id_ in sorted(set(conversation_ids))),
        *(f"message:{id_}" for id_ in sorted(set(message_ids))),
    ]


def ids_of(names, kind):
    """Return the ids of one kind, ``conversation`` or ``message``, among names."""
    pairs = (name.partition(":") for name in names)
    return [int(id_) for word, _colon, id_ in pairs if word == kind]


def _about(message):
    """Return the subjects of a row created through the ORM, None if unrelated to us."""
    if "messaging" not in message:
        return None
    said = json.loads(message)
    if not isinstance(said, dict):
        return None
    payload = said.get("payload")
    if str(said.get("type")).startswith("messaging_inbox/"):
        return about(_ids_in(payload, "conversation_id"))
    records = [*_records_in(payload)]
    ids = (id_ for model, id_ in records if model == CONVERSATION)
    return about(ids) if records else None


def _ids_in(payload, name):
    id_ = payload.get(name) if isinstance(payload, dict) else None
    return [id_] if id_ else []


def _records_in(payload):
    """Yield (model, id) of our records that a payload names, however deep."""
    if isinstance(payload, list):
        for each in payload:
            yield from _records_in(each)
    elif isinstance(payload, dict):
        model = payload.get("model")
        if isinstance(model, str) and model.startswith("messaging."):
            ids = (payload.get(name) for name in ("id", "res_id"))
            yield from ((model, id_) for id_ in ids if type(id_) is int)
        for each in payload.values():
            yield from _records_in(each)


def _subjects(rows, messages):
    """Return the ids of the conversations and of the messages that a payload shows.

    A conversation's row shows the start of its last message; a message shows the start
    of the message that it quotes.
    """
    conversations = {row["id"] for row in rows}
    conversations |= {message["conversation_id"] for message in messages}
    shown = {row["seq"] for row in rows} | {message["id"] for message in messages}
    shown |= {message["reply_to"]["id"] for message in messages if message["reply_to"]}
    return conversations, shown


def _notify(targets):
    _wake("imbus", get_notify_payloads(targets))


def wake_cron(dbname):
    """Wake the workers of scheduled actions, as ``ir.cron._notifydb()`` does."""
    _wake("cron_trigger", [dbname])


def _wake(name, payloads):
    try:
        notifier.notify(name, payloads)
    except psycopg2.Error:
        # The change is committed: listeners find it with the next notification.
        _logger.exception("NOTIFY on %s failed", name)
