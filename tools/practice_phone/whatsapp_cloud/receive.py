"""Post customers' messages and other events to Odoo."""

import base64
import secrets

from ..delivery import nothing
from ..meta import webhook
from . import events
from .subscriptions import callback_of


def message_sid(line, has_media):
    return "wamid." + base64.b64encode(secrets.token_hex(20).encode()).decode()


async def receive(phone, messages):
    """Post the messages at once, each in a body of its own, as Meta mostly does."""
    return [await deliver(phone, each) for each in messages]


async def deliver(phone, row):
    line = phone.store.lines[row.line_sid]
    entry = await post_value(
        phone, line, "messages", events.message(phone, row), "message", row.sid
    )
    shown = ("status", "elapsed", "error", "attempts")
    summary = {name: entry[name] for name in shown}
    status = "received" if 200 <= (entry["status"] or 0) < 300 else "failed"
    phone.store.update(row, webhook=summary, status=status)
    return entry


async def post_value(phone, line, field, value, kind, sid=""):
    """Post one event of a number, if a webhook is subscribed to its field."""
    business = phone.store.businesses.get(line.page_sid)
    return await post_of(phone, business, field, value, kind, sid, line)


async def post_of(phone, business, field, value, kind, sid="", line=None):
    """Post one event of a business account; log the outcome."""
    account = phone.store.accounts[business.account_sid]
    body = events.envelope(business.sid, field, value)
    found = callback_of(phone, business, field, line)
    url = found["callback_url"] if found else ""
    if not found or field not in found["fields"]:
        outcome = nothing(f"No app subscribed to {field} of this business account.")
    elif not account.live:
        outcome = nothing("The app is in development mode: Meta posts nothing.")
    else:
        outcome = await webhook.send(phone, account, url, webhook.dump(body))
    outcome["alert"] = None
    entry = {"kind": kind, "sid": sid, "url": url}
    return phone.log(phone.webhooks, **entry, fields=body, **outcome)
