from uuid import uuid4

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.client_values import are_ids, expects, is_text


class MessagingConversation(models.Model):
    """Private notes: what colleagues tell each other, and no customer ever reads."""

    _inherit = "messaging.conversation"

    @expects(body=is_text, attachment_ids=are_ids, mention_ids=are_ids)
    def action_note(self, body, attachment_ids=(), mention_ids=(), client_uuid=None):
        """Write a private note and tell those who are mentioned; return its id.

        A repeated ``client_uuid`` returns the same id and writes nothing.
        """
        self.ensure_one()
        self.check_access("write")
        client_uuid = client_uuid or str(uuid4())
        existing = self._already_written(client_uuid)
        if existing:
            return existing.id
        mentioned = self._check_mentioned(mention_ids)
        note = self._create_note(body, attachment_ids, mentioned, client_uuid)
        self.env["messaging.bus"]._changed([self.id], note.ids)
        self._notify_mentioned(mentioned - self.env.user)
        return note.id

    def _check_mentioned(self, mention_ids):
        """Return whom a note mentions; nobody is called to what he may not see."""
        mentioned = self.env["res.users"].browse(set(mention_ids))
        # sudo: messaging.channel - who sees it
        strangers = mentioned - self.sudo().channel_id._users_with_access()
        if strangers:
            raise UserError(
                self.env._(
                    "Only colleagues who have access to the conversation can be"
                    " mentioned."
                )
            )
        return mentioned

    def _create_note(self, body, attachment_ids, mentioned, client_uuid):
        text = (body or "").strip()
        files = self._adopt_files(attachment_ids)
        if not text and not files:
            raise UserError(self.env._("Write something first."))
        # sudo: messaging.message - written by our own code alone
        return (
            self.env["messaging.message"]
            .sudo()
            .create(
                {
                    "conversation_id": self.id,
                    "channel_id": self.sudo().channel_id.id,
                    "direction": "note",
                    "body": text,
                    "author_id": self.env.uid,
                    "client_uuid": client_uuid,
                    "attachment_ids": [fields.Command.set(files.ids)],
                    "data": {"mention_ids": mentioned.ids} if mentioned else None,
                }
            )
        )

    def _notify_mentioned(self, users):
        """Call each in his own language, by Odoo's own notifications.

        The note itself stays where access to it is checked, and where it is deleted.
        """
        # sudo: res.users - language and address of colleagues
        for language, readers in users.sudo().grouped("lang").items():
            conversation = self.with_context(lang=language)
            # sudo: mail.thread - the conversation is no document with followers
            self.env["mail.thread"].sudo().message_notify(
                model=self._name,
                res_id=self.id,
                author_id=self.env.user.partner_id.id,
                partner_ids=readers.partner_id.ids,
                **conversation._mention_texts(),
            )

    def _mention_texts(self):
        values = {"author": self.env.user.name, "customer": self.display_name}
        return {
            "subject": self.env._("%(author)s mentioned you", **values),
            "body": self.env._(
                "%(author)s mentioned you in a private note about %(customer)s.",
                **values,
            ),
        }

    def unlink(self):
        ids = self.ids
        result = super().unlink()
        # sudo: mail.message - what called colleagues to the notes goes with them
        self.env["mail.message"].sudo().search(
            [("model", "=", self._name), ("res_id", "in", ids)]
        ).unlink()
        return result
