"""A conversation from its first message to its last, with the rows that it leaves.

A Story decides what happens next (the customer writes, an Agent answers, assigns,
closes …) and keeps what the addon keeps in the conversation's row: who waits, which
message is the last one, up to where each Agent has read.
"""

import json

from benchmarks.filling.texts import preview
from benchmarks.filling.words import EMOJIS, NOTES, STOP

HOUR, DAY = 3600, 86_400
# What conversations end with, the last one at the end.
CLOSED = ("closed",)
STOPPED = ("stop", "opted_out", "closed")
SNOOZED = ("snoozed",)
# How many closed conversations there are, by days since their last message.
CLOSED_AFTER = ((2, 0.35), (14, 0.75), (60, 0.95), (10_000, 0.985))
# Delivery states, as far as a channel of a kind reports them.
TICKS = {
    "sms": ("delivered",) * 60 + ("sent",) * 2,
    "whatsapp": ("read",) * 50 + ("delivered",) * 11 + ("sent",),
    "messenger": ("read",) * 60 + ("delivered",) * 2,
    "instagram": ("read",) * 60 + ("sent",) * 2,
}
FAILURES = {
    "twilio": ("other", "30008", "Unknown error"),
    "whatsapp_cloud": ("window_closed", "131047", "Re-engagement message"),
    "messenger": ("window_closed", "10", "Sent outside of the allowed window"),
}
MESSAGE_IDS = {"twilio": "SM", "whatsapp_cloud": "wamid.HBgLMzQ2", "messenger": "m_"}

MESSAGE_COLUMNS = (
    *("id", "conversation_id", "channel_id", "direction", "state", "kind", "body"),
    *("data", "author_id", "provider_message_id", "client_uuid", "part", "sent_at"),
    *("reason", "error_code", "error_detail", "attempts", "reply_to_id", "event_type"),
    *("event_from", "event_to", "create_uid", "write_uid", "create_date", "write_date"),
)
CONVERSATION_COLUMNS = (
    *("id", "channel_id", "user_id", "partner_id", "lead_id", "last_message_id"),
    *("last_inbound_message_id", "waiting_message_id", "snoozed_by_id", "starter_id"),
    *("opt_out_message_id", "notified_message_id", "contact_name", "contact_phone"),
    *("contact_username", "state", "last_message_preview", "opt_out_source"),
    *("is_snoozed", "opted_out", "profile_due", "notes_due", "notifications_due"),
    *("last_message_at", "last_inbound_at", "create_date", "write_date"),
    *("waiting_since", "snoozed_until", "opted_out_at", "profile_at"),
)


