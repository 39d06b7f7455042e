from odoo import fields, models


class ResUsersSettings(models.Model):
    _inherit = "res.users.settings"

    messaging_take_on_reply = fields.Boolean("Assign to me what I answer")


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    def _take_on_reply(self):
        """Assign an unassigned conversation to its writer, if that is their choice.

        The reply goes even if they can't be the assignee.
        """
        if self.user_id or not self._takes_on_reply():
            return
        if self.env.user.messaging_available:
            self._attempt_write({"user_id": self.env.uid})

    def _takes_on_reply(self):
        mine = [("user_id", "=", self.env.uid), ("messaging_take_on_reply", "=", True)]
        return bool(self.env["res.users.settings"].search_count(mine, limit=1))
