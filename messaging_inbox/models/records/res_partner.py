from odoo import api, fields, models

from ..search.folded_text import folded


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["messaging.phones", "messaging.starting", "res.partner"]

    # The complete name includes the company's.
    _messaging_search_fields = ("complete_name", "email")

    # Suggestions search by phone and by email. With index=True on email_normalized, the
    # index would outlive the addon.
    _messaging_phones_idx = models.Index(
        "USING gin (string_to_array(messaging_phones, ' '))"
    )
    _messaging_email_idx = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
    )
    _messaging_search_idx = models.Index(
        f"USING gin ({folded(*_messaging_search_fields)} gin_trgm_ops,"
        " messaging_phones gin_trgm_ops)"
    )
    messaging_conversation_count = fields.Integer(
        compute="_compute_messaging_conversation_count",
        groups="messaging_inbox.group_messaging_user",
    )

    messaging_opt_out = fields.Text(
        compute="_compute_messaging_opt_out",
        groups="messaging_inbox.group_messaging_user",
        help="How and when the contact opted out of messages, a line per channel.",
    )

    messaging_consent_ids = fields.Many2many(
        "messaging.consent",
        string="Opt-outs and opt-ins",
        compute="_compute_messaging_consents",
        groups="messaging_inbox.group_messaging_user",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_messaging_consents(self):
        consents = self.env["messaging.consent"].search(
            [("conversation_id.partner_id", "in", self.ids)]
        )
        of_partner = consents.grouped(lambda each: each.conversation_id.partner_id)
        for partner in self:
            partner.messaging_consent_ids = of_partner.get(partner._origin, False)

    @api.depends_context("uid", "allowed_company_ids", "lang", "tz")
    def _compute_messaging_opt_out(self):
        conversations = self.env["messaging.conversation"].search(
            [("partner_id", "in", self.ids), ("opted_out", "=", True)]
        )
        by_partner = conversations.grouped("partner_id")
        for partner in self:
            found = by_partner.get(partner._origin, conversations.browse())
            partner.messaging_opt_out = "\n".join(c._opt_out_sentence() for c in found)

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_messaging_conversation_count(self):
        """Count a company's conversations with its contacts', as Odoo counts deals."""
        family = self._fetch_children_partners_for_hierarchy()
        counts = self.env["messaging.conversation"]._counts_by("partner_id", family)
        self.messaging_conversation_count = 0
        for partner in family.filtered(lambda partner: partner.id in counts):
            ancestor = partner
            while ancestor:
                if ancestor in self:
                    ancestor.messaging_conversation_count += counts[partner.id]
                ancestor = ancestor.parent_id

    def unlink(self):
        self.check_access("unlink")
        self.env["messaging.conversation"]._unlink_deleted("partner_id", self)
        return super().unlink()

    def action_messaging_conversations(self):
        """Show the conversations that the smart button counts."""
        self.ensure_one()
        return self.env["messaging.conversation"]._action_of(*self._messaging_link())

    def _messaging_link(self):
        """Return (field, contacts) that lead to the contact's conversations."""
        return "partner_id", self._fetch_children_partners_for_hierarchy()
