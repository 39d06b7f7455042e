"""Reactions, edits and deleted messages; answers from the business's phone app."""

import json

from ..errors import Refused
from ..meta import webhook
from ..model import Message
from . import events
from .receive import message_sid, post_value
from .subscriptions import callback

MOST_EDITS = 5


async def react(phone, row, emoji):
    reactions = {**row.reactions, "customer": emoji}
    kept = {who: what for who, what in reactions.items() if what}
    phone.store.update(row, reactions=kept)
    if emoji:
        _touch(phone, row)
    return await _post(phone, row, "reaction", events.reaction(row, emoji))


async def edit(phone, row, body):
    if row.edits >= MOST_EDITS:
        raise Refused("A message can be edited five times at most.", 409)
    phone.store.update(row, body=body, edits=row.edits + 1)
    return await _post(phone, row, "edit", events.edit(phone, row))


async def unsend(phone, row):
    """Delete a message for everyone."""
    phone.store.update(row, body="", media=[], reactions={}, unsent=True)
    return await _post(phone, row, "revoke", events.revoke(row))


def _touch(phone, row):
    """Open the reply window, as a message does."""
    conversation = phone.store.conversation_of(row)
    conversation.last_inbound_at = row.updated_at
    phone.store.changed("conversation", conversation)


async def _post(phone, row, kind, content):
    line = phone.store.lines[row.line_sid]
    customer = phone.store.customers[row.customer_id]
    sid = message_sid(line, False)
    value = events.by_customer(line, customer, sid, kind, **content)
    return await post_value(phone, line, "messages", value, kind, row.sid)


async def outside(phone, line, customer, body, media):
    """Answer from the WhatsApp Business app on the shop's own phone."""
    row = Message(
        sid=message_sid(line, bool(media)),
        line_sid=line.sid,
        customer_id=customer.id,
        direction="outbound",
        body=body,
        media=media,
        status="delivered",
        extra={"outside": True},
    )
    phone.store.add_message(row)
    value = events.echo(phone, row)
    await post_value(phone, line, "smb_message_echoes", value, "echo", row.sid)
    return row


async def post(phone, line, body, signature=None):
    """Post any body, even a wrong one, with a correct or the given signature."""
    found = callback(phone, line)
    if not found:
        raise Refused("This number has no webhook subscription yet.", 409)
    account = phone.store.accounts[line.account_sid]
    content = body.encode() if isinstance(body, str) else webhook.dump(body)
    url = found["callback_url"]
    outcome = await webhook.send(phone, account, url, content, signature)
    entry = {"kind": "raw", "sid": "", "url": url, "fields": _readable(content)}
    return phone.log(phone.webhooks, **entry, **outcome)


def _readable(content):
    try:
        return json.loads(content)
    except ValueError:
        return {}
