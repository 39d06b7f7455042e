import json
import logging
import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.orm.models import NO_ACCESS

from ..providers.errors import InvalidPayload
from ..providers.events import WebhookRequest

_logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 20
BATCH = 50
# A status that nobody claims after this long is of a message sent elsewhere.
PARKED_FOR = timedelta(days=1)
# What came too early for a message that was just being sent is no older than this.
EARLY = timedelta(minutes=2)


class MessagingReceipt(models.Model):
    """A verified webhook request that we could not digest, kept until we can."""

    _name = "messaging.receipt"
    _description = "Messaging receipt"
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
            ("handshake", "Question whether we are here"),
        ],
        required=True,
        default="request",
    )
    error = fields.Char(readonly=True)
    attempts = fields.Integer(readonly=True)
    body_stored = fields.Text(groups=NO_ACCESS)
    body = fields.Text(
        compute="_compute_body",
        help="What the provider posted: for the installer only.",
    )

    _failed_idx = models.Index("(id) WHERE state = 'failed'")

    @api.depends("body_stored")
    @api.depends_context("uid")
    def _compute_body(self):
        for receipt in self:
            # sudo: messaging.receipt - shown to the installer, hidden from all others
            stored = receipt.sudo()
            mine = stored.account_id.installer_id == self.env.user
            receipt.body = stored.body_stored if mine or self.env.su else False

    @api.model
    def _keep(self, account_id, request, error, kind="request"):
        """Store a verified request with the reason why it can't be digested now."""
        _logger.info("Account %s: request kept as a receipt: %s", account_id, error)
        # sudo: messaging.receipt - written by our own code alone
        return self.sudo().create(
            {
                "account_id": account_id,
                "kind": kind,
                "error": str(error)[:500],
                "body_stored": _dump(request),
            }
        )

    @api.model
    def _wake_replay(self):
        """Look soon at what came too early: often the missing part is there by then."""
        self.env["messaging.bus"]._wake_cron("messaging_inbox.ir_cron_replay_receipts")

    @api.model
    def _message_settled(self, account):
        """Look again at what came too early, now that one more message is known."""
        recently = fields.Datetime.now() - EARLY
        domain = [
            ("account_id", "=", account.id),
            ("state", "=", "failed"),
            ("kind", "=", "status"),
            ("create_date", ">", recently),
        ]
        if self.search_count(domain, limit=1):
            self._wake_replay()

    @api.model
    def _keep_handshake(self, account_id):
        """Remember that the provider has found our address, once.

        In a row of its own: whoever connects is about to write the account's.
        """
        handshake = {"account_id": account_id, "kind": "handshake", "state": "done"}
        domain = [(name, "=", value) for name, value in handshake.items()]
        if not self.sudo().search_count(domain, limit=1):
            # sudo: messaging.receipt - written by our own code alone
            self.sudo().create(handshake)

    def action_replay(self):
        """Digest the request again; what went through before dies as a duplicate."""
        manager = self.env.user.has_group("messaging_inbox.group_messaging_manager")
        system = self.env.user.has_group("base.group_system")
        for receipt in self:
            receipt.check_access("read")
            # sudo: messaging.account - who installed it doesn't depend on who asks
            installer = receipt.account_id.sudo().installer_id
            if not (manager or system or installer == self.env.user):
                raise AccessError(self.env._("Only managers can replay a receipt."))
        # sudo: messaging.receipt - ingest works without a user; checked above
        for receipt in self.sudo().filtered(lambda receipt: receipt.state == "failed"):
            receipt._replay()
        return True

    def _replay(self):
        self.ensure_one()
        self.attempts += 1
        provider = self.account_id._provider()
        request = _load(self.body_stored)
        try:
            events = provider.parse(request)
        except InvalidPayload as error:
            self.error = str(error)[:500]
            return
        # Nobody is told of it as of something that happens now.
        ingest = self.env["messaging.ingest"].with_context(messaging_replay=True)
        failures = ingest._ingest(self.account_id.id, events)
        if failures:
            self.error = failures[0].error[:500]
        else:
            self.write({"state": "done", "body_stored": False, "error": False})

    @api.model
    def _cron_replay(self):
        self._forget_parked()
        receipts = self.search(
            [("state", "=", "failed"), ("attempts", "<", MAX_ATTEMPTS)],
            order="attempts, id",
            limit=BATCH,
        )
        for receipt in receipts:
            try:
                with self.env.cr.savepoint():
                    receipt._replay()
            except Exception as error:
                # One bad row must not stop the others.
                _logger.exception("Replaying receipt %s failed", receipt.id)
                sentence = self.env["messaging.ingest"]._fault_sentence(error)
                receipt.write({"attempts": receipt.attempts + 1, "error": sentence})
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _forget_conversations(self, conversations):
        """Empty the bodies that speak of customers whose conversations are deleted."""
        for identity in conversations.identity_ids:
            name = identity.external_id.lstrip("+")
            self._forget_naming(identity.channel_id.account_id, name)

    @api.model
    def _forget_message(self, message):
        """Empty the bodies that hold a message whose content must go."""
        if message.provider_message_id:
            account = message.channel_id.account_id
            self._forget_naming(account, message.provider_message_id)

    def _forget_naming(self, account, name):
        # sudo: messaging.receipt - what must go goes, whoever asks
        receipts = self.sudo().search(
            [
                ("account_id", "=", account.id),
                ("state", "=", "failed"),
                ("body_stored", "like", name),
            ]
        )
        # Whole ids only: a short number is part of many longer ones.
        whole = re.compile(rf"(?<![0-9A-Za-z]){re.escape(name)}(?![0-9A-Za-z])")
        receipts.filtered(lambda receipt: whole.search(receipt.body_stored)).write(
            {"state": "done", "body_stored": False}
        )

    @api.model
    def _forget_parked(self):
        parked = self.search(
            [
                ("state", "=", "failed"),
                ("kind", "=", "status"),
                ("create_date", "<", fields.Datetime.now() - PARKED_FOR),
            ]
        )
        parked.write({"state": "done", "body_stored": False})


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
