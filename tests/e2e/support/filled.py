"""Compares the rows of a filled database with what the addon derives from messages.

Runs in Odoo's shell. Each check returns what is wrong, nothing if all is well.
"""

import json
from pathlib import Path

from odoo.tools import SQL

from odoo.addons.messaging_inbox.models.conversation.conversation import (
    SECTIONS,
    preview_text,
)
from odoo.addons.messaging_inbox.models.conversation.waiting import FIRST_UNANSWERED

MODELS = ("conversation", "message", "identity", "participation", "channel", "tag")
# Odoo estimates them anew at any time, from what became of other leads.
ESTIMATES = ("probability", "automated_probability")
# The last message, and times, of each conversation.
LATEST = """
    SELECT c.id, max(m.id), max(m.id) FILTER (WHERE m.direction = 'inbound'),
           max(m.sent_at),
           greatest(max(m.sent_at) FILTER (WHERE m.direction = 'inbound'),
                    max((m.data->>'customer_reacted_at')::timestamp))
      FROM messaging_conversation c JOIN messaging_message m
           ON m.conversation_id = c.id AND m.direction IN ('inbound', 'outbound')
     GROUP BY c.id
"""
WAITING = f"SELECT c.id, ({FIRST_UNANSWERED.replace('m.id, m.sent_at', 'm.id', 1)})"
WAITING += " FROM messaging_conversation c WHERE c.state = 'open'"
OPENED = """
    SELECT DISTINCT ON (conversation_id) conversation_id, event_type
      FROM messaging_message WHERE event_type IN ('closed', 'reopened')
     ORDER BY conversation_id, id DESC
"""


def check_all(env, path):
    checks = {name: check for name, check in globals().items() if name[:3] == "is_"}
    wrong = {name: [str(w) for w in check(env)] for name, check in checks.items()}
    Path(path).write_text(json.dumps({name: w[:5] for name, w in wrong.items() if w}))


def _rows(env, query):
    return env.execute_query(SQL(query))


def _conversations(env):
    return env["messaging.conversation"].search([])


def _agents(env):
    return env["res.users"].search([("login", "=like", "agent%")])


def is_last_message_right(env):
    found = {row[0]: row[1:] for row in _rows(env, LATEST)}
    for c in _conversations(env):
        stored = c.last_message_id, c.last_inbound_message_id or None
        stored += c.last_message_at, c.last_inbound_at or None
        if stored != found[c.id]:
            yield c, stored, found[c.id]


def is_preview_right(env):
    for c in _conversations(env):
        body = env["messaging.message"].browse(c.last_message_id).body
        if c.last_message_preview != preview_text(body):
            yield c, c.last_message_preview, body


def is_waiting_right(env):
    first = dict(_rows(env, WAITING))
    messages = env["messaging.message"]
    for c in _conversations(env):
        question = messages.browse(first.get(c.id) or ())
        stored = c.waiting_message_id, c.waiting_since
        if stored != (question.id or 0, question.sent_at):
            yield c, stored, question


def is_state_right(env):
    last = dict(_rows(env, OPENED))
    for c in _conversations(env):
        if (c.state == "closed") != (last.get(c.id) == "closed"):
            yield c, c.state, last.get(c.id)
        if c.is_snoozed and (c.state == "closed" or not c.snoozed_by_id):
            yield c, "snoozed"


def is_unread_count_right(env):
    """Count from the read markers, in Python."""
    seen = set()
    for user in _agents(env)[:8]:
        joined = env["messaging.availability"].search([("user_id", "=", user.id)])
        for c in _conversations(env.user.with_user(user).env):
            own = env["messaging.participation"].search(
                [("conversation_id", "=", c.id), ("user_id", "=", user.id)]
            )
            # Odoo shows a missing marker as 0, too; such rows only hold mentions.
            marker = own.last_read_message_id or joined.first_message_id
            inbound = c.sudo().message_ids.filtered(lambda m: m.direction == "inbound")
            expected = min(sum(m.id > marker for m in inbound), 100)
            seen.add(bool(expected))
            if c.unread_count != expected:
                yield user.login, c, c.unread_count, expected
    if seen != {True, False}:
        yield "all are read, or all are unread"


