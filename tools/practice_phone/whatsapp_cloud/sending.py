"""An outbound message, from acceptance to the customer's phone."""

import asyncio
import time
import weakref

from ..model import Media, Message
from ..reports import Reports
from ..spelling import other_spelling
from . import events, media, templates
from .contract import FILES, check_read_mark
from .errors import TEXTS, CloudError
from .receive import message_sid, post_value

# How long WhatsApp shows that the shop is typing
TYPING_SECONDS = 25
_turns = weakref.WeakValueDictionary()


def accept(phone, line, order):
    """Return Meta's answer, and the message unless it is a reaction or dropped.

    Most failures come later, as a status.
    """
    if order.is_dropped:
        # As Meta does: an answer like any other, and nothing more.
        return _answer(order, {"wa_id": order.to}, message_sid(line, False)), None
    customer = _customer(phone, order)
    if order.kind == "reaction":
        return _react(phone, line, customer, order), None
    message = Message(
        sid=message_sid(line, False),
        line_sid=line.sid,
        customer_id=customer.id,
        direction="outbound",
        status="accepted",
        reply_to=order.reply_to if order.reply_to in phone.store.messages else "",
        **_content(phone, line, order),
    )
    if order.reference:
        message.extra["reference"] = order.reference
    if order.to and f"+{events.digits(order.to)}" != customer.phone:
        message.extra["address"] = customer.phone
    phone.store.add_message(message)
    return _answer(order, _known_as(customer), message.sid), message


def _answer(order, names, sid):
    contact = {"input": order.to or order.recipient, **names}
    body = {"messaging_product": "whatsapp", "contacts": [contact]}
    return {**body, "messages": [{"id": sid}]}


def _known_as(customer):
    names = {"wa_id": events.number_of(customer), "user_id": customer.bsuid or None}
    return events.without_nothing(names)


def _customer(phone, order):
    """Return the recipient; an unknown number gets a new phone."""
    if order.recipient:
        found = phone.store.customer_at(order.recipient)
        return found or phone.store.add_customer("", bsuid=order.recipient)
    number = f"+{events.digits(order.to)}"
    found = phone.store.customer_at(number)
    found = found or phone.store.customer_at(other_spelling(number))
    return found or phone.store.add_customer(number, phone=number)


def _content(phone, line, order):
    """Return the fields of a message by its content."""
    values = order.content
    if order.kind == "text":
        return {"body": values["body"], "extra": {}}
    if order.kind == "location":
        place = {name: float(values[name]) for name in ("latitude", "longitude")}
        place |= {"label": values.get("name", ""), "address": values.get("address", "")}
        return {"location": place, "extra": {}}
    if order.kind == "template":
        return templates.as_message(phone, line, order)
    found = phone.store.uploads.get(str(values.get("id")))
    if not found:
        raise CloudError(131009, f"Param {order.kind}['id'] is not a media id.")
    copy = Media(found.content_type, values.get("filename") or found.filename)
    copy.size, copy.sid, copy.voice = found.size, found.sid, bool(values.get("voice"))
    return {"body": values.get("caption", ""), "media": [copy], "extra": {}}


def _react(phone, line, customer, order):
    """Show the shop's reaction at a customer's message; only `sent` is reported."""
    row = phone.store.messages.get(order.content["message_id"])
    place = row and (row.line_sid, row.customer_id)
    if place != (line.sid, customer.id) or row.unsent:
        raise CloudError(131009, "Param reaction['message_id'] is unknown.")
    if not phone.store.conversation_of(row).is_open():
        raise CloudError(131047, "More than 24 hours have passed.")
    reactions = {**row.reactions, "us": order.content["emoji"]}
    phone.store.update(row, reactions={k: v for k, v in reactions.items() if v})
    return _answer(order, _known_as(customer), message_sid(line, False))


def mark_read(phone, line, values):
    """Show the customer that the shop has read up to here, and maybe is typing."""
    row = phone.store.messages.get(check_read_mark(values))
    if not row or row.line_sid != line.sid or row.direction != "inbound":
        raise CloudError(131009, "Param message_id is not a message to this number.")
    for each in list(phone.store.messages.values()):
        same = (each.line_sid, each.customer_id) == (row.line_sid, row.customer_id)
        unread = each.direction == "inbound" and not each.extra.get("read_by_shop")
        if same and unread and each.created_at <= row.created_at:
            phone.store.update(each, extra={**each.extra, "read_by_shop": True})
    if "typing_indicator" in values:
        conversation = phone.store.conversation_of(row)
        conversation.typing_until = time.time() + TYPING_SECONDS
        phone.store.changed("conversation", conversation)


# -- on the way ---------------------------------------------------------------------


class Statuses(Reports):
    async def say(self, word):
        """Report a status; a lock keeps `read` from overtaking `delivered`."""
        turn = _turns.setdefault(self.message.sid, asyncio.Lock())
        async with turn:
            self.phone.store.update(self.message, status=word)
            await self.deliver(word)

    async def fail(self, code, details=""):
        self.message.error_code = code
        self.message.error_message = details or TEXTS.get(code, "")
        await self.say("failed")

    async def _post(self, word):
        store = self.phone.store
        if self.message.sid in store.messages:
            line = store.lines[self.message.line_sid]
            customer = store.customers[self.message.customer_id]
            found = events.status(line, customer, self.message, word)
            await post_value(
                self.phone, line, "messages", found, "status", self.message.sid
            )


async def carry(phone, message, order):
    """Carry an accepted message through its statuses; each step may fail."""
    statuses = Statuses(phone, message, phone.faults.for_callbacks())
    await asyncio.sleep(phone.pace)
    failure = _failure(phone, message, order)
    if not failure and statuses.trouble == "fail":
        failure = statuses.fault.error_code, ""
    if failure:
        await statuses.fail(*failure)
        return
    _stop_typing(phone, message)
    await statuses.say("sent")
    await asyncio.sleep(phone.pace)
    await statuses.say("delivered")
    await statuses.release()


def _failure(phone, message, order):
    """Return (error code, details) if the message can't be delivered, else None."""
    customer = phone.store.customers[message.customer_id]
    conversation = phone.store.conversation_of(message)
    if customer.whatsapp != "on":
        return 131026, "The recipient may not be on WhatsApp."
    if order.kind == "template":
        is_marketing = message.extra.get("category") == "marketing"
        stopped = is_marketing and conversation.opted_out
        return (131050, "") if stopped else None
    if not conversation.is_open():
        return 131047, (
            "Message failed to send because more than 24 hours have passed since the"
            " customer last replied to this number."
        )
    if order.kind not in FILES:
        return None
    return media.check(order.kind, order.content, message.media[0])


def _stop_typing(phone, message):
    conversation = phone.store.conversation_of(message)
    if conversation.typing_until:
        conversation.typing_until = 0.0
        phone.store.changed("conversation", conversation)


async def read(phone, messages):
    """Mark as read, and voice notes as played; report it if receipts are on."""
    for message in messages:
        customer = phone.store.customers[message.customer_id]
        if message.seen or message.status != "delivered":
            continue
        phone.store.update(message, seen=True)
        if customer.read_receipts:
            await Statuses(phone, message).say("read")
            if any(each.voice for each in message.media):
                await Statuses(phone, message).say("played")
