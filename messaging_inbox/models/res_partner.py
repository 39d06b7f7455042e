from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    # Suggestions look for contacts by both, as Odoo does for leads with an index.
    phone_sanitized = fields.Char(index="btree_not_null")
    email_normalized = fields.Char(index="btree_not_null")
    messaging_conversation_count = fields.Integer(
        compute="_compute_messaging_conversation_count",
        groups="messaging_inbox.group_messaging_user",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_messaging_conversation_count(self):
        counts = self.env["messaging.conversation"]._counts_by("partner_id", self)
        for partner in self:
            partner.messaging_conversation_count = counts.get(partner.id, 0)

    def action_messaging_conversations(self):
        """Show the conversations of this contact that the user may see."""
        return self.env["messaging.conversation"]._action_of("partner_id", self)
