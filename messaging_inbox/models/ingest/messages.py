"""Stores messages and runs what follows from new ones.

A hundred messages need as many statements as one.
"""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import fields, models
from odoo.tools import SQL

from ...providers.events import Event, MessageReceived
from ...providers.text import clean_name
from ..conversation.conversation import preview_text
from ..conversation.profile import PROFILE_KEPT
from .customers import Customer, customer_of, phone_of
from .ingest import Incoming, moment_of

# A customer's story is public for a day only, so we keep it no longer.
STORY = timedelta(hours=24)

# Duplicates and messages deleted here are not inserted. Each conversation is updated
# from its newest inserted message, and returned as a row of the inbox with
# ``messages``: [[provider's id, id]].
INSERT_MESSAGES = """
    WITH incoming (
        position, channel_id, provider_message_id, hash, conversation_id, direction,
        state, kind, body, data, sent_at, latest_at, inbound_at, preview, name, phone,
        username
    ) AS (VALUES %(incoming)s),
    inserted AS (
        INSERT INTO messaging_message (
            channel_id, provider_message_id, conversation_id, direction, state, kind,
            body, data, sent_at, create_date, write_date)
        SELECT channel_id, provider_message_id, conversation_id, direction, state, kind,
               body, data::jsonb, sent_at, %(now)s, %(now)s
          FROM incoming
         WHERE NOT EXISTS (
               SELECT FROM messaging_tombstone t WHERE t.hash = incoming.hash)
         ORDER BY position
        ON CONFLICT (channel_id, provider_message_id)
              WHERE provider_message_id IS NOT NULL
           DO NOTHING
        RETURNING *),
    newest AS (
        SELECT conversation_id, max(id) AS id,
               max(id) FILTER (WHERE direction = 'inbound') AS inbound_id,
               max(id) FILTER (WHERE direction = 'outbound') AS answer_id,
               min(id) FILTER (WHERE direction = 'inbound') AS question_id,
               min(sent_at) FILTER (WHERE direction = 'inbound') AS question_at,
               bool_or(direction = 'inbound') AND %(notifies)s AS notifies,
               json_agg(json_build_array(provider_message_id, id)
                        ORDER BY id) AS messages
          FROM inserted GROUP BY conversation_id),
    updated AS (
        UPDATE messaging_conversation c
           SET state = CASE WHEN newest.inbound_id IS NULL THEN c.state
                            ELSE 'open' END,
               last_message_id = newest.id,
               last_inbound_message_id = coalesce(
                   newest.inbound_id, c.last_inbound_message_id),
               is_snoozed = c.is_snoozed AND newest.inbound_id IS NULL,
               snoozed_until = CASE WHEN newest.inbound_id IS NULL
                                    THEN c.snoozed_until END,
               waiting_message_id = CASE
                   WHEN newest.answer_id IS NULL
                   THEN coalesce(nullif(c.waiting_message_id, 0), newest.question_id)
                   WHEN newest.answer_id < newest.inbound_id THEN newest.id END,
               waiting_since = CASE
                   WHEN newest.answer_id IS NULL
                   THEN coalesce(c.waiting_since, newest.question_at)
                   WHEN newest.answer_id < newest.inbound_id THEN inserted.sent_at END,
               last_message_at = greatest(c.last_message_at, incoming.latest_at),
               last_inbound_at = greatest(
                   c.last_inbound_at, incoming.inbound_at::timestamp),
               last_message_preview = incoming.preview,
               contact_name = coalesce(incoming.name, c.contact_name),
               contact_phone = coalesce(c.contact_phone, incoming.phone),
               contact_username = coalesce(incoming.username, c.contact_username),
               profile_due = c.profile_due IS TRUE
                   OR coalesce(c.profile_at < %(stale)s, FALSE),
               notes_due = c.partner_id IS NOT NULL OR c.lead_id IS NOT NULL,
               notifications_due = c.notifications_due IS TRUE OR newest.notifies,
               notified_message_id = CASE
                   WHEN c.notifications_due IS TRUE OR newest.notifies
                   THEN c.notified_message_id ELSE newest.id END,
               write_date = %(now)s
          FROM newest
          JOIN inserted ON inserted.id = newest.id
          JOIN incoming USING (channel_id, provider_message_id)
         WHERE c.id = newest.conversation_id
        RETURNING c.*)
    SELECT inbox.*, newest.messages
      FROM (%(inbox)s) AS inbox
      JOIN newest ON newest.conversation_id = inbox.id
"""

# Buttons are looked for in this many of our latest messages.
TAPPED_AMONG = 100
LINK_TAPS = """
    UPDATE messaging_message m SET reply_to_id = tapped.template_id
      FROM (SELECT tap.id, used.id AS template_id
              FROM unnest(%(ids)s::int[], %(payloads)s::varchar[],
                          %(titles)s::varchar[]) AS tap (id, payload, title)
              JOIN messaging_message t ON t.id = tap.id
             CROSS JOIN LATERAL (
                   SELECT id FROM (
                          SELECT id, data FROM messaging_message
                           WHERE conversation_id = t.conversation_id AND id < t.id
                             AND direction = 'outbound'
                           ORDER BY id DESC LIMIT %(most)s) AS recent
                    WHERE EXISTS (
                          SELECT FROM jsonb_array_elements(
                                 data->'template'->'buttons') AS button
                           WHERE button->>'payload' = nullif(tap.payload, '')
                              OR button->>'text' = nullif(tap.title, ''))
                    ORDER BY id DESC LIMIT 1) AS used) AS tapped
     WHERE m.id = tapped.id AND m.reply_to_id IS NULL
"""


