"""Reactions, edits and deleted messages; answers from the business's phone app."""

from ..meta import webhook
from ..meta.gestures import empty, keep_edit, keep_reaction
from ..model import Message
from . import events
from .receive import message_sid, post_value
from .subscriptions import callback


async def react(phone, row, emoji):
    keep_reaction(phone, row, emoji)
    return await _post(phone, row, "reaction", events.reaction(row, emoji))


async def edit(phone, row, body):
    keep_edit(phone, row, body)
    return await _post(phone, row, "edit", events.edit(phone, row))


async def unsend(phone, row):
    """Delete a message for everyone."""
    empty(phone, row)
    return await _post(phone, row, "revoke", events.revoke(row))


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
    return await webhook.post_raw(phone, line, callback(phone, line), body, signature)
