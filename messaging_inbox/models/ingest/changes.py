import json

from odoo import fields, models
from odoo.tools import SQL

from .ingest import moment_of


class MessagingIngest(models.AbstractModel):
    """Processes reactions, edits and unsends of messages, and notices of channels.

    None of them reopens a conversation or counts as unread. A replay may deliver old
    events again, so an event older than what is stored changes nothing.
    """

    _inherit = "messaging.ingest"

    def _react(self, channel_id, event):
        """Store a reaction; a customer's extends the reply window like a message."""
        message = self._known_message(channel_id, event.message_id)
        when = _moment(event)
        data = dict(message.data or {})
        who = "us" if event.by_us else "customer"
        since = f"{who}_reacted_at"
        if not message or data.get("unsent") or when < data.get(since, ""):
            return
        if event.by_us:
            message._set_our_reaction(event.emoji, when=when)
            return
        reactions = {**data.get("reactions", {}), who: event.emoji}
        reactions = {who: emoji for who, emoji in reactions.items() if emoji}
        message._store({"data": {**data, "reactions": reactions, since: when}})
        if event.emoji:
            moment = fields.Datetime.to_datetime(when)
            message.conversation_id._extend_reply_window(moment)

    def _edit(self, channel_id, event):
        """Replace the text of a message."""
        message = self._known_message(channel_id, event.message_id)
        when = _moment(event)
        data = dict(message.data or {})
        if not message or data.get("unsent") or when < data.get("edited", ""):
            return
        kind = "text" if message.kind == "unsupported" else message.kind
        data.pop("announced", None)
        data["edited"] = when
        message._store({"body": event.text, "kind": kind, "data": data})
        message._content_changed()

    def _complete_announced(self, incoming):
        """Fill in announced messages whose content has now arrived."""
        whole = [each for each in incoming if not each.event.data.get("announced")]
        ids = self._fill_in(whole) if whole else {}
        if not ids:
            return
        written = [(ids[each.key], each.event) for each in whole if each.key in ids]
        self._link_quotes(written)
        self._insert_media(written)
        self.env.invalidate_all()
        for message in self.env["messaging.message"].browse(list(ids.values())):
            message._content_changed()
        self.env["messaging.bus"]._changed([], list(ids.values()))

    def _fill_in(self, messages):
        """Update those announced; return {(channel id, provider's id): message id}."""
        values = [
            (
                *each.key,
                each.event.kind,
                each.event.text,
                json.dumps({**each.event.data}),
            )
            for each in messages
        ]
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE messaging_message m
                   SET kind = whole.kind, body = whole.body, write_date = %s,
                       data = m.data - '{announced,original_type}'::text[]
                              || whole.data::jsonb
                  FROM (VALUES %s) AS whole(
                       channel_id, provider_message_id, kind, body, data)
                 WHERE m.channel_id = whole.channel_id
                   AND m.provider_message_id = whole.provider_message_id
                   AND m.data ? 'announced'
                RETURNING m.channel_id, m.provider_message_id, m.id
                """,
                fields.Datetime.now(),
                SQL(", ").join(SQL("%s", row) for row in values),
            )
        )
        return {(channel_id, name): id_ for channel_id, name, id_ in rows}

    def _unsend(self, channel_id, event):
        """Delete a message's content everywhere; keep its row."""
        message = self._known_message(channel_id, event.message_id)
        if message:
            message._forget_content()

    def _store_notice(self, channel_id, event):
        """Store the provider's notice about a channel, for managers."""
        channel = self.env["messaging.channel"].browse(channel_id)
        when = _moment(event)
        if when < (_text(channel.notice_at) or "") or _is_minor(channel, event):
            return
        values = {"notice": event.text, "notice_code": event.code, "notice_at": when}
        channel.write(values)

    def _store_standing(self, channel_id, event):
        self.env["messaging.channel"].browse(channel_id)._take_standing(event.standing)

    def _renew_templates(self, channel_id, _event):
        channel = self.env["messaging.channel"].browse(channel_id)
        channel.account_id._ask_template_sync()

    def _known_message(self, channel_id, message_id):
        """Return a message, empty if it was deleted here; raise TooEarly if unknown.

        Lock its conversation, as storing messages does.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.id FROM messaging_message m
                  JOIN messaging_conversation c ON c.id = m.conversation_id
                 WHERE m.channel_id = %s AND m.provider_message_id = %s
                   FOR NO KEY UPDATE OF c
                """,
                channel_id,
                message_id,
            )
        )
        if not rows:
            self._check_was_deleted(channel_id, message_id)
        message = self.env["messaging.message"].browse([row[0] for row in rows])
        self.env.invalidate_all()
        return message


def _is_minor(channel, event):
    """Return whether a handover would replace a more important notice."""
    important = channel.notice_code != "handover" and channel._notice_sentence()
    return event.code == "handover" and bool(important)


def _moment(event):
    return _text(moment_of(event.occurred_at))


def _text(moment):
    return fields.Datetime.to_string(moment)