class Story:
    """One conversation. Call ``message`` once for each of its messages, in order.

    ``world`` is a World. Ages are seconds before its moment.
    """

    def __init__(self, world, number, ages):
        self.world, self.number, self.ages = world, number, ages
        self.random = world.random
        self.id = world.first.conversation + number
        self.customer = world.customer(number)
        self.channel = self.customer.channel
        self.place = 0
        self.due = []
        self.assignee = self.linked = self.lead = self.starter = None
        self.waiting = self.last = self.last_inbound = None
        self.snoozed = self.snoozed_until = self.snoozer = self.stopped = None
        self.is_closed = False
        self.reacted_age = None
        self.preview = ""
        # By user: the id of the last message read, and of a note that mentions them.
        self.readers, self.mentions = {}, {}
        self.ending = self._ending(len(ages), ages[-1])
        self.starts = self._starts()
        # Without an assignee, any Agent answers.
        self.is_assigned = self.random.random() < 0.85

    # ------------------------------------------------------------------
    # what happens
    # ------------------------------------------------------------------

    def message(self, id_):
        """Return the row of the next message, a tuple of MESSAGE_COLUMNS."""
        age = self.ages[self.place]
        step = self._next_step(age)
        self.place += 1
        return getattr(self, f"_{step}")(id_, age)

    def _ending(self, count, last_age):
        if self.world.is_measured(self.number):
            return ()
        share = next(s for days, s in CLOSED_AFTER if last_age < days * DAY)
        draw = self.random.random()
        by_number = self.channel.kind in ("whatsapp", "sms")
        if draw < 0.012 and by_number and count > len(STOPPED) + 1:
            return STOPPED
        if draw < share:
            return CLOSED
        return SNOOZED if draw > 1 - 0.1 * (1 - share) and count > 2 else ()

    def _starts(self):
        """Return whether an Agent writes first."""
        is_possible = self.channel.kind in ("whatsapp", "sms") and len(self.ages) > 4
        is_possible = is_possible and not self.world.is_measured(self.number)
        return is_possible and self.random.random() < 0.05

    def _next_step(self, age):
        if self.due:
            return self.due.pop()
        left = len(self.ages) - self.place - 1
        if left < len(self.ending):
            return self.ending[-1 - left]
        room = left - len(self.ending)
        if not self.place and self.starts:
            self.due = ["outbound"]
            return "started"
        if self.is_closed:
            self.due = ["reopened"]
        if self.is_closed or not self.place:
            return "inbound"
        return self._free_step(age, room)

    def _free_step(self, age, room):
        """Return a step of an open conversation; ``room`` others may follow."""
        draw = self.random.random()
        if room:
            if not self.waiting and draw < 0.6 and room > 1 and self._pauses(age):
                return "closed"
            if self.is_assigned and not self.assignee and draw < 0.4:
                self.due = ["outbound"] if self.waiting else []
                return "assigned"
            if draw > 0.96 and (link := self._link(draw)):
                return link
        if draw < 0.012:
            return "note"
        if draw < 0.016 and self.assignee:
            return "assigned"
        return "outbound" if draw < (0.62 if self.waiting else 0.3) else "inbound"

    def _link(self, draw):
        if not self.linked and self.customer.has_contact:
            return "linked"
        is_due = not self.lead and draw > 0.985 and self.customer.has_lead
        return "lead_linked" if is_due else None

    def _pauses(self, age):
        return age - self.ages[self.place + 1] > 6 * HOUR

    # ------------------------------------------------------------------
    # messages
    # ------------------------------------------------------------------

    def _inbound(self, id_, age, body=None):
        body = body or self.world.text(self.customer.language.customer, self.customer)
        self.is_closed = False
        self.waiting = self.waiting or (id_, age)
        quoted = self.last if self.random.random() < 0.02 else None
        self._show(id_, age, body)
        self.last_inbound = id_, age
        return self._row(
            id_, age, "inbound", "received", body, None, quoted=quoted, sent=True
        )

    def _stop(self, id_, age):
        self.stopped = id_, age
        return self._inbound(id_, age, STOP)

    def _outbound(self, id_, age):
        draw = self.random.random()
        body = self.world.text(self.customer.language.agent, self.customer)
        if draw < 0.01 and not self.starts:
            return self._sent_outside(id_, age, body)
        author = self._author(age)
        if draw > 0.99:
            return self._not_sent(id_, age, body, author, draw > 0.9985)
        quoted = self.last_inbound and self.last_inbound[0] if draw < 0.03 else None
        self._answered(id_, age, body, author)
        data = None
        if 0.5 < draw < 0.52 and self.channel.kind != "sms":
            data = self._reaction(age)
        state = self.random.choice(TICKS[self.channel.kind])
        return self._row(
            id_, age, "outbound", state, body, author, data, quoted, sent=True
        )

    def _sent_outside(self, id_, age, body):
        self.waiting = None
        self._show(id_, age, body)
        data = {"sent_outside": True}
        return self._row(id_, age, "outbound", "sent", body, None, data, sent=True)

    def _not_sent(self, id_, age, body, author, is_unknown):
        """A message that failed is no answer; one that may have arrived is."""
        waiting = self.waiting
        self._answered(id_, age, body, author)
        if is_unknown:
            error = ("other", None, "Timeout")
            return self._row(id_, age, "outbound", "unknown", body, author, error=error)
        self.waiting = waiting
        error = FAILURES[self.channel.provider]
        return self._row(id_, age, "outbound", "failed", body, author, error=error)

    def _answered(self, id_, age, body, author):
        self.waiting = None
        self._show(id_, age, body)
        self.readers[author] = id_

    def _show(self, id_, age, body):
        self.last, self.last_age, self.preview = id_, age, body

    def _reaction(self, age):
        """Return data with a reaction of the customer, from two minutes later."""
        reacted = max(age - 120, 0)
        self.reacted_age = min(reacted, self.reacted_age or reacted)
        emoji = self.random.choice(EMOJIS)
        when = self.world.time(reacted)
        return {"reactions": {"customer": emoji}, "customer_reacted_at": when}

    def _note(self, id_, age):
        author = self._author(age)
        body = self.world.sentence(NOTES, self.customer.language)
        mentioned = self._agent(age) if self.random.random() < 0.2 else None
        data = None
        if mentioned and mentioned != author:
            data = {"mention_ids": [mentioned]}
            self.mentions[mentioned] = id_
        return self._row(id_, age, "note", None, body, author, data)

    # ------------------------------------------------------------------
    # events
    # ------------------------------------------------------------------

    def _started(self, id_, age):
        self.starter = self._agent(age)
        return self._event(id_, age, "started", self.starter)

    def _assigned(self, id_, age):
        former = self.assignee
        self.assignee = self._agent(age)
        author = self.assignee if self.random.random() < 0.7 else self._agent(age)
        return self._event(id_, age, "assigned", author, former, self.assignee)

    def _closed(self, id_, age):
        self.is_closed, self.waiting = True, None
        self.snoozed = False
        return self._event(id_, age, "closed", self._author(age))

    def _reopened(self, id_, age):
        return self._event(id_, age, "reopened", None, data={"automatic": True})

    def _snoozed(self, id_, age):
        self.snoozed, self.snoozer = True, self._author(age)
        until = None
        if self.random.random() < 0.8:
            self.snoozed_until = -self.random.randint(1, 30) * DAY
            until = self.world.time(self.snoozed_until)
        data = {"until": until or False}
        return self._event(id_, age, "snoozed", self.snoozer, data=data)

    def _opted_out(self, id_, age):
        data = {"source": "customer", "message_id": self.stopped[0], "automatic": True}
        return self._event(id_, age, "opted_out", None, data=data)

    def _linked(self, id_, age):
        self.linked = self.world.first.contact + self.number
        return self._link_event(id_, age, "res.partner", self.linked)

    def _lead_linked(self, id_, age):
        self.lead = self.world.first.lead + self.number
        return self._link_event(id_, age, "crm.lead", self.lead)

    def _link_event(self, id_, age, model, record):
        data = {"model": model, "id": record, "name": self.customer.name}
        return self._event(id_, age, "linked", self._author(age), data=data)

    # ------------------------------------------------------------------
    # who
    # ------------------------------------------------------------------

    def _author(self, age):
        """Return the Agent who acts: mostly the assignee."""
        if self.starter and not self.readers:
            return self.starter
        if self.assignee and self.random.random() < 0.9:
            return self.assignee
        return self._agent(age)

    def _agent(self, age):
        """Return an Agent with access who has already joined."""
        agents, joined = self.channel.agents, self.world.cast.joined
        found = self.random.choice(agents)
        return found if joined.get(found, age) >= age else agents[0]

    # ------------------------------------------------------------------
    # rows
    # ------------------------------------------------------------------

    def _row(
        self, id_, age, direction, state, body, author, data=None, quoted=None,
        error=(None, None, None), sent=False,
    ):  # fmt: skip
        world, time = self.world, self.world.time(age)
        is_ours = author is not None
        is_outbound = direction == "outbound"
        return (
            *(id_, self.id, self.channel.id, direction, state, "text", body),
            *(data and json.dumps(data, ensure_ascii=False), author),
            world.hex(MESSAGE_IDS[self.channel.provider]) if sent else None,
            *((world.uuid(), 0 if is_outbound else None) if is_ours else (None, None)),
            *(time, *error, 1 if is_ours and is_outbound else None, quoted),
            *(None, None, None, author, author, time),
            world.time(max(age - 20, 0)) if is_outbound else time,
        )

    def _event(self, id_, age, type_, author, from_=None, to=None, data=None):
        time = self.world.time(age)
        return (
            *(id_, self.id, self.channel.id, "event", None, "text", None),
            *(data and json.dumps(data, ensure_ascii=False), author, None, None, None),
            *(time, None, None, None, None, None, type_, from_, to),
            *(author or 1, author or 1, time, time),
        )

    def conversation(self):
        """Return the row of the conversation, a tuple of CONVERSATION_COLUMNS."""
        customer, time = self.customer, self.world.time
        inbound, inbound_age = self.last_inbound or (None, None)
        if self.reacted_age is not None:
            inbound_age = min(self.reacted_age, inbound_age or self.reacted_age)
        waiting, waiting_age = self.waiting or (0, None)
        stop, stop_age = self.stopped or (None, None)
        return (
            *(self.id, self.channel.id, self.assignee, self.linked, self.lead),
            *(self.last, inbound, waiting, self.snoozer if self.snoozed else None),
            *(self.starter, stop, self.last, customer.name, customer.phone),
            *(customer.username, "closed" if self.is_closed else "open"),
            *(preview(self.preview), "customer" if stop else None, self.snoozed),
            *(bool(stop), False, False, False, time(self.last_age), time(inbound_age)),
            *(time(self.ages[0]), time(self.ages[-1]), time(waiting_age)),
            *(time(self.snoozed_until if self.snoozed else None), time(stop_age)),
            time(inbound_age if customer.has_profile else None),
        )

    def participations(self):
        """Return {user: (last read message, mention, is it new, draft)}."""
        readers, draw = self.readers, self.random.random
        if self.assignee and draw() < (0.95 if self.is_closed else 0.6):
            readers[self.assignee] = self.last
        if not self.is_closed:
            # Colleagues have looked at it, too.
            for _ in range(self.random.randrange(4)):
                readers[self._agent(self.ages[-1])] = self.last
        for user in self.mentions:
            readers.setdefault(user, None)
        return {
            user: (
                read,
                self.mentions.get(user),
                (read or 0) < self.mentions[user] if user in self.mentions else None,
                self._draft(),
            )
            for user, read in readers.items()
        }

    def _draft(self):
        if self.is_closed or self.random.random() > 0.01:
            return None
        return self.world.sentence(self.customer.language.agent, self.customer.language)

    def tags(self):
        """Return the ids of the conversation's tags: a third has one or two."""
        tags = self.world.cast.tags[self.channel.company_id]
        count = max(self.random.randrange(6) - 3, 0)
        return sorted(set(self.random.choices(tags, k=count)))
