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
    """Post the messages of a number at once, in one body, as Meta may do."""
    bodies = {}
    for each in messages:
        bodies.setdefault(each.line_sid, []).append(each)
    return [await _deliver(phone, rows) for rows in bodies.values()]


async def deliver(phone, message):
    return await _deliver(phone, [message])


async def _deliver(phone, rows):
    line = phone.store.lines[rows[0].line_sid]
    business = phone.store.businesses[line.page_sid]
    values = [events.message(phone, row) for row in rows]
    entry = await _post(
        phone, business, "messages", values, "message", rows[0].sid, line
    )
    shown = ("status", "elapsed", "error", "attempts")
    summary = {name: entry[name] for name in shown}
    status = "received" if 200 <= (entry["status"] or 0) < 300 else "failed"
    for row in rows:
        phone.store.update(row, webhook=summary, status=status)
    return entry


async def post_value(phone, line, field, value, kind, sid=""):
    """Post one event of a number, if a webhook is subscribed to its field."""
    business = phone.store.businesses.get(line.page_sid)
    return await _post(phone, business, field, [value], kind, sid, line)


async def post_of(phone, business, field, value, kind, sid=""):
    """Post one event of a business account, as `post_value` does of a number."""
    return await _post(phone, business, field, [value], kind, sid)


async def _post(phone, business, field, values, kind, sid="", line=None):
    """Post events in one body; log the outcome."""
    account = phone.store.accounts[business.account_sid]
    body = events.envelope(business.sid, field, values)
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
