"""An outbound message, from acceptance to the customer's phone."""

import asyncio
import secrets

from ..model import Media, Message
from ..reports import Reports
from . import events
from .contract import check_for, emoji_of
from .errors import GraphError, wrong
from .receive import message_sid, post_events

MEGABYTE = 1024 * 1024
IMAGE_LIMIT, LIMIT = 8 * MEGABYTE, 25 * MEGABYTE
INSTAGRAM_TYPES = {
    "image": ("image/png", "image/jpeg", "image/gif"),
    "audio": ("audio/aac", "audio/mp4", "audio/x-m4a", "audio/wav", "audio/x-wav"),
    "video": (
        *("video/mp4", "video/ogg", "video/x-msvideo", "video/quicktime"),
        "video/webm",
    ),
    "file": ("application/pdf",),
}


def ends(phone, page, recipient):
    """Return line and customer; a Page's token also sends for its Instagram account."""
    customer = phone.store.customer_at(recipient)
    for line in phone.store.lines.values():
        ours = page.sid in (line.sid, line.page_sid)
        if ours and customer and customer.ids.get(line.sid) == recipient:
            return line, customer
    raise GraphError(100, 2018001)


def check_window(phone, line, customer, order):
    conversation = phone.store.conversation(line.sid, customer.id)
    tagged = order.tag == "HUMAN_AGENT"
    if conversation.is_open() or tagged and conversation.is_open_for_people():
        return
    raise GraphError(10, 2534022 if line.kind == "instagram" else 2018278)


async def accept(phone, page, order):
    """Check the message as Meta does before it answers; nothing fails later."""
    line, customer = ends(phone, page, order.recipient)
    check_for(line, order)
    check_window(phone, line, customer, order)
    if order.reply_to and order.reply_to not in phone.store.messages:
        raise wrong("Invalid reply_to mid")
    media = [_file(phone, line, order.attachment)] if order.attachment else []
    extra = {"metadata": order.metadata, "tag": order.tag}
    message = Message(
        sid=message_sid(line, bool(media)),
        line_sid=line.sid,
        customer_id=customer.id,
        direction="outbound",
        body=order.text,
        media=media,
        reply_to=order.reply_to,
        status="sent",
        extra={name: value for name, value in extra.items() if value},
    )
    return phone.store.add_message(message)


def react(phone, page, reaction):
    """Show the shop's reaction at a customer's message, in place of the one before."""
    line, customer = ends(phone, page, reaction.recipient)
    emoji = emoji_of(line, reaction)
    row = phone.store.messages.get(reaction.message)
    place = row and (row.line_sid, row.customer_id, row.direction)
    if place != (line.sid, customer.id, "inbound") or row.unsent:
        raise wrong("Invalid message_id")
    check_window(phone, line, customer, reaction)
    reactions = {**row.reactions, "us": emoji}
    kept = {who: what for who, what in reactions.items() if what}
    phone.store.update(row, reactions=kept)


# -- files ------------------------------------------------------------------------


def _file(phone, line, attachment):
    name = (attachment.get("payload") or {}).get("attachment_id")
    media = phone.store.uploads.get(str(name))
    if not media:
        raise wrong("Invalid attachment_id", 2018074)
    check_file(line, attachment["type"], media)
    return media


async def keep(phone, attachment, file):
    """Store an uploaded file."""
    if not hasattr(file, "read"):
        raise wrong("The parameter filedata is required")
    content, kind = await file.read(), attachment["type"]
    media = Media(file.content_type.partition(";")[0].strip(), file.filename or "")
    if kind != "file" and media.content_type.split("/")[0] != kind:
        raise GraphError(100, 2018047)
    if len(content) > (IMAGE_LIMIT if kind == "image" else LIMIT) or not content:
        raise GraphError(100, 2018047)
    return phone.store.write_media(media, content)


def check_file(line, kind, media):
    known = INSTAGRAM_TYPES[kind]
    if line.kind == "instagram" and media.content_type not in known:
        raise GraphError(100, 2018047)


def new_upload(phone, media):
    """Store an upload under an attachment id, a long number."""
    name = str(secrets.randbelow(9 * 10**15) + 10**15)
    phone.store.uploads[name] = media
    phone.store.dirty = True
    return name


# -- on the way ---------------------------------------------------------------------


class Echoes(Reports):
    async def _post(self, kind, event):
        if self.message.sid in self.phone.store.messages:
            line = self.phone.store.lines[self.message.line_sid]
            await post_events(
                self.phone, [(line, event, False)], kind, [self.message.sid]
            )


async def carry(phone, message):
    """Post the echo at once, even before Odoo commits our answer; then the delivery."""
    reports = Echoes(phone, message, phone.faults.for_callbacks())
    line = phone.store.lines[message.line_sid]
    customer = phone.store.customers[message.customer_id]
    await reports.deliver("echo", events.echo(phone, message))
    await asyncio.sleep(phone.pace)
    phone.store.update(message, status="delivered")
    if line.kind == "messenger":
        event = events.by_customer(phone, line, customer, **events.delivery([message]))
        await reports.deliver("delivery", event)
    await reports.release()


async def read(phone, messages):
    """Mark messages as read; report them by one watermark if receipts are on."""
    seen = [each for each in messages if not each.seen and each.status == "delivered"]
    for each in seen:
        phone.store.update(each, seen=True, status="read")
    if not seen:
        return
    line = phone.store.lines[seen[0].line_sid]
    customer = phone.store.customers[seen[0].customer_id]
    if customer.read_receipts:
        event = events.by_customer(phone, line, customer, **events.read(line, seen))
        await post_events(
            phone, [(line, event, False)], "read", [each.sid for each in seen]
        )
