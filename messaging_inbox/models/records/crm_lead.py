from odoo import api, fields, models

from ..search.folded_text import folded


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["messaging.phones", "messaging.starting", "crm.lead"]

    # A lead stores its contact's and company's names itself.
    _messaging_search_fields = ("name", "contact_name", "partner_name", "email_from")

    _messaging_phones_idx = models.Index(
        "USING gin (string_to_array(messaging_phones, ' '))"
    )
    _messaging_search_idx = models.Index(
        f"USING gin ({folded(*_messaging_search_fields)} gin_trgm_ops,"
        " messaging_phones gin_trgm_ops)"
    )
    messaging_conversation_count = fields.Integer(
        compute="_compute_messaging_conversation_count",
        groups="messaging_inbox.group_messaging_user",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_messaging_conversation_count(self):
        counts = self.env["messaging.conversation"]._counts_by("lead_id", self)
        for lead in self:
            lead.messaging_conversation_count = counts.get(lead.id, 0)

    def unlink(self):
        self.check_access("unlink")
        self.env["messaging.conversation"]._unlink_deleted("lead_id", self)
        return super().unlink()

    def action_messaging_conversations(self):
        """Show the conversations of this lead or deal that the user may see."""
        self.ensure_one()
        return self.env["messaging.conversation"]._action_of(*self._messaging_link())

    def _messaging_link(self):
        """Return (field, leads) that lead to the lead's conversations."""
        return "lead_id", self

    def _merge_dependences(self, opportunities):
        """Move the links of merged leads to this one."""
        result = super()._merge_dependences(opportunities)
        merged = [("lead_id", "in", opportunities.ids)]
        # sudo: messaging.conversation - also those that the user may not see
        conversations = self.env["messaging.conversation"].sudo().search(merged)
        conversations._store({"lead_id": self.id})
        return result
