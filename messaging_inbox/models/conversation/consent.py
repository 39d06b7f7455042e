"""The proof of each opt-out and opt-in: who said what, where and when.

A conversation's own fields say whether its customer is opted out now. A row of this
model records one change and is read-only. It stays when its conversation is deleted,
with a keyed hash in place of the customer: a search for the number still finds it.
"""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import hmac

from .opt_out import SOURCES

# Longer words may say more than that somebody opted out.
LONGEST_KEYWORD = 20


class MessagingConsent(models.Model):
    _name = "messaging.consent"
    _description = "Opt-out or opt-in"
    _order = "id desc"
    _rec_name = "happened_at"

    conversation_id = fields.Many2one(
        "messaging.conversation", ondelete="set null", index="btree_not_null"
    )
    channel_id = fields.Many2one(
        "messaging.channel", ondelete="set null", index="btree_not_null"
    )
    channel_name = fields.Char(help="As it was then, with its address.")
    kind = fields.Selection([("out", "Opt-out"), ("in", "Opt-in")], required=True)
    source = fields.Selection(SOURCES, string="How")
    happened_at = fields.Datetime(string="When", required=True)
    customer = fields.Char(help="The number or id. Empty once it was erased.")
    customer_hash = fields.Char(index=True)
    user_id = fields.Many2one(
        "res.users", string="Recorded by", ondelete="set null", index="btree_not_null"
    )
    user_name = fields.Char(string="Name of who recorded it")
    words = fields.Text(help="What the customer wrote, or what the user recorded.")
    message_reference = fields.Char(
        string="Id at the provider",
        help="Of the customer's message. Its hash, once the customer was erased.",
    )
    erased_at = fields.Datetime(
        string="Customer erased on",
        help="When everything but the proof was deleted.",
    )
    number = fields.Char(
        compute="_compute_number",
        search="_search_number",
        help="Finds the number of a customer, also of one that was erased.",
    )

    @api.depends("customer")
    def _compute_number(self):
        for consent in self:
            consent.number = consent.customer

    def _search_number(self, operator, value):
        """Search for a whole number or id."""
        if operator != "in":
            return NotImplemented
        hashes = [self._hash(each) for each in value if each]
        return Domain("customer_hash", "in", hashes)

    @api.model
    def _hash(self, customer):
        # sudo: ir.config_parameter - the database's secret, as the key
        return hmac(self.env(su=True), "messaging_inbox.consent", customer)

    @api.model
    def _keep(self, conversations, kind, source, message_id=False, words=None):
        """Record that these customers opted out or in; ``message_id`` says it."""
        message = self.env["messaging.message"].browse(message_id or ())
        user = self.env.user if source == "agent" else self.env["res.users"]
        self.create(
            [
                {
                    "conversation_id": conversation.id,
                    "channel_id": conversation.channel_id.id,
                    "channel_name": conversation.channel_id._name_with_address(),
                    "kind": kind,
                    "source": source,
                    "happened_at": message.sent_at or fields.Datetime.now(),
                    "customer": conversation._customer_id(),
                    "customer_hash": self._hash(conversation._customer_id()),
                    "user_id": user.id,
                    "user_name": user.name,
                    "words": message.body or words,
                    "message_reference": message.provider_message_id,
                }
                for conversation in conversations
            ]
        )

    @api.model
    def _reduce_to_proof(self, conversations):
        """Delete what isn't needed to prove an opt-out, before a deletion."""
        self.flush_model()
        hash_of = self.env["messaging.tombstone"]._hash
        for consent in self.search([("conversation_id", "in", conversations.ids)]):
            reference, words = consent.message_reference, consent.words or ""
            is_keyword = reference and len(words) <= LONGEST_KEYWORD
            consent.write(
                {
                    "customer": False,
                    "words": is_keyword and words,
                    "message_reference": reference
                    and hash_of(consent.channel_id.id, reference),
                    "erased_at": fields.Datetime.now(),
                }
            )


class MessagingChannel(models.Model):
    _inherit = "messaging.channel"

    def _name_with_address(self):
        return f"{self.name} ({self.kind} {self.address})"


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    consent_ids = fields.One2many(
        "messaging.consent",
        "conversation_id",
        string="Opt-outs and opt-ins",
        readonly=True,
    )

    def _customer_id(self):
        """Return the number or id by which the channel knows the customer."""
        return self._recipient().external_id or self.contact_phone or ""

    def _before_unlink(self):
        super()._before_unlink()
        # sudo: messaging.consent - only our own code writes it
        self.env["messaging.consent"].sudo()._reduce_to_proof(self)
