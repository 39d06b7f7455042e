import json
import logging
import re
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.orm.models import NO_ACCESS
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...providers.errors import InvalidPayload
from ...providers.events import WebhookRequest
from ...tools import work_queue
from ...tools.transactions import commit, undone_on_failure
from ...tools.watched import log_event

_logger = logging.getLogger(__name__)

MINUTE, HOUR, DAY = 60, 3600, 86400
# Seconds to wait after each attempt; after the last one, the request is given up.
RETRY_DELAYS = [30, 2 * MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, *[DAY] * 2, *[2 * DAY] * 5]
# After a conflict with another transaction, which costs no attempt.
CONFLICT_DELAY = timedelta(seconds=5)
# Seconds that processing one request may take.
LONGEST = 5
# A user's request replays at most this many itself.
AT_ONCE = 20
# A status still unmatched after this time is about a message sent elsewhere.
PARKED_FOR = timedelta(days=1)
# An event that overtook a message being sent is no older than this.
EARLY = timedelta(minutes=2)


class MessagingReceipt(models.Model):
    """A verified webhook request that failed, stored until it can be processed."""

    _name = "messaging.receipt"
    _description = "Failed webhook"
    _order = "id desc"
    _rec_name = "error"

    account_id = fields.Many2one(
        "messaging.account", required=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(
        [("failed", "Failed"), ("done", "Done")], required=True, default="failed"
    )
    kind = fields.Selection(
        [
            ("request", "Request"),
            ("status", "About an unknown message"),
            ("handshake", "Webhook verification"),
        ],
        required=True,
        default="request",
    )
    error = fields.Char(readonly=True)
    attempts = fields.Integer(readonly=True)
    next_try_at = fields.Datetime(
        string="Next try",
        readonly=True,
        default=fields.Datetime.now,
        help="When it is replayed automatically. Empty after the last attempt.",
    )
    body_stored = fields.Text(groups=NO_ACCESS)
    awaited = fields.Json(
        groups=NO_ACCESS,
        help="Ids of the messages and customers that an early status waits for.",
    )
    body = fields.Text(
        compute="_compute_body",
        help="The provider's request. Only the installer can read it.",
    )

    _due_idx = models.Index("(next_try_at) WHERE state = 'failed'")

    @api.depends("body_stored")
    @api.depends_context("uid")
    def _compute_body(self):
        for receipt in self:
            # sudo: messaging.receipt - shown only to the installer, checked below
            stored = receipt.sudo()
            mine = stored.account_id.installer_id == self.env.user
            receipt.body = stored.body_stored if mine or self.env.su else False

    @api.model
    def _keep(self, account_id, request, error, kind="request", awaited=()):
        """Store a verified request and the reason why it can't be processed now."""
        # sudo: messaging.receipt - written by our own code alone
        receipt = self.sudo().create(
            {
                "account_id": account_id,
                "kind": kind,
                "error": str(error)[:500],
                "body_stored": _dump(request),
                "awaited": sorted(awaited),
            }
        )
        # An early status is usual, and soon done. The reason may name a customer.
        level = logging.INFO if kind == "status" else logging.WARNING
        facts = {"account": account_id, "receipt": receipt.id, "kind": kind}
        log_event("webhook_failed", level, **facts)
        return receipt

    @api.model
    def _wake_replay(self):
        """Replay soon: what an early event waits for often arrives within seconds."""
        self.env["messaging.bus"]._wake_cron("messaging_inbox.ir_cron_replay_receipts")

    @api.model
    def _messages_settled(self, messages):
        """Make due the early statuses about these messages, which are known now."""
        by_account = messages.grouped(lambda message: message.channel_id.account_id)
        for account, known in by_account.items():
            customers = known.conversation_id.identity_ids.mapped("external_id")
            references = [f"{each.client_uuid}.{each.part}" for each in known]
            self._make_due(
                SQL(
                    "account_id = %s AND kind = 'status' AND awaited ?| %s"
                    " AND create_date > %s",
                    account.id,
                    [*known.mapped("provider_message_id"), *references, *customers],
                    fields.Datetime.now() - EARLY,
                )
            )

    @api.model
    def _channels_changed(self, accounts):
        """Make due the accounts' failed requests, which may be for a new channel."""
        self._make_due(SQL("account_id = ANY(%s) AND kind = 'request'", accounts.ids))

    @api.model
    def _make_due(self, condition):
        """Replay the failed webhooks that match ``condition``, also those given up.

        Wait for those that are being replayed: that replay may not know yet what the
        caller is about to commit.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "UPDATE messaging_receipt SET next_try_at = %s WHERE id IN ("
                "SELECT id FROM messaging_receipt WHERE state = 'failed' AND %s"
                " ORDER BY id FOR NO KEY UPDATE) RETURNING id",
                fields.Datetime.now(),
                condition,
            )
        )
        if rows:
            self.browse(row[0] for row in rows).invalidate_recordset(["next_try_at"])
            self._wake_replay()

    @api.model
    def _keep_handshake(self, account_id):
        """Record, once, that the provider has verified the webhook address.

        Use a separate row: connecting is about to write the account's.
        """
        handshake = {"account_id": account_id, "kind": "handshake", "state": "done"}
        domain = [(name, "=", value) for name, value in handshake.items()]
        if not self.sudo().search_count(domain, limit=1):
            # sudo: messaging.receipt - written by our own code alone
            self.sudo().create(handshake)

    def action_replay(self):
        """Process the requests again; events processed before are duplicates.

        Many are left to the cron. Raise an AccessError unless the user is a manager or
        the installer.
        """
        manager = self.env.user.has_group("messaging_inbox.group_messaging_manager")
        system = self.env.user.has_group("base.group_system")
        for receipt in self:
            receipt.check_access("read")
            # sudo: messaging.account - only reads the installer
            installer = receipt.account_id.sudo().installer_id
            if not (manager or system or installer == self.env.user):
                raise AccessError(
                    self.env._("Only managers can replay a failed webhook.")
                )
        # sudo: messaging.receipt - ingest runs without a user; access checked above
        failed = self.sudo().filtered(lambda receipt: receipt.state == "failed")
        if len(failed) > AT_ONCE:
            failed._make_due(SQL("id = ANY(%s)", failed.ids))
            return failed.account_id[:1]._notification(
                self.env._(
                    "%(number)s failed webhooks are being replayed.", number=len(failed)
                ),
                "success",
            )
        for receipt in failed:
            receipt._replay()
            receipt.attempts += 1
        return True

    def _replay(self):
        """Process one request again and store the outcome."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                error = self._process()
                if not self._lock_failed():
                    raise RequestDeleted
        except RequestDeleted:
            self.env["messaging.bus"]._discard_values()
            return
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as failure:
            # One bad row must not stop the others.
            _logger.exception("Replaying failed webhook %s failed again", self.id)
            self.env["messaging.bus"]._discard_values()
            error = self.env["messaging.ingest"]._internal_error_sentence(failure)
        if error:
            self.error = error[:500]
            if not self.next_try_at:
                facts = {"account": self.account_id.id, "receipt": self.id}
                log_event("webhook_given_up", **facts)
        else:
            self._done()

    def _process(self):
        """Return why the request still can't be processed, or None."""
        provider = self.account_id._provider()
        try:
            events = provider.parse(_load(self.body_stored))
        except InvalidPayload as error:
            return str(error)
        # A replayed message must not notify users as if it were new.
        ingest = self.env["messaging.ingest"].with_context(messaging_replay=True)
        failures = ingest._ingest(self.account_id.id, events)
        return failures[0].error if failures else None

    def _lock_failed(self):
        """Lock the row; return whether it is still failed.

        Called after processing, since the customer may be deleted meanwhile. A deletion
        locks conversations first, too.
        """
        query = "SELECT state FROM messaging_receipt WHERE id = %s FOR NO KEY UPDATE"
        rows = self.env.execute_query(SQL(query, self.id))
        return rows == [("failed",)]

    def _done(self):
        """Set the state to done and delete the stored request."""
        self.write(
            {"state": "done", "body_stored": False, "awaited": False, "error": False}
        )

    @api.model
    def _cron_replay(self):
        self._forget_parked()
        done = work_queue.run(self._replay_next, LONGEST)
        if done and self._next_due():
            self._wake_replay()
        self.env["ir.cron"]._commit_progress(done)

    @api.model
    def _replay_next(self):
        """Replay one due receipt; return False if none is due."""
        find = partial(self._next_due, lock=True)
        receipt, attempts = work_queue.claim(
            self.env, find, lambda row: row._count_attempt()
        )
        if not receipt:
            return False
        try:
            with undone_on_failure(self.env.cr):
                receipt._replay()
                self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Not the receipt's fault: don't count the attempt.
            soon = fields.Datetime.now() + CONFLICT_DELAY
            receipt.write({"attempts": attempts - 1, "next_try_at": soon})
            receipt._trigger_replay()
        commit(self.env)
        return True

    def _count_attempt(self):
        attempts = self.attempts + 1
        self.write({"attempts": attempts, "next_try_at": _next_try(attempts)})
        if self.next_try_at:
            self._trigger_replay()
        return attempts

    def _trigger_replay(self):
        cron = self.env.ref("messaging_inbox.ir_cron_replay_receipts")
        cron._trigger(self.next_try_at)

    @api.model
    def _next_due(self, lock=False):
        """Return the receipt that has been due the longest."""
        query = SQL(
            "SELECT q.id FROM messaging_receipt q"
            " WHERE q.state = 'failed' AND q.next_try_at <= %s"
            " ORDER BY q.next_try_at, q.id LIMIT 1",
            fields.Datetime.now(),
        )
        receipt = work_queue.due(self, query, lock)
        self.env.invalidate_all()
        return receipt

    @api.model
    def _forget_conversations(self, conversations):
        """Delete the stored requests that name customers of deleted conversations."""
        for identity in conversations.identity_ids:
            name = identity.external_id.lstrip("+")
            self._forget_naming(identity.channel_id.account_id, name)

    @api.model
    def _forget_message(self, message):
        """Delete the stored requests that contain an unsent message."""
        if message.provider_message_id:
            account = message.channel_id.account_id
            self._forget_naming(account, message.provider_message_id)

    def _forget_naming(self, account, name):
        # sudo: messaging.receipt - deleted whatever the user's access
        receipts = self.sudo()
        receipts.flush_model()
        query = SQL(
            "SELECT id FROM messaging_receipt WHERE account_id = %s"
            " AND state = 'failed' AND body_stored ~* %s ORDER BY id",
            account.id,
            _pattern_of(name),
        )
        rows = self.env.execute_query(query)
        receipts.browse([row[0] for row in rows])._done()

    @api.model
    def _forget_parked(self):
        parked = self.search(
            [
                ("state", "=", "failed"),
                ("kind", "=", "status"),
                ("create_date", "<", fields.Datetime.now() - PARKED_FOR),
            ]
        )
        parked._done()


class RequestDeleted(Exception):
    """The stored request was deleted while it was being replayed."""


def _next_try(attempts):
    """Return when to try again after ``attempts``; False once it is given up."""
    if attempts > len(RETRY_DELAYS):
        return False
    delay = timedelta(seconds=RETRY_DELAYS[attempts - 1])
    return fields.Datetime.now() + delay


def _pattern_of(name):
    """Return a regular expression for an id in JSON, where characters may be escaped.

    It matches whole ids only, since a short number is part of many longer ones. The
    stored body is JSON within JSON, so backslashes may be doubled.
    """
    spelled = "".join(rf"(?:\\*{re.escape(char)}|\\+u{ord(char):04x})" for char in name)
    return rf"(?<![0-9A-Za-z]){spelled}(?![0-9A-Za-z])"


def _dump(request):
    return json.dumps(
        {
            "method": request.method,
            "query": list(request.query),
            "form": list(request.form),
            "body": request.body.decode("utf-8", "replace"),
        }
    )


def _load(text):
    stored = json.loads(text)
    return WebhookRequest(
        method=stored["method"],
        urls=(),
        query=tuple(map(tuple, stored["query"])),
        form=tuple(map(tuple, stored["form"])),
        body=stored["body"].encode(),
    )
