from uuid import uuid4

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.client_values import are_ids, expects, is_text


class MessagingConversation(models.Model):
    """Private notes between colleagues, which are never sent to customers."""

    _inherit = "messaging.conversation"

    @expects(body=is_text, attachment_ids=are_ids, mention_ids=are_ids)
    def action_note(self, body, attachment_ids=(), mention_ids=(), client_uuid=None):
        """Write a private note, notify mentioned users, and return the note's id.

        A repeated ``client_uuid`` returns the existing id and writes nothing. Raise
        UserError for an empty note, and for mentioned users without access.
        """
        self.ensure_one()
        self.check_access("write")
        client_uuid = client_uuid or str(uuid4())
        existing = self._already_written(client_uuid)
        if existing:
            return existing.id
        self._check_not_blank()
        mentioned = self._check_mentioned(mention_ids)
        note = self._create_note(body, attachment_ids, mentioned, client_uuid)
        self.env["messaging.bus"]._changed([self.id], note.ids)
        others = mentioned - self.env.user
        self._set_mention(others, note)
        self._notify_users(others, lambda conversation: conversation._mention_texts())
        return note.id

    def _check_mentioned(self, mention_ids):
        """Return the mentioned users; refuse users without access."""
        mentioned = self.env["res.users"].browse(set(mention_ids))
        # sudo: messaging.channel - the users with access to it
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
        # sudo: messaging.message - users can't create messages directly
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

    def _notify_users(self, users, texts):
        """Send Odoo notifications; ``texts(self)`` returns {subject, body}.

        It is called in each language of the users. Leave out what was written: it
        stays where access is checked and where it can be deleted.
        """
        # sudo: res.users - language and email address of colleagues
        for language, readers in users.sudo().grouped("lang").items():
            conversation = self.with_context(lang=language)
            # sudo: mail.thread - conversations aren't documents with followers
            self.env["mail.thread"].sudo().message_notify(
                model=self._name,
                res_id=self.id,
                author_id=self.env.user.partner_id.id,
                partner_ids=readers.partner_id.ids,
                **texts(conversation),
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
        # sudo: mail.message - also delete the notifications of mentions
        self.env["mail.message"].sudo().search(
            [("model", "=", self._name), ("res_id", "in", ids)]
        ).unlink()
        return result
