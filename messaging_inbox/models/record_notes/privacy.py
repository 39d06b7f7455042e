from odoo import models


class MessagingConversation(models.Model):
    """The notes of a person who is erased are deleted, also those that users edited."""

    _inherit = "messaging.conversation"

    def _before_person_erase(self):
        super()._before_person_erase()
        # sudo: messaging.conversation - notes belong to our own code
        windows = self.sudo().note_window_ids
        copies = [id_ for window in windows for id_ in (window.copies or {}).values()]
        # sudo: ir.attachment - our own copies, on any record
        self.env["ir.attachment"].sudo().browse(copies).exists().unlink()
        windows.mail_message_id.unlink()
        windows.unlink()
