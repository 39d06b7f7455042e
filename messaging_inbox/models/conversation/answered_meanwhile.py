from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import format_datetime


class AnsweredMeanwhile(UserError):
    """A colleague has answered since the writer last saw the conversation.

    The client recognizes this class by its name and offers to send anyway.
    """


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    def _check_not_answered_since(self, message_id):
        """Raise AnsweredMeanwhile if a colleague's answer is newer than this message.

        ``message_id`` is the newest message that the writer's screen showed; without
        it, nothing is checked. The caller holds the conversation's lock, so that of two
        who write at the same instant the second sees the first.
        """
        if not message_id:
            return
        # sudo: messaging.message - the caller checked access to the conversation
        answer = (
            self.env["messaging.message"]
            .sudo()
            .search(
                [
                    ("conversation_id", "=", self.id),
                    ("id", ">", message_id),
                    ("direction", "=", "outbound"),
                    ("state", "!=", "failed"),
                    ("author_id", "!=", self.env.uid),
                ],
                limit=1,
            )
        )
        if not answer:
            return
        when = format_datetime(self.env, answer.sent_at, dt_format="short")
        if not answer.author_id:
            raise AnsweredMeanwhile(
                self.env._(
                    "The customer was answered outside Odoo meanwhile, on %(when)s.",
                    when=when,
                )
            )
        raise AnsweredMeanwhile(
            self.env._(
                "%(colleague)s has answered meanwhile, on %(when)s.",
                colleague=answer.author_id.name,
                when=when,
            )
        )
