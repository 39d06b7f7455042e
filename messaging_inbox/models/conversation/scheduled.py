"""Messages that leave later.

A scheduled message isn't one of the conversation's messages yet. When its time has
come, it becomes one by the very methods by which its author would send it: the reply
window, the opt-out and access are checked again, and its id makes it the newest.
"""

import logging
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.misc import format_datetime

from ...tools import work_queue
from ...tools.client_values import are_ids, are_texts, expects, is_flag, is_id, is_text
from ...tools.transactions import commit, read_committed
from ..live.bus import about
from .reply_window import is_person

_logger = logging.getLogger(__name__)

CRON = "messaging_inbox.ir_cron_send_scheduled"
SECONDS = 5


class MessagingScheduled(models.Model):
    """A message that waits for its time; it is deleted when it is sent."""

    _name = "messaging.scheduled"
    _description = "Scheduled message"
    _order = "send_at, id"

    conversation_id = fields.Many2one(
        "messaging.conversation", required=True, index=True, ondelete="cascade"
    )
    author_id = fields.Many2one("res.users", ondelete="set null")
    client_uuid = fields.Char(required=True)
    body = fields.Text(help="The text, or what a template will look like.")
    template = fields.Json(help="{template_id, values} of a message made of one.")
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    reply_to_id = fields.Many2one(
        "messaging.message", ondelete="set null", index="btree_not_null"
    )
    send_at = fields.Datetime(required=True, index=True)
    cancel_on_answer = fields.Boolean(
        help="It isn't sent if the customer writes before."
    )
    after_message_id = fields.Integer(
        help="The customer's last message when it was scheduled."
    )
    reason = fields.Char(help="Why it could not be sent at its time.")

    _client_uuid_unique = models.UniqueIndex("(conversation_id, client_uuid)")

    # ------------------------------------------------------------------
    # what users do with it
    # ------------------------------------------------------------------

    def action_send_now(self):
        """Send it at once; raise UserError with the reason if that isn't possible."""
        self._lock()._send()
        return True

    def action_reschedule(self, send_at):
        """Send it at another time (UTC), even if it was cancelled or failed before."""
        one = self._lock()
        conversation = one.conversation_id
        send_at = conversation._check_send_at(send_at, is_template=bool(one.template))
        one.write(
            {
                "send_at": send_at,
                "after_message_id": conversation.last_inbound_message_id,
                "reason": False,
            }
        )
        one._announce()
        self._trigger(send_at)
        return True

    def action_take_back(self):
        """Delete it; its files stay, for the draft that it becomes."""
        one = self._lock()
        one._announce()
        one.unlink()
        return True

    def action_discard(self):
        """Delete it with its files."""
        one = self._lock()
        files = one.attachment_ids
        one._announce()
        one.unlink()
        files.filtered(lambda file: file.res_model == "messaging.conversation").unlink()
        return True

    def _lock(self):
        """Check access; return the row as superuser, under its conversation's lock.

        Raise UserError if a colleague or the cron was quicker.
        """
        self.ensure_one()
        # sudo: messaging.scheduled - users only read rows; access is checked below
        one = self.sudo()
        conversation = one.exists().conversation_id
        conversation.with_env(self.env).check_access("write")
        conversation._lock()
        if not one.exists():
            raise UserError(self.env._("This message was sent or deleted meanwhile."))
        return one

    # ------------------------------------------------------------------
    # leaving
    # ------------------------------------------------------------------

    @api.model
    def _trigger(self, at):
        # sudo: ir.cron - agents set when it runs next
        self.env.ref(CRON).sudo()._trigger(at)

    @api.model
    def _cron_send(self):
        done = work_queue.run(self._send_next, SECONDS)
        self.env["ir.cron"]._commit_progress(done)

    @api.model
    def _send_next(self):
        """Send the next message whose time has come, or say why not."""
        read_committed(self.env.cr)
        query = SQL(
            """
            SELECT q.id FROM messaging_scheduled q
             WHERE q.send_at <= %s AND q.reason IS NULL
               AND NOT (q.cancel_on_answer AND EXISTS (
                   SELECT FROM messaging_conversation c WHERE c.id = q.conversation_id
                      AND c.last_inbound_message_id > q.after_message_id))
             ORDER BY q.send_at, q.id LIMIT 1
            """,
            fields.Datetime.now(),
        )
        due = work_queue.due(self, query)
        if due:
            due._leave()
            commit(self.env)
        return bool(due)

    def _leave(self):
        """Send it; on a refusal, keep it with the reason and tell its author."""
        self.conversation_id._lock()
        # A customer or a colleague may have been quicker.
        self.invalidate_recordset()
        if not self.exists() or self._is_cancelled():
            return
        try:
            with self.env.cr.savepoint():
                self._send()
        except (AccessError, UserError) as error:
            self._fail(str(error))
        except Exception:
            _logger.exception("Sending scheduled message %s failed", self.id)
            self._fail(self.env._("Internal error. Try to send it again."))

    def _is_cancelled(self):
        last = self.conversation_id.last_inbound_message_id or 0
        return self.cancel_on_answer and last > self.after_message_id

    def _send(self):
        """Queue it as its author's reply, and delete it."""
        author = self.author_id
        # sudo: messaging.channel - the users with access to it
        if author not in self.sudo().conversation_id.channel_id._users_with_access():
            raise UserError(
                self.env._("Its author no longer has access to this conversation.")
            )
        conversation = self.conversation_id.with_user(author).with_context(
            lang=author.lang, messaging_leaves_unread=author != self.env.user
        )
        files = self.attachment_ids.ids
        self._announce()
        if self.template:
            conversation.send_template(
                **self.template, client_uuid=self.client_uuid, attachment_ids=files
            )
        else:
            conversation.reply(
                self.body, files, self.client_uuid, self.reply_to_id.id or None
            )
        self.unlink()

    def _fail(self, reason):
        self.reason = reason
        self._announce()
        self.conversation_id._notify_users(
            self.author_id, lambda conversation: conversation._not_sent_texts(reason)
        )

    # ------------------------------------------------------------------
    # live
    # ------------------------------------------------------------------

    def _announce(self):
        """Make open pages fetch the conversation's scheduled messages again."""
        channel = self.conversation_id.channel_id
        ids = self.conversation_id.ids
        payload = {"conversation_id": ids[0]}
        key = channel.id, channel.access_epoch
        self.env["messaging.bus"]._send([(key, "scheduled", payload, about(ids))])


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    @expects(
        body=is_text,
        attachment_ids=are_ids,
        reply_to_id=is_id,
        cancel_on_answer=is_flag,
        template_id=is_id,
        values=are_texts,
    )
    def action_schedule(
        self,
        send_at,
        body="",
        attachment_ids=(),
        client_uuid=None,
        reply_to_id=None,
        cancel_on_answer=True,
        template_id=None,
        values=None,
    ):
        """Send a message at a time (UTC, a datetime or Odoo's string); return its id.

        It is a template with ``values`` if ``template_id`` is given, otherwise a reply
        as in ``reply``. Everything is checked now and again at that time. A repeated
        ``client_uuid`` returns the same id. Raise UserError with the reason if it can't
        be sent now, or not at that time.
        """
        self.ensure_one()
        self.check_access("write")
        client_uuid = client_uuid or str(uuid4())
        existing = self._already_scheduled(client_uuid)
        if existing:
            return existing.id
        send_at = self._check_send_at(send_at, is_template=bool(template_id))
        if template_id:
            content = self._scheduled_template(template_id, values, attachment_ids)
        else:
            content = self._scheduled_reply(body, attachment_ids, reply_to_id)
        # sudo: messaging.scheduled - users only read rows; the gate is passed
        one = existing.create(
            {
                **content,
                "conversation_id": self.id,
                "author_id": self.env.uid,
                "client_uuid": client_uuid,
                "send_at": send_at,
                "cancel_on_answer": cancel_on_answer,
                "after_message_id": self.last_inbound_message_id,
            }
        )
        one._announce()
        one._trigger(send_at)
        return one.id

    def _already_scheduled(self, client_uuid):
        """Lock the conversation; return the message of an earlier call, if any."""
        self._check_client_uuid(client_uuid)
        self._lock()
        # sudo: messaging.scheduled - the user's own message from an earlier call
        return (
            self.env["messaging.scheduled"]
            .sudo()
            .search(
                [("conversation_id", "=", self.id), ("client_uuid", "=", client_uuid)]
            )
        )

    def _scheduled_reply(self, body, attachment_ids, reply_to_id):
        _texts, files = self._check_reply(body, attachment_ids)
        return {
            "body": (body or "").strip(),
            "attachment_ids": [fields.Command.set(files.ids)],
            "reply_to_id": self._check_reply_to(reply_to_id).id,
        }

    def _scheduled_template(self, template_id, values, attachment_ids):
        """Return the content with the values that the variables have now."""
        template = self._check_template(template_id)
        texts = self._check_texts(template, values or {})
        file = self._check_template_file(template, attachment_ids)
        content = self._template_content(template, texts, file)
        return {
            "body": content["body"],
            "attachment_ids": [fields.Command.set(file.ids)],
            "template": {"template_id": template.id, "values": texts},
        }

    def _not_sent_texts(self, reason):
        values = {"customer": self.display_name, "reason": reason}
        return {
            "subject": self.env._("Not sent to %(customer)s", **values),
            "body": self.env._(
                "Your scheduled message to %(customer)s was not sent: %(reason)s",
                **values,
            ),
        }

    def _check_send_at(self, send_at, is_template):
        """Return a naive datetime in UTC at which it may be sent, as far as we know."""
        # It would vanish with the blank conversation, and colleagues would read it.
        self._check_not_blank()
        send_at = self._check_until(send_at)
        if not send_at:
            raise UserError(self.env._("Choose a time within the coming year."))
        start, author = self._window_start(), is_person(self.env.user)
        window = self._reply_window()
        if not is_template and not window.is_open(start, send_at, author):
            raise UserError(
                self.env._(
                    "The reply window ends before, on %(when)s. Choose an earlier"
                    " time, or a template.",
                    when=format_datetime(self.env, self.reply_until, dt_format="short"),
                )
            )
        return send_at
