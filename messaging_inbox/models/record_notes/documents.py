from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    def _files_to_offer(self):
        """Leave out the notes' copies of what was sent in conversations."""
        return super()._files_to_offer() & Domain.custom(to_sql=_is_in_no_note)


def _is_in_no_note(_model, alias, _query):
    return SQL(
        "NOT EXISTS (SELECT FROM message_attachment_rel rel"
        " JOIN messaging_note_window w ON w.mail_message_id = rel.message_id"
        " WHERE rel.attachment_id = %s)",
        SQL.identifier(alias, "id"),
    )
