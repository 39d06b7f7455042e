"""How the dialog that starts a conversation is opened."""

from odoo import api, models
from odoo.exceptions import UserError

from .links import LINKS

FIELDS = {model: field for field, model in LINKS.items()}


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    @api.model
    def _starting_session(self):
        """Return what the screen must know before the dialog is opened.

        {"kinds": [str], "replaces_sms": bool}: the kinds of channels on which the user
        may write first, and whether Odoo's SMS buttons open the dialog.
        """
        channels = self._channels_to_start()
        sms = channels.filtered(lambda channel: channel.kind == "sms")
        return {
            "kinds": sorted(set(channels.mapped("kind"))),
            "replaces_sms": any(sms.company_id.mapped("messaging_sms_button")),
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
            "params": {FIELDS[record._name]: record.id},
        }
