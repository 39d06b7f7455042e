from odoo import api, models


# This extends a wizard of Odoo's; the addon has none of its own.
class MergePartnerAutomatic(models.TransientModel):  # pylint: disable=no-wizard-in-models
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Publish the changed links to open inboxes: Odoo moves them by SQL."""
        # sudo: messaging.conversation - also those that the user may not see
        linked = self.env["messaging.conversation"].sudo()
        linked = linked.search([("partner_id", "in", src_partners.ids)])
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env["messaging.bus"]._changed(linked.ids)
        return result
