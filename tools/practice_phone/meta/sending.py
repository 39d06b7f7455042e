"""A message of Odoo's, from acceptance to the customer's phone."""

import asyncio
import secrets
import time
from urllib.parse import unquote, urlsplit

import httpx

from ..model import Media, Message
from ..network import is_near
from . import events
from .contract import check_for
from .errors import GraphError, wrong
from .receive import message_sid, post_events

FETCH_SECONDS = 10
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
SEEN_SECONDS = 25


def ends(phone, page, recipient):
    """The line and the customer: a Page's token sends for its Instagram as well."""
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
    """What Meta checks before it answers; nothing goes wrong later."""
    line, customer = ends(phone, page, order.recipient)
    check_for(line, order)
    check_window(phone, line, customer, order)
    if order.reply_to and order.reply_to not in phone.store.messages:
        raise wrong("Invalid reply_to mid")
    files = [await _file(phone, line, each, order) for each in order.attachments]
    extra = {"metadata": order.metadata, "tag": order.tag}
    message = Message(
        sid=message_sid(line, bool(files)),
        line_sid=line.sid,
        customer_id=customer.id,
        direction="outbound",
        body=order.text,
        media=files,
        reply_to=order.reply_to,
        status="sent",
        extra={name: value for name, value in extra.items() if value},
    )
    return phone.store.add_message(message)


# -- files ------------------------------------------------------------------------


async def _file(phone, line, attachment, order):
    payload = attachment.get("payload") or {}
    if payload.get("attachment_id"):
        media = phone.store.uploads.get(str(payload["attachment_id"]))
        if not media:
            raise wrong("Invalid attachment_id", 2018074)
    else:
        media = await keep(phone, attachment, order.upload)
    check_file(line, attachment["type"], media)
    return media


async def keep(phone, attachment, upload):
    """A file that came with the request, or that Meta is to fetch."""
    if upload is not None and hasattr(upload, "read"):
        content = await upload.read()
        media = Media(_bare(upload.content_type), upload.filename or "")
    else:
        url = (attachment.get("payload") or {}).get("url", "")
        media, content = await _fetch(phone, url)
    kind = attachment["type"]
    if kind != "file" and media.content_type.split("/")[0] != kind:
        raise GraphError(100, 2018047)
    if len(content) > (IMAGE_LIMIT if kind == "image" else LIMIT) or not content:
        raise GraphError(100, 2018047)
    return phone.store.write_media(media, content)


def check_file(line, kind, media):
    known = INSTAGRAM_TYPES[kind]
    if line.kind == "instagram" and media.content_type not in known:
        raise GraphError(100, 2018047)


async def _fetch(phone, url):
    lost = GraphError(100, 2018008)
    if not await is_near(url):
        raise lost
    try:
        answer = await phone.client.get(
            url, follow_redirects=True, timeout=FETCH_SECONDS
        )
    except httpx.HTTPError:
        raise lost from None
    if answer.status_code != 200:
        raise lost
    name = unquote(urlsplit(url).path.rsplit("/", 1)[-1])
    return Media(_bare(answer.headers.get("content-type")), name), answer.content


def _bare(content_type):
    return (content_type or "").split(";")[0].strip()


def new_upload(phone, media):
    """Ids of attachments are long numbers."""
    name = str(secrets.randbelow(9 * 10**15) + 10**15)
    phone.store.uploads[name] = media
    phone.store.dirty = True
    return name


# -- on the way ---------------------------------------------------------------------


class Reports:
    """Tells Odoo about one message, with the trouble that was ordered for it."""

    def __init__(self, phone, message, fault=None):
        self.phone, self.message, self.fault = phone, message, fault
        self.trouble = fault.callbacks if fault else ""
        self.held = []

    async def say(self, kind, event):
        if self.trouble == "drop":
            return
        if self.trouble == "reorder":
            self.held.append((kind, event))
            return
        if self.trouble == "delay":
            await asyncio.sleep(self.fault.seconds)
        copies = 2 if self.trouble == "duplicate" else 1
        await asyncio.gather(*(self._post(kind, event) for _ in range(copies)))

    async def release(self):
        for kind, event in reversed(self.held):
            await self._post(kind, event)
        self.held = []

    async def _post(self, kind, event):
        if self.message.sid in self.phone.store.messages:
            line = self.phone.store.lines[self.message.line_sid]
            await post_events(
                self.phone, [(line, event, False)], kind, [self.message.sid]
            )


async def carry(phone, message):
    """The echo at once, be our answer committed or not; then the delivery."""
    reports = Reports(phone, message, phone.faults.for_callbacks())
    line = phone.store.lines[message.line_sid]
    customer = phone.store.customers[message.customer_id]
    await reports.say("echo", events.echo(phone, message))
    await asyncio.sleep(phone.pace)
    phone.store.update(message, status="delivered")
    if line.kind == "messenger":
        event = events.by_customer(phone, line, customer, **events.delivery([message]))
        await reports.say("delivery", event)
    await reports.release()


async def read(phone, messages):
    """The customer looked: one watermark for all of it, if they let it be told."""
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


def act(phone, page, order):
    """Typing, seen, or a reaction of ours: no message."""
    line, customer = ends(phone, page, order.recipient)
    conversation = phone.store.conversation(line.sid, customer.id)
    if order.action in ("typing_on", "typing_off"):
        seconds = SEEN_SECONDS if order.action == "typing_on" else 0
        conversation.typing_until = time.time() + seconds
        phone.store.changed("conversation", conversation)
    elif order.action == "mark_seen":
        for row in _written_by(phone, line, customer):
            phone.store.update(row, seen=True)
    else:
        _react(phone, order)


def _written_by(phone, line, customer):
    return [
        row
        for row in phone.store.messages.values()
        if (row.line_sid, row.customer_id) == (line.sid, customer.id)
        and row.direction == "inbound"
    ]


def _react(phone, order):
    row = phone.store.messages.get(order.payload.get("message_id"))
    if not row:
        raise wrong("Invalid message_id")
    emoji = order.payload.get("reaction", "") if order.action == "react" else ""
    reactions = {**row.reactions, "us": emoji}
    kept = {who: what for who, what in reactions.items() if what}
    phone.store.update(row, reactions=kept)
