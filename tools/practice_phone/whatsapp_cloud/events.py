"""The webhooks of a WhatsApp Business Account: values of its fields."""

import time

from .. import cards
from . import media
from .errors import in_status

STICKER = "image/webp"
MAIN = {"image", "video", "audio"}


def seconds(moment=None):
    return str(int(moment or time.time()))


def digits(number):
    return number.removeprefix("+")


def envelope(business_sid, field, values):
    changes = [{"field": field, "value": value} for value in values]
    entry = {"id": business_sid, "changes": changes}
    if "metadata" not in values[0]:
        entry["time"] = int(time.time())
    return {"object": "whatsapp_business_account", "entry": [entry]}


def value(line, **content):
    number = digits(line.address)
    metadata = {"display_phone_number": number, "phone_number_id": line.sid}
    return {"messaging_product": "whatsapp", "metadata": metadata, **content}


def without_nothing(values):
    return {name: each for name, each in values.items() if each is not None}


# -- the customer -------------------------------------------------------------------


def number_of(customer, row=None):
    """Return the customer's number as WhatsApp writes it, without its plus."""
    return digits((row and row.extra.get("address")) or customer.phone) or None


def contact(customer, row=None):
    profile = {"name": customer.name, "username": customer.username or None}
    names = {"wa_id": number_of(customer, row), "user_id": customer.bsuid or None}
    return without_nothing({"profile": without_nothing(profile), **names})


def sender(customer, row=None):
    names = {"from": number_of(customer, row), "from_user_id": customer.bsuid or None}
    return without_nothing(names)


def by_customer(line, customer, sid, kind, moment=None, row=None, **content):
    """Return the value of one message of the customer."""
    message = {
        **sender(customer, row),
        "id": sid,
        "timestamp": seconds(moment),
        "type": kind,
        **content,
    }
    # A test may replace fields; None removes one.
    message = without_nothing({**message, **(row.fields if row else {})})
    return value(line, contacts=[contact(customer, row)], messages=[message])


def message(phone, row):
    line = phone.store.lines[row.line_sid]
    customer = phone.store.customers[row.customer_id]
    kind, content = content_of(phone, row)
    content = {kind: content, "context": _context(phone, line, row)}
    return by_customer(line, customer, row.sid, kind, row.created_at, row, **content)


def content_of(phone, row):
    """Return the type of a message, and the object named like it."""
    if row.choice:
        return _choice(row)
    if row.location:
        place = row.location
        names = {"name": place.get("label") or None, "address": place.get("address")}
        pair = {name: place[name] for name in ("latitude", "longitude")}
        return "location", {**pair, **{k: v for k, v in names.items() if v}}
    if row.contact:
        return "contacts", [_card(row.contact)]
    if row.media:
        return _file(phone, row)
    return "text", {"body": row.body}


def _choice(row):
    choice = row.choice
    name = choice["id"] or choice["text"]
    if row.extra.get("of_template"):
        return "button", {"text": choice["text"], "payload": name}
    kind = "list_reply" if choice["type"] == "list" else "button_reply"
    return "interactive", {"type": kind, kind: {"id": name, "title": choice["text"]}}


def _card(person):
    phones = [{"phone": person["phone"], "type": "CELL"}] if person["phone"] else []
    names = {"formatted_name": person["name"], "first_name": person["name"]}
    return {"name": names, "phones": phones}


def _file(phone, row):
    (each,) = row.media
    main = each.content_type.split("/")[0]
    values = media.in_webhook(phone, each)
    if each.content_type == STICKER:
        return "sticker", {**values, "animated": False}
    if each.content_type == cards.TYPE or main not in MAIN:
        extra = {"filename": each.filename or None, "caption": row.body or None}
        return "document", {**values, **without_nothing(extra)}
    if main == "audio":
        return "audio", {**values, "voice": each.voice}
    return main, {**values, **without_nothing({"caption": row.body or None})}


def _context(phone, line, row):
    """Return what a message answers, or that it was forwarded."""
    context = {"forwarded": True} if row.forwarded else {}
    quoted = phone.store.messages.get(row.reply_to)
    if row.reply_to:
        own = quoted and quoted.direction == "outbound"
        customer = phone.store.customers[row.customer_id]
        author = digits(line.address) if own else number_of(customer)
        context |= without_nothing({"from": author, "id": row.reply_to})
    return context or None


