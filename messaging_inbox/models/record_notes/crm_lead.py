from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_dependences(self, opportunities):
        """Carry the notes along: Odoo moves their messages by itself."""
        result = super()._merge_dependences(opportunities)
        # sudo: messaging.note.window - hidden ones move too
        windows = self.env["messaging.note.window"].sudo()
        merged = windows.search([("lead_id", "in", opportunities.ids)])
        merged.write({"lead_id": self.id})
        return result
