"""Reactions, edits and unsent messages, and answers outside Odoo."""

from ..errors import Refused
from ..model import Message
from . import events, webhook
from .receive import message_sid, post_events
from .sending import carry
from .subscriptions import callback

MOST_EDITS = 5


async def react(phone, row, emoji):
    before = row.reactions.get("customer", "")
    keep_reaction(phone, row, emoji)
    return await _post_event(
        phone, row, "reaction", events.reaction(row, emoji, before)
    )


async def edit(phone, row, body):
    keep_edit(phone, row, body)
    return await _post_event(phone, row, "edit", events.edit(row))


async def unsend(phone, row):
    """Unsend a message: only Instagram reports it, so that Odoo deletes it too."""
    empty(phone, row)
    if phone.store.lines[row.line_sid].kind == "messenger":
        return None
    return await _post_event(phone, row, "unsend", events.unsend(row))


def keep_reaction(phone, row, emoji):
    """Store a customer's reaction; it opens the reply window, as a message does."""
    reactions = {**row.reactions, "customer": emoji}
    kept = {who: what for who, what in reactions.items() if what}
    phone.store.update(row, reactions=kept)
    if emoji:
        conversation = phone.store.conversation_of(row)
        conversation.last_inbound_at = row.updated_at
        phone.store.changed("conversation", conversation)


def keep_edit(phone, row, body):
    if row.edits >= MOST_EDITS:
        raise Refused("A message can be edited five times at most.", 409)
    phone.store.update(row, body=body, edits=row.edits + 1)


def empty(phone, row):
    """Remove the content of a message that was unsent."""
    phone.store.update(row, body="", media=[], reactions={}, unsent=True)


async def _post_event(phone, row, kind, content):
    line = phone.store.lines[row.line_sid]
    customer = phone.store.customers[row.customer_id]
    event = events.by_customer(phone, line, customer, **content)
    return await post_events(phone, [(line, event, False)], kind, [row.sid])


async def outside(phone, line, customer, body, media):
    """Answer as the shop in Meta's own inbox, outside Odoo."""
    row = Message(
        sid=message_sid(line, bool(media)),
        line_sid=line.sid,
        customer_id=customer.id,
        direction="outbound",
        body=body,
        media=media,
        status="sent",
        extra={"outside": True},
    )
    phone.store.add_message(row)
    await carry(phone, row)
    return row


async def post(phone, line, body, signature=None):
    """Post any body, even a wrong one, with a correct or the given signature."""
    return await webhook.post_raw(phone, line, callback(phone, line), body, signature)