def reaction(row, emoji):
    return {
        "reaction": without_nothing({"message_id": row.sid, "emoji": emoji or None})
    }


def edit(phone, row):
    kind, content = content_of(phone, row)
    changed = {"context": {"id": row.sid}, "type": kind, kind: content}
    return {"edit": {"original_message_id": row.sid, "message": changed}}


def revoke(row):
    return {"revoke": {"original_message_id": row.sid}}


def changed_number(line, customer, sid, old):
    """Return the notice that a customer has another number, after the change."""
    new = number_of(customer)
    body = f"User {customer.name} changed from {digits(old)} to {new}"
    system = {"body": body, "wa_id": new, "type": "user_changed_number"}
    message = {"from": digits(old), "id": sid, "timestamp": seconds()}
    message |= {"type": "system", "system": system}
    return value(line, messages=[message])


def changed_user_id(line, customer, sid, old):
    """Return the notice that a customer has another business-scoped id."""
    system = {
        "body": f"User {customer.name} changed their user id",
        "type": "user_changed_user_id",
        "user_id": customer.bsuid,
        "previous_user_id": old,
    }
    message = {**sender(customer), "id": sid, "timestamp": seconds()}
    message |= {"type": "system", "system": system}
    return value(line, contacts=[contact(customer)], messages=[message])


def preference(line, customer, stops):
    """Return the notice that a customer stopped marketing messages, or wants them."""
    word = "stop" if stops else "resume"
    names = without_nothing(
        {"wa_id": number_of(customer), "user_id": customer.bsuid or None}
    )
    wish = {
        **names,
        "detail": f"User requested to {word} marketing messages",
        "category": "marketing_messages",
        "value": word,
        "timestamp": int(time.time()),
    }
    return value(line, contacts=[contact(customer)], user_preferences=[wish])


# -- the shop -------------------------------------------------------------------------


def echo(phone, row):
    """Return the echo of a message that was written in the phone's own app."""
    line = phone.store.lines[row.line_sid]
    customer = phone.store.customers[row.customer_id]
    kind, content = content_of(phone, row)
    names = {"to": number_of(customer), "to_user_id": customer.bsuid or None}
    message = {"from": digits(line.address), **without_nothing(names)}
    message |= {"id": row.sid, "timestamp": seconds(row.created_at), "type": kind}
    return value(
        line, contacts=[contact(customer)], message_echoes=[{**message, kind: content}]
    )


def status(line, customer, row, word, sid=""):
    """Return a status of our message; `sid` is that of a reaction."""
    names = {
        "recipient_id": number_of(customer, row),
        "recipient_user_id": customer.bsuid or None,
        "biz_opaque_callback_data": row.extra.get("reference") or None,
    }
    found = {"id": sid or row.sid, "status": word, "timestamp": seconds()}
    found |= without_nothing(names)
    if word == "failed":
        found["errors"] = [in_status(row.error_code, row.error_message)]
        return value(line, statuses=[found])
    category = row.extra.get("category") or "service"
    found["pricing"] = {
        "billable": category != "service",
        "pricing_model": "PMP",
        "type": "free_customer_service" if category == "service" else "regular",
        "category": category,
    }
    return value(line, contacts=[contact(customer)], statuses=[found])


def template_status(template):
    return {
        "event": template.status,
        "message_template_id": int(template.sid),
        "message_template_name": template.name,
        "message_template_language": template.language,
        "reason": template.rejected_reason,
        "message_template_category": template.category,
    }


def template_quality(template, before):
    return {
        "previous_quality_score": before,
        "new_quality_score": template.quality,
        "message_template_id": int(template.sid),
        "message_template_name": template.name,
        "message_template_language": template.language,
    }


def quality(line, event, limit):
    return {
        "display_phone_number": digits(line.address),
        "event": event,
        "current_limit": limit,
        "max_daily_conversations_per_business": limit,
    }


def name_decision(line, decision, name):
    return {
        "display_phone_number": digits(line.address),
        "decision": decision,
        "requested_verified_name": name,
        "rejection_reason": "NONE" if decision == "APPROVED" else "NAME_FORMAT",
    }
