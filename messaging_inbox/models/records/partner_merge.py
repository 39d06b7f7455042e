from odoo import api, models


# A wizard of Odoo's, which does a thing to our records; we have none of our own.
class MergePartnerAutomatic(models.TransientModel):  # pylint: disable=no-wizard-in-models
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Tell open inboxes where links went: Odoo moves them by SQL, past us."""
        # sudo: messaging.conversation - linked by whomever, seen or not
        linked = self.env["messaging.conversation"].sudo()
        linked = linked.search([("partner_id", "in", src_partners.ids)])
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env["messaging.bus"]._changed(linked.ids)
        return result
