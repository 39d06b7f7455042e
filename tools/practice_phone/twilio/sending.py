"""An outbound message, from acceptance to the customer's phone."""

import asyncio
import re
from urllib.parse import unquote, urlsplit

import httpx

from .. import cards, demo_templates, pictures
from ..model import Media, Message
from ..network import is_near
from ..spelling import other_spelling
from . import opt_out, services, templates
from .contract import is_url
from .errors import TwilioError
from .receive import message_sid
from .statuses import Callbacks

FETCH_SECONDS = 10
MEDIA_LIMIT = 16 * 1024 * 1024
IMAGE_LIMIT = 5 * 1024 * 1024
# The types that WhatsApp accepts; WhatsApp, not Twilio's API, refuses all others.
OFFICE = r"application/vnd\.openxmlformats-officedocument\."
WHATSAPP_TYPES = re.compile(
    r"image/(jpeg|png|webp)|audio/(ogg|amr|3gpp|aac|mpeg)|video/mp4|text/(x-)?vcard"
    r"|application/(pdf|msword)"
    rf"|{OFFICE}(wordprocessingml\.document|presentationml\.presentation)"
    rf"|{OFFICE}spreadsheetml\.sheet"
)


def accept(phone, account, order):
    """Check what Twilio checks before it answers 201; other failures come later."""
    service, line = _sender(phone, account, order)
    customer = _customer(phone, order)
    is_whatsapp = order.kind == "whatsapp"
    if is_whatsapp and customer.whatsapp == "refused":
        raise TwilioError(63003)
    if opt_out.is_out(phone, line, customer):
        raise TwilioError(21610)
    message = Message(
        sid=message_sid(line, order.media or order.content_sid),
        line_sid=line.sid,
        customer_id=customer.id,
        direction="outbound",
        body="" if order.place else order.body,
        location=order.place,
        status_callback=order.status_callback,
        media=[Media("", _name_in(url), url=url) for url in order.media],
    )
    if is_whatsapp and order.to not in (customer.phone, customer.bsuid):
        message.extra["address"] = order.to
    if service:
        message.status, message.extra["service"] = "accepted", service.sid
    if order.content_sid:
        _fill(message, _content(phone, account, order), order)
    return phone.store.add_message(message)


def _sender(phone, account, order):
    """Return the service, or None, and the line that sends."""
    if order.service_sid:
        return services.sender_for(phone, account, order)
    line = phone.store.line_at(account.sid, order.kind, order.sender)
    if not line:
        raise TwilioError(63007 if order.kind == "whatsapp" else 21606)
    return None, line


def _content(phone, account, order):
    content = phone.store.contents.get(order.content_sid)
    if not content or content.account_sid != account.sid:
        raise TwilioError(21655)
    if not templates.type_for(content, order.kind):
        raise TwilioError(21655, "The content has no type for this channel")
    return content


def _fill(message, content, order):
    drawn = templates.draw(content, order.kind, order.variables)
    message.body, message.location = drawn["body"], drawn["location"]
    message.media = templates.media_of(drawn)
    if order.kind == "whatsapp":
        message.extra["template"] = drawn


def _customer(phone, order):
    """Return the recipient, whom WhatsApp finds by both spellings of the number."""
    found = phone.store.customer_at(order.to)
    if not found and order.kind == "whatsapp":
        found = phone.store.customer_at(other_spelling(order.to))
    return found or _stranger(phone, order)


def _stranger(phone, order):
    """Add a customer for an unknown recipient: any number may exist."""
    bare = {"phone" if order.to.startswith("+") else "bsuid": order.to}
    return phone.store.add_customer(order.to, **bare)


def _name_in(url):
    return unquote(urlsplit(url).path.rsplit("/", 1)[-1])


async def carry(phone, message, order):
    """Carry an accepted message through its statuses; each step may fail."""
    callbacks = Callbacks(phone, message, phone.faults.for_callbacks())
    if order.service_sid:
        await callbacks.say("queued")
    await asyncio.sleep(phone.pace)
    failure = await _failure(phone, message, order) or callbacks.refusal("failed")
    if failure:
        await callbacks.fail(*failure)
        return
    await callbacks.say("sent")
    await asyncio.sleep(phone.pace)
    failure = callbacks.refusal("undelivered")
    if failure:
        await callbacks.fail(*failure)
        return
    await callbacks.say("delivered")
    await callbacks.release()


async def _failure(phone, message, order):
    """Return (status, error code, text) if the message can't leave, else None."""
    conversation = phone.store.conversation_of(message)
    is_open = order.kind != "whatsapp" or conversation.is_open()
    customer = phone.store.customers[message.customer_id]
    if order.kind == "whatsapp" and customer.whatsapp == "undelivered":
        return "undelivered", 63024, ""
    content = phone.store.contents.get(order.content_sid)
    drawn = message.extra.get("template")
    if drawn:
        found = templates.failure(content, drawn, order.variables, is_open)
        if found:
            return "failed", *found
    for media in message.media:
        code, text = await _fetch(phone, media, order.kind)
        if code:
            return "undelivered", code, text
    phone.store.update(message, contact=cards.found_in(phone, message.media))
    if drawn:
        found = templates.media_failure(content, drawn, message.media)
        return ("undelivered", *found) if found else None
    return None if is_open else ("failed", 63016, "")


async def _fetch(phone, media, kind):
    url = media.url
    if url.startswith(demo_templates.MEDIA_ROOT):
        return _keep(phone, media, _drawn_file(url), kind)
    lost = 63019 if kind == "whatsapp" else 30008
    if not (is_url(url) and await is_near(url)):
        return lost, f"Media failed to download: {url} is not on this network."
    try:
        answer = await phone.client.get(
            url, follow_redirects=True, timeout=FETCH_SECONDS
        )
    except httpx.HTTPError as error:
        return lost, f"Media failed to download: {error}"
    if answer.status_code != 200:
        return lost, f"Media failed to download: HTTP {answer.status_code}"
    return _keep(phone, media, answer, kind)


def _drawn_file(url):
    """Return the answer of a web server that has every file of the demo templates."""
    if url.endswith(".pdf"):
        content, content_type = b"%PDF-1.4\n%%EOF\n", "application/pdf"
    else:
        content, content_type = pictures.story(url), "image/png"
    return httpx.Response(200, content=content, headers={"content-type": content_type})


def _keep(phone, media, answer, kind):
    media.content_type = answer.headers.get("content-type", "").split(";")[0].strip()
    content = answer.content
    if kind == "whatsapp" and not WHATSAPP_TYPES.fullmatch(media.content_type):
        return 63021, f"WhatsApp does not take {media.content_type or 'no type'}."
    is_image = media.content_type.startswith("image/")
    if len(content) > (IMAGE_LIMIT if is_image else MEDIA_LIMIT):
        return (63034 if kind == "whatsapp" else 30008), ""
    media.filename = _given_name(answer) or media.filename
    phone.store.write_media(media, content)
    return None, ""


def _given_name(answer):
    header = answer.headers.get("content-disposition", "")
    encoded = re.search(r"filename\*=UTF-8''([^;]+)", header, re.IGNORECASE)
    if encoded:
        return unquote(encoded.group(1))
    plain = re.search(r'filename="?([^";]+)"?', header)
    return plain.group(1) if plain else ""
