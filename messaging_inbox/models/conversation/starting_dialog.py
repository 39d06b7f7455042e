"""How the dialog that starts a conversation is opened."""

from odoo import api, models
from odoo.exceptions import UserError

LINKS = {"res.partner": "partner_id", "crm.lead": "lead_id"}


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    @api.model
    def _starting_session(self):
        """Return what the screen must know before anybody opens the dialog.

        {"kinds": [str], "replaces_sms": bool}: the kinds of channels on which the user
        may write first, and whether Odoo's SMS buttons open the dialog.
        """
        channels = self.start_options()["channels"]
        sms = [channel["id"] for channel in channels if channel["kind"] == "sms"]
        # sudo: messaging.channel - only a setting of the companies of these channels
        companies = self.env["messaging.channel"].sudo().browse(sms).company_id
        return {
            "kinds": sorted({channel["kind"] for channel in channels}),
            "replaces_sms": any(companies.mapped("messaging_sms_button")),
        }

    @api.model
    def _action_start(self, record):
        """Return the action that opens the dialog for one contact, lead or deal.

        Raise UserError if there are several: the inbox sends no mass mailings.
        """
        if len(record) != 1:
            raise UserError(
                self.env._(
                    "Choose exactly one record: the inbox writes to customers one by"
                    " one."
                )
            )
        record.check_access("read")
        return {
            "type": "ir.actions.client",
            "tag": "messaging_inbox.start",
            "params": {LINKS[record._name]: record.id},
        }
