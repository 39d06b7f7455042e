from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_dependences(self, opportunities):
        """Move the note windows; Odoo moves the notes themselves."""
        result = super()._merge_dependences(opportunities)
        # sudo: messaging.note.window - also those that the user may not see
        windows = self.env["messaging.note.window"].sudo()
        merged = windows.search([("lead_id", "in", opportunities.ids)])
        merged.write({"lead_id": self.id})
        return result
