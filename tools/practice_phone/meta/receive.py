"""Post customers' actions to Odoo, several at once in one body."""

import secrets

from ..delivery import nothing
from . import events, webhook
from .subscriptions import OBJECTS, wants

# The subscription fields of Messenger and Instagram for an event, by its key
FIELDS = {
    "postback": ("messaging_postbacks", "messaging_postbacks"),
    "referral": ("messaging_referrals", "messaging_referral"),
    "reaction": ("message_reactions", "message_reactions"),
    "message_edit": ("message_edits", "message_edit"),
    "delivery": ("message_deliveries", ""),
    "read": ("message_reads", "messaging_seen"),
    "optin": ("messaging_optins", "messaging_optins"),
    "policy_enforcement": (
        "messaging_policy_enforcement",
        "messaging_policy_enforcement",
    ),
    "account_linking": ("messaging_account_linking", ""),
    "messaging_feedback": ("messaging_feedback", ""),
    "pass_thread_control": ("messaging_handovers", "messaging_handover"),
    "take_thread_control": ("messaging_handovers", "messaging_handover"),
    "request_thread_control": ("messaging_handovers", "messaging_handover"),
    "app_roles": ("messaging_handovers", "messaging_handover"),
}


def message_sid(line, has_media):
    if line.kind == "instagram":
        return "aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlEOj" + secrets.token_hex(40)
    return "m_" + secrets.token_urlsafe(64)


def field_of(line, event, standby):
    is_instagram = line.kind == "instagram"
    if standby:
        return "standby"
    message = event.get("message")
    if message and message.get("is_echo") and not is_instagram:
        return "message_echoes"
    for key, names in FIELDS.items():
        if key in event:
            return names[is_instagram]
    return "messages"


async def receive(phone, messages):
    """Post all messages at once, in one body per kind of object."""
    bodies = {}
    for each in messages:
        line = phone.store.lines[each.line_sid]
        bodies.setdefault((line.account_sid, line.kind), []).append(each)
    return [await _deliver(phone, rows) for rows in bodies.values()]


async def deliver(phone, message):
    return await _deliver(phone, [message])


async def _deliver(phone, rows):
    pairs = [_pair(phone, row) for row in rows]
    entry = await post_events(phone, pairs, "message", [row.sid for row in rows])
    shown = ("status", "elapsed", "error", "attempts")
    summary = {name: entry[name] for name in shown}
    status = "received" if 200 <= (entry["status"] or 0) < 300 else "failed"
    for row in rows:
        phone.store.update(row, webhook=summary, status=status)
    return entry


def _pair(phone, row):
    line = phone.store.lines[row.line_sid]
    return line, events.message(phone, row), bool(row.extra.get("standby"))


async def post_events(phone, pairs, kind, sids=("",)):
    """Post the (line, event, standby) with a subscription; log the outcome."""
    wanted = [
        (line, event, standby)
        for line, event, standby in pairs
        if wants(phone, line, field_of(line, event, standby))
    ]
    line = pairs[0][0]
    if wanted:
        body = events.envelope(phone, wanted)
        outcome = await webhook.post(phone, line, body)
    else:
        body = events.envelope(phone, pairs)
        outcome = nothing(f"No app subscribed to this {OBJECTS[line.kind]} event.")
    outcome["alert"] = None
    entry = {"kind": kind, "sid": sids[0], "sids": list(sids), "url": line.webhook_url}
    return phone.log(phone.webhooks, **entry, fields=body, **outcome)