class Arrival(NamedTuple):
    """A message to store, and the customer who sent or receives it."""

    incoming: Incoming
    customer: Customer


class Stored(NamedTuple):
    """A new message.

    ``row``: the updated conversation as the inbox shows it (``_inbox_value``), a dict
    shared by all its messages. ``message_id``: the message's id. ``customer``: the
    conversation as it was before. ``event``: MessageReceived or MessageSent.
    """

    row: dict
    message_id: int
    customer: Customer
    event: Event

    @property
    def key(self):
        """Return (channel id, the provider's id)."""
        return self.row["channel_id"], self.event.message_id

    @property
    def is_inbound(self):
        return isinstance(self.event, MessageReceived)


class ConversationValues(NamedTuple):
    """A conversation's new values, from a message and those before it in the request.

    Times are naive UTC; ``inbound_at`` is None without a message from the customer.
    """

    latest_at: datetime
    inbound_at: datetime | None
    preview: str
    name: str | None
    phone: str | None
    username: str | None


class MessagingIngest(models.AbstractModel):
    _inherit = "messaging.ingest"

    def _normalize(self, incoming):
        """Return a message with a clamped time and clean names.

        Flag one that was sent outside Odoo.
        """
        event = incoming.event
        event = replace(event, sent_at=moment_of(event.sent_at))
        if isinstance(event, MessageReceived):
            name, address = clean_name(event.name), clean_name(event.address)
            username = clean_name(event.username).removeprefix("@")
            opt = event.opt or self._opt_of(incoming.channel_id, event)
            values = {
                "name": name,
                "address": address,
                "opt": opt,
                "username": username,
            }
            return incoming._replace(event=replace(event, **values))
        data = {**event.data, "sent_outside": True}
        return incoming._replace(event=replace(event, data=data))

    def _opt_of(self, channel_id, event):
        """Return "out" or "in" if a text is a keyword in the channel's language."""
        if event.kind != "text" or not event.text:
            return ""
        return self.env["messaging.channel"]._opt_of(channel_id, event.text)

    def _arrivals(self, messages, customers):
        """Return {(channel id, provider's id): Arrival}, except of unknown customers.

        A request may contain a message twice, and one of them may only announce it.
        """
        arrivals = {}
        for each in messages:
            customer = customer_of(customers, each)
            superfluous = each.key in arrivals and each.event.data.get("announced")
            if customer and not superfluous:
                arrivals[each.key] = Arrival(each, customer)
        return arrivals

    def _insert_messages(self, arrivals):
        """Insert messages and update their conversations in one statement.

        ``arrivals`` is {(channel id, provider's id): Arrival}. Return [Stored], without
        duplicates and messages that were deleted here.
        """
        Conversation = self.env["messaging.conversation"]
        now = fields.Datetime.now()
        rows = self.env.execute_query_dict(
            SQL(
                INSERT_MESSAGES,
                incoming=SQL(", ").join(
                    SQL("%s", values) for values in self._values_of(arrivals)
                ),
                inbox=Conversation._inbox_query(SQL("updated"), SQL("inserted")),
                notifies=not self.env.context.get("messaging_replay"),
                now=now,
                stale=now - PROFILE_KEPT,
            )
        )
        stored = []
        for row in map(Conversation._inbox_value, rows):
            for provider_id, message_id in row.pop("messages"):
                incoming, customer = arrivals[row["channel_id"], provider_id]
                stored.append(Stored(row, message_id, customer, incoming.event))
        return stored

    def _values_of(self, arrivals):
        """Yield a tuple with the columns of ``incoming`` for each message."""
        hash_of = self.env["messaging.tombstone"]._hash
        # Replayed messages never notify, even after a later assignment.
        flag = {"replayed": True} if self.env.context.get("messaging_replay") else {}
        conversations = {}
        for position, (key, (incoming, customer)) in enumerate(arrivals.items()):
            event, id_ = incoming.event, customer.conversation_id
            conversations[id_] = _conversation_values(conversations.get(id_), event)
            yield (
                *(position, *key, hash_of(*key), id_),
                *(*direction_of(event).values(), event.kind, event.text or None),
                json.dumps({**event.data, **flag}) if event.data or flag else None,
                *(event.sent_at, *conversations[id_]),
            )

    # ------------------------------------------------------------------
    # effects of new messages
    # ------------------------------------------------------------------

    def _follow_up(self, stored):
        """Run the effects of new messages: quotes, files, live updates, hooks."""
        written = [(each.message_id, each.event) for each in stored]
        self._link_quotes(written)
        self._link_taps(written)
        self._insert_media(written)
        for each in stored:
            self._publish(each)
        self._reopen_and_opt_out(stored)
        self._after_messages(stored)

    def _after_messages(self, stored):
        """Hook: new messages are stored, with their quotes, files and events.

        ``stored`` is [Stored]. The hook runs in the webhook's transaction, which must
        stay short. The insert has already set the conversations' flags ``notes_due``
        and ``notifications_due``.
        """

    def _notifies(self, stored):
        """Whether a message notifies users: inbound ones do, except in a replay."""
        return stored.is_inbound and not self.env.context.get("messaging_replay")

    def _publish(self, stored):
        """Publish a message to open inboxes; only a plain one isn't read again."""
        bus = self.env["messaging.bus"]
        if self._notifies(stored):
            bus._arrived(stored.message_id)
        event = stored.event
        if event.media or event.reply_to or event.kind == "reply_choice":
            bus._changed_values(stored.row)
            bus._changed([], [stored.message_id])
        else:
            bus._changed_values(stored.row, self._message_value(stored))

    def _message_value(self, stored):
        row, event = stored.row, stored.event
        return self.env["messaging.message"]._inbox_value(
            {
                "id": stored.message_id,
                "conversation_id": row["id"],
                "channel_id": row["channel_id"],
                "access_epoch": row["access_epoch"],
                **direction_of(event),
                "kind": event.kind,
                "body": event.text,
                "data": dict(event.data),
                "sent_at": event.sent_at,
            }
        )

    def _link_quotes(self, written):
        """Link messages to those that they quote, in this request or earlier.

        ``written`` is [(message id, event)].
        """
        quotes = [(id_, event.reply_to) for id_, event in written if event.reply_to]
        if quotes:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE messaging_message m SET reply_to_id = quoted.id
                      FROM unnest(%s::int[], %s::varchar[]) AS q(id, quoted),
                           messaging_message quoted
                     WHERE m.id = q.id AND quoted.channel_id = m.channel_id
                       AND quoted.provider_message_id = q.quoted
                    """,
                    *map(list, zip(*quotes, strict=True)),
                )
            )

    def _link_taps(self, written):
        """Link choices to the latest template with that button, if not linked already.

        ``written`` is [(message id, event)]. Not every provider names the message whose
        button the customer tapped.
        """
        taps = [
            (id_, event.data.get("payload") or "", event.data.get("title") or "")
            for id_, event in written
            if event.kind == "reply_choice" and not event.reply_to
        ]
        if taps:
            ids, payloads, titles = map(list, zip(*taps, strict=True))
            tapped = {"ids": ids, "payloads": payloads, "titles": titles}
            self.env.cr.execute(SQL(LINK_TAPS, **tapped, most=TAPPED_AMONG))

    def _insert_media(self, written):
        """Insert the files of messages as pending and trigger their download.

        ``written`` is [(message id, event)].
        """
        rows = [
            SQL("(%s, %s, %s, %s, %s, %s, 'pending', 0)", id_, position, *values)
            for id_, event in written
            for position, media in enumerate(event.media)
            for values in [
                (media.url, media.content_type, media.filename, _expiry(event))
            ]
        ]
        if not rows:
            return
        self.env.execute_query(
            SQL(
                "INSERT INTO messaging_media (message_id, position, url, content_type,"
                " name, expires_at, state, attempts) VALUES %s RETURNING id",
                SQL(", ").join(rows),
            )
        )
        self.env["messaging.media"]._trigger_download()

    def _reopen_and_opt_out(self, stored):
        """Log reopened conversations; opt customers out or in, as they ask."""
        for each in stored:
            if not each.is_inbound:
                continue
            conversation = self.env["messaging.conversation"].browse(each.row["id"])
            if each.customer.is_closed:
                # The insert has already reopened it.
                each.customer.is_closed = False
                conversation._log_event("reopened", automatic=True)
            if each.event.opt:
                is_out = each.event.opt == "out"
                conversation._set_opted_out(is_out, "customer", each.message_id)


def direction_of(event):
    """Return the direction and state of an event's message, as a dict."""
    if isinstance(event, MessageReceived):
        return {"direction": "inbound", "state": "received"}
    return {"direction": "outbound", "state": "sent"}


def _conversation_values(before, event):
    """Return ConversationValues, ``before`` being those of the messages before it."""
    is_inbound = isinstance(event, MessageReceived)
    before = before or ConversationValues(event.sent_at, None, "", None, None, None)
    return ConversationValues(
        latest_at=max(before.latest_at, event.sent_at),
        inbound_at=event.sent_at if is_inbound else before.inbound_at,
        preview=preview_text(event.text),
        name=getattr(event, "name", "") or before.name,
        phone=phone_of(event) or before.phone,
        username=getattr(event, "username", "") or before.username,
    )


def _expiry(event):
    """Return when a file must be deleted, None if it stays with the conversation."""
    is_story = event.data.get("story_mention") or event.data.get("shared_story")
    return event.sent_at + STORY if is_story else None
