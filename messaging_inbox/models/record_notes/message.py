from odoo import models


class MessagingMessage(models.Model):
    """Changes of a message reach the notes that show it."""

    _inherit = "messaging.message"

    def _after_display_change(self):
        super()._after_display_change()
        self.env["messaging.note.window"]._mark_stale(self)

    def _before_files_delete(self):
        super()._before_files_delete()
        self.env["messaging.note.window"]._forget_files(self)
