import io
import re
from uuid import uuid4

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import media_types
from ...tools.client_values import (
    MOST_DEGREES,
    are_ids,
    expects,
    is_id,
    is_place,
    is_text,
)
from ...tools.transactions import after_commit
from .conversation import preview_text

MAX_TEXT_PARTS = 10
CLIENT_UUID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class MessagingConversation(models.Model):
    """Replies: a single gate on the server, then a queued row per provider message."""

    _inherit = "messaging.conversation"

    @expects(
        body=is_text,
        attachment_ids=are_ids,
        reply_to_id=is_id,
        expected_last_id=is_id,
        place=is_place,
    )
    def reply(
        self,
        body="",
        attachment_ids=(),
        client_uuid=None,
        reply_to_id=None,
        expected_last_id=None,
        place=None,
    ):
        """Queue a reply; return the ids of its messages in order.

        The text comes first, split if it is too long for the provider, then each file,
        then the place: {latitude, longitude, label, address}, the last two optional. A
        text with one file becomes one message if the provider supports captions. A
        repeated ``client_uuid`` returns the same ids and sends nothing. Raise UserError
        with the reason if the reply can't be sent, and AnsweredMeanwhile if a colleague
        has answered after the message ``expected_last_id``.
        """
        self.ensure_one()
        self.check_access("write")
        client_uuid = client_uuid or str(uuid4())
        existing = self._already_written(client_uuid)
        if existing:
            return existing.ids
        self._check_not_answered_since(expected_last_id)
        texts, files = self._check_reply(body, attachment_ids, place)
        quoted = self._check_reply_to(reply_to_id)
        messages = self._create_outbound(texts, files, client_uuid, quoted, place)
        self._show_and_send(messages)
        self._carry_out_start()
        self._take_on_reply()
        self._after_reply()
        return messages.ids

    def _already_written(self, client_uuid):
        """Lock the conversation; return the messages of an earlier call, if any."""
        self._check_client_uuid(client_uuid)
        self._lock()
        # sudo: messaging.message - the user's own messages from an earlier call
        return (
            self.env["messaging.message"]
            .sudo()
            .search(
                [("conversation_id", "=", self.id), ("client_uuid", "=", client_uuid)],
                order="part",
            )
        )

    # ------------------------------------------------------------------
    # the gate
    # ------------------------------------------------------------------

    def _check_client_uuid(self, client_uuid):
        """Refuse values that don't survive as the reference in a callback."""
        if not isinstance(client_uuid, str) or not CLIENT_UUID.fullmatch(client_uuid):
            raise UserError(
                self.env._(
                    "The message ID must be a UUID, or at most 64 letters, digits,"
                    " dashes and underscores."
                )
            )

    def _check_reply(self, body, attachment_ids, place=None):
        """Return (texts, files) to send; raise UserError if they can't be sent."""
        self._check_may_send(self.env.user)
        limits = self._limits()
        texts = self._split((body or "").strip(), limits)
        files = self._adopt_files(attachment_ids)
        if not texts and not files and not place:
            raise UserError(self.env._("Write something first."))
        # sudo: messaging.channel - what a channel takes is not confidential
        if place and not self.sudo().channel_id._takes_places():
            raise UserError(
                self.env._(
                    "%(channel)s doesn't take locations here. Send a link to the map.",
                    channel=self._kind_name(),
                )
            )
        for file in files:
            self._check_file(file, limits)
        return texts, files

    def _limits(self):
        # sudo: messaging.account - a provider's limits aren't secret
        return self.sudo().channel_id._limits()

    def _split(self, text, limits):
        """Split a text that is too long for one message, at white space if possible."""
        parts = []
        while (limit := _fitting(text, limits)) < len(text):
            cut = max(text.rfind(blank, limit // 2, limit + 1) for blank in "\n ")
            cut = cut if cut > 0 else limit
            parts.append(text[:cut].rstrip())
            text = text[cut:].lstrip()
        if text:
            parts.append(text)
        if len(parts) > MAX_TEXT_PARTS:
            raise UserError(
                self.env._(
                    "The message is too long: at most %(count)s characters.",
                    count=limits.text * MAX_TEXT_PARTS,
                )
            )
        return parts

    def _check_file(self, file, limits):
        if not file.file_size:
            # URL attachments, too: our route would redirect the provider there.
            raise UserError(self.env._("%(name)s is empty.", name=file.name))
        mimetype = media_types.checked(io.BytesIO(file.raw), file.mimetype, file.name)
        if mimetype != file.mimetype:
            file.mimetype = mimetype
        maximum = limits.files.get(mimetype)
        if maximum is None:
            raise UserError(
                self.env._(
                    "%(channel)s doesn't accept files of this type: %(name)s"
                    " (%(type)s).",
                    channel=self._kind_name(),
                    name=file.name,
                    type=file.mimetype,
                )
            )
        if file.file_size > maximum:
            raise UserError(
                self.env._(
                    "%(name)s is too large: %(channel)s accepts at most %(size)s MB"
                    " for this type.",
                    channel=self._kind_name(),
                    name=file.name,
                    size=f"{maximum / 1024 / 1024:g}",
                )
            )

    def _kind_name(self):
        # sudo: messaging.channel - only its kind
        kind = self.sudo().channel_id.kind
        names = (
            self.env["messaging.channel"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        return dict(names).get(kind, kind)

    def _adopt_files(self, attachment_ids):
        """Return files that belong to the conversation, copied if necessary."""
        if not attachment_ids:
            return self.env["ir.attachment"]
        attachments = self.env["ir.attachment"].browse(attachment_ids).exists()
        if len(attachments) < len(set(attachment_ids)):
            raise UserError(self.env._("A file no longer exists. Attach it again."))
        attachments.check_access("read")
        # sudo: messaging.message, ir.attachment - attach files to the conversation
        taken = (
            self.env["messaging.message"]
            .sudo()
            .search([("attachment_ids", "in", attachments.ids)])
            .attachment_ids
        )
        result = self.env["ir.attachment"].sudo()
        # From now on access follows the channel, so revoke earlier access tokens.
        here = {"res_model": self._name, "res_id": self.id}
        here.update(public=False, access_token=False)
        for attachment in attachments.sudo():
            mine = attachment.create_uid == self.env.user
            is_here = (
                attachment.res_model == self._name and attachment.res_id == self.id
            )
            free = is_here or not attachment.res_id
            if mine and free and attachment not in taken:
                attachment.write(here)
                result += attachment
            else:
                result += attachment.copy(here)
        return result

    def _check_reply_to(self, reply_to_id):
        quoted = self.env["messaging.message"].browse(reply_to_id or ()).exists()
        if quoted and quoted.conversation_id != self:
            raise UserError(
                self.env._("The quoted message belongs to another conversation.")
            )
        return quoted

    # ------------------------------------------------------------------
    # the rows
    # ------------------------------------------------------------------

    def _create_outbound(self, texts, files, client_uuid, quoted, place=None):
        values = [{"kind": "text", "body": text} for text in texts]
        of_files = [
            {"kind": kind_of(file), "attachment_ids": [fields.Command.set(file.ids)]}
            for file in files
        ]
        if self._is_caption(texts, files):
            of_files[0]["body"] = values.pop()["body"]
        values += of_files
        if place:
            data = {
                name: value
                for name, value in place.items()
                if value or name in MOST_DEGREES
            }
            values.append({"kind": "location", "data": data})
        if quoted:
            values[0]["reply_to_id"] = quoted.id
        return self._create_queued(values, client_uuid)

    def _create_queued(self, values, client_uuid):
        """Create queued messages from their contents, a list of dicts."""
        self._log_start()
        common = {
            "conversation_id": self.id,
            "channel_id": self.sudo().channel_id.id,
            "direction": "outbound",
            "state": "queued",
            "author_id": self.env.uid,
            "client_uuid": client_uuid,
        }
        rows = [{**vals, **common, "part": part} for part, vals in enumerate(values)]
        # sudo: messaging.message - users can't create messages; the gate is passed
        return self.env["messaging.message"].sudo().create(rows)

    def _is_caption(self, texts, files):
        """Return whether the provider can send text and file as one message."""
        if len(texts) != 1 or len(files) != 1:
            return False
        longest = self._limits().captions.get(files.mimetype, 0)
        return len(texts[0]) <= longest

    def _show_and_send(self, messages):
        newest = messages[-1]
        self._store(
            {
                "last_message_id": newest.id,
                "last_message_at": newest.sent_at,
                "last_message_preview": preview_text(newest.body),
                **self._not_waiting(),
            }
        )
        self.env["messaging.bus"]._changed([self.id], messages.ids)
        messages._send_after_commit()
        self._mark_read_after_commit()

    def _mark_read_after_commit(self):
        """Mark the conversation as read after the commit, without delaying the reply.

        The agent's screen sets the same read marker. Of two concurrent writers, one
        would be retried after seconds, so this write comes after the commit.
        """
        leaves_unread = self.env.context.get("messaging_leaves_unread")
        if self.unread_count and not leaves_unread:
            after_commit(self, lambda conversation: conversation.action_mark_read())


def _fitting(text, limits):
    """Return how many characters from the beginning fit into one message."""
    fitting = text[: limits.text]
    if limits.text_bytes:
        # Drop an incomplete character at the end.
        fitting = fitting.encode()[: limits.text_bytes].decode("utf-8", "ignore")
    return len(fitting)


def kind_of(attachment):
    family = (attachment.mimetype or "").split("/")[0]
    return family if family in ("image", "audio", "video") else "document"
