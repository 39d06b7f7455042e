"""Post customers' messages to Odoo, and read Odoo's answer as Twilio does."""

import asyncio
from xml.etree import ElementTree

from ..delivery import ANSWER_LIMIT, nothing
from ..model import new_sid
from . import inbound, opt_out, services, webhook

XML_TYPES = ("text/xml", "application/xml", "text/html")
KNOWN_TYPES = (*XML_TYPES, "text/plain")


def message_sid(line, has_media):
    return new_sid("MM" if has_media else "SM")


def line_changed(phone, line):
    """Do nothing: no other data depends on a number."""


async def receive(phone, messages):
    """Post the messages of an album at once, one webhook each."""
    found = await asyncio.gather(*(deliver(phone, each) for each in messages))
    for message, outcome in zip(messages, found, strict=True):
        # Odoo gets the message before Twilio answers a keyword.
        opt_out.obey(phone, phone.store.lines[message.line_sid], message)
        for text in _replies(outcome):
            opt_out.answer(phone, message, text)
    return found


async def deliver(phone, message):
    line = phone.store.lines[message.line_sid]
    account = phone.store.accounts[line.account_sid]
    customer = phone.store.customers[message.customer_id]
    quoted = phone.store.messages.get(message.reply_to)
    url, service = services.webhook_of(phone, line)
    fields = inbound.fields(account, line, customer, message, quoted, service)
    if service:
        message.extra["service"] = service.sid
    if url:
        outcome = await webhook.post(phone, account, url, fields)
    elif service:
        message.extra["dropped"] = True
        outcome = nothing("The Messaging Service has no webhook: Twilio drops this.")
    else:
        outcome = nothing("No webhook is registered for this number yet.")
    _conclude(phone, message, outcome)
    entry = {"kind": "message", "sid": message.sid, "url": url}
    return phone.log(phone.webhooks, **entry, fields=fields, **outcome)


def _conclude(phone, message, outcome):
    outcome["alert"] = alert(outcome)
    shown = ("status", "elapsed", "error", "attempts", "alert")
    summary = {name: outcome[name] for name in shown}
    status = "received" if 200 <= (outcome["status"] or 0) < 300 else "failed"
    phone.store.update(message, webhook=summary, status=status)


def alert(outcome):
    """Return the code that Twilio's debugger would show, or None."""
    if outcome["failure"] == "ct":
        return 11205
    if outcome["failure"] or not outcome["status"]:
        return 11200
    if len(outcome["body"]) >= ANSWER_LIMIT:
        return 11750
    kind = outcome["content_type"].split(";")[0].strip()
    return None if kind in KNOWN_TYPES or outcome["status"] == 204 else 12300


def _replies(outcome):
    """Return the texts that Twilio sends to the customer: plain text, or TwiML."""
    if outcome["failure"] or not outcome["body"].strip():
        return []
    kind = outcome["content_type"].split(";")[0].strip()
    if kind == "text/plain":
        return [outcome["body"].strip()]
    if kind not in XML_TYPES:
        return []
    try:
        root = ElementTree.fromstring(outcome["body"].strip())
    except ElementTree.ParseError:
        return []
    return ["".join(each.itertext()).strip() for each in root.iter("Message")]
