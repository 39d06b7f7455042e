"""Numbers that a channel could not reach lately, such as those that aren't on WhatsApp.

The provider says so at once or by callback. It is forgotten after a while, since the
customer may install the app, and as soon as the customer writes.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.phone_numbers import telephone, variants

REMEMBERED = timedelta(days=30)


def is_unreachable(since):
    """Return SQL: identity ``i`` of conversation ``c`` wasn't reached ``since``."""
    return SQL(
        "(i.unreachable_at > %s"
        " AND i.unreachable_at > coalesce(c.last_inbound_at, '-infinity'))",
        since,
    )


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    def _set_unreachable(self, sent_at, external_ids=()):
        """Remember that a message sent at a time didn't reach the customer's number.

        ``external_ids`` may name the number, otherwise it is the one that we send to.
        """
        self.ensure_one()
        # sudo: messaging.identity - only our own code writes it
        conversation = self.sudo()
        named = conversation.identity_ids.filtered(
            lambda identity: identity.external_id in external_ids
        )
        identity = named[:1] or conversation._recipient()
        identity.unreachable_at = sent_at
        self.env["messaging.bus"]._changed(self.ids)

    @api.model
    def _is_unreachable_sql(self):
        """Return SQL: conversation ``c`` has no number that may be reached.

        The index of failed numbers answers it for nearly all conversations.
        """
        return SQL(
            """
            EXISTS (SELECT FROM messaging_identity i
                     WHERE i.conversation_id = c.id AND i.unreachable_at IS NOT NULL)
            AND NOT EXISTS (
                    SELECT FROM messaging_identity i WHERE i.conversation_id = c.id
                       AND left(i.external_id, 1) = '+' AND %s IS NOT TRUE)
            """,
            is_unreachable(fields.Datetime.now() - REMEMBERED),
        )

    @api.model
    def _refused_numbers(self, numbers, channels):
        """Return {telephone: ids of those channels that couldn't reach it lately}.

        A phone is refused if the channel reached none of its numbers.
        """
        if not numbers:
            return {}
        self.env["messaging.identity"].flush_model(["unreachable_at"])
        others = [other for number in numbers for other in variants(number)]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT i.channel_id, i.external_id, %s
                  FROM messaging_identity i
                  JOIN messaging_conversation c ON c.id = i.conversation_id
                 WHERE i.channel_id = ANY(%s) AND i.external_id = ANY(%s)
                """,
                is_unreachable(fields.Datetime.now() - REMEMBERED),
                list(channels.ids),
                others,
            )
        )
        pairs = {(telephone(each), id_): set() for id_, each, _failed in rows}
        for channel_id, external_id, is_failed in rows:
            pairs[telephone(external_id), channel_id].add(bool(is_failed))
        refused = {}
        for (phone, channel_id), failures in pairs.items():
            if failures == {True}:
                refused.setdefault(phone, set()).add(channel_id)
        return refused

    def _try_number(self, number):
        """Add a number that the user typed, until one is known to reach the customer.

        Of several numbers of a phone, messages go to the latest (``_recipient``): the
        one from which the customer wrote for the first time most recently, since the
        provider named it itself, or the one typed last if the customer never wrote.
        """
        # sudo: messaging.conversation - the user may write to it
        conversation = self.sudo()
        numbers = conversation.identity_ids.mapped("external_id")
        if conversation.last_inbound_at or number in numbers:
            return
        # sudo: messaging.identity - only our own code creates it
        self.env["messaging.identity"].sudo().create(
            {
                "channel_id": conversation.channel_id.id,
                "conversation_id": self.id,
                "external_id": number,
            }
        )


class MessagingIdentity(models.Model):
    _inherit = "messaging.identity"

    def _is_unreachable(self):
        self.ensure_one()
        failed_at, wrote_at = self.unreachable_at, self.conversation_id.last_inbound_at
        if not failed_at or failed_at <= fields.Datetime.now() - REMEMBERED:
            return False
        return not wrote_at or failed_at > wrote_at