def is_each_conversation_in_its_section(env):
    filled = set()
    for user in _agents(env)[:8]:
        Conversation = env.user.with_user(user).env["messaging.conversation"]
        for c in Conversation.search([]):
            found = [
                name
                for name, _label in SECTIONS
                if c.filtered_domain(Conversation._section_domain(name))
            ]
            if found != [c.section]:
                yield user.login, c, c.section, found
        filled |= {
            name
            for name, _label in SECTIONS
            if Conversation.search(Conversation._section_domain(name), limit=1)
        }
    yield from {name for name, _label in SECTIONS} - filled


def is_everybody_entitled(env):
    users_of = {c: c._users_with_access() for c in env["messaging.channel"].search([])}
    for c in _conversations(env):
        people = c.user_id | c.message_ids.author_id
        people |= (
            env["messaging.participation"]
            .search([("conversation_id", "=", c.id)])
            .user_id
        )
        if people - users_of[c.channel_id]:
            yield c, people - users_of[c.channel_id]
        if (
            c.tag_ids.company_id - c.company_id
            or c.partner_id.company_id - c.company_id
        ):
            yield c, "belongs to another company"


def is_opt_out_proved(env):
    numbers = set(env["phone.blacklist"].search([]).mapped("number"))
    opted_out = _conversations(env).filtered("opted_out")
    if not opted_out:
        yield "no opt-outs"
    for c in opted_out:
        events = c.message_ids.mapped("event_type")
        proof = (
            c.opt_out_message_id.body,
            c.opted_out_at == c.opt_out_message_id.sent_at,
        )
        if proof != ("STOP", True) or "opted_out" not in events:
            yield c, proof, events
        if c.contact_phone not in numbers:
            yield c, "not on the blacklist"


def is_each_customer_known(env):
    for c in _conversations(env):
        if not c.identity_ids or c.identity_ids.channel_id != c.channel_id:
            yield c, c.identity_ids


def is_required_column_filled(env):
    for name in MODELS:
        model = env[f"messaging.{name}"]
        for field in model._fields.values():
            if field.required and field.store and field.type != "boolean":
                if empty := model.search_count([(field.name, "=", False)]):
                    yield field, empty


def is_record_as_odoo_computes_it(env):
    """Compute again what Odoo stores of linked contacts and leads."""
    for field in ("partner_id", "lead_id"):
        records = _conversations(env)[field]
        if not records:
            yield field, "links nothing"
        stored = [
            f
            for f in records._fields.values()
            if f.store and f.compute and f.column_type and f.name not in ESTIMATES
        ]
        before = records.read([f.name for f in stored], load=None)
        for f in stored:
            if f.readonly or f.name in ("phone_sanitized", "messaging_phones"):
                env.add_to_compute(f, records)
        env.flush_all()
        env.invalidate_all()
        after = records.read([f.name for f in stored], load=None)
        for one, other in zip(before, after, strict=True):
            yield from (
                (records, k, one[k], other[k]) for k in one if one[k] != other[k]
            )


def is_usable_by_an_agent(env):
    user = _agents(env)[0]
    env = env.user.with_user(user).env
    inbox = env["messaging.conversation"]
    init = inbox.inbox_init()
    if len(init["channels"]) < 5 or not init["counters"]["totals"]["others"]:
        yield init["counters"], init["channels"]
    rows = [row for name, _ in SECTIONS for row in inbox.inbox_list(name)["rows"]]
    for row in rows:
        opened = inbox.inbox_open(row["id"])
        if not opened["messages"] or opened["row"] != row:
            yield row, opened["row"]
    hits = inbox.inbox_search_messages("tomorrow")["hits"]
    names = inbox.inbox_list(False, "an")["rows"]
    if not (rows and hits and names):
        yield len(rows), len(hits), len(names)
