"""The form of Twilio's webhook for one customer message."""

import json

from . import opt_out
from .addresses import country, of_customer, of_line

API_VERSION = "2010-04-01"
TYPES = {"image": "image", "audio": "audio", "video": "video"}


def fields(account, line, customer, message, quoted=None, service=None):
    values = _envelope(account, line, customer, message)
    values.update(_service(service, message))
    values.update(_media(account, message))
    if line.kind == "whatsapp":
        values.update(_whatsapp(customer, message))
        values.update(_quote(line, customer, message, quoted))
    else:
        values.update(_sms(line, customer))
    # A test may replace fields; None removes one.
    values.update(message.fields)
    return {name: str(value) for name, value in values.items() if value is not None}


def _envelope(account, line, customer, message):
    return {
        "SmsMessageSid": message.sid,
        "NumMedia": len(message.media),
        "SmsSid": message.sid,
        "SmsStatus": "received",
        "Body": message.body,
        "To": of_line(line),
        "NumSegments": 1,
        "MessageSid": message.sid,
        "AccountSid": account.sid,
        "From": of_customer(line, customer, message),
        "ApiVersion": API_VERSION,
    }


def _service(service, message):
    """Twilio names the service of a number, even if the number's webhook is used."""
    if not service:
        return {}
    word = opt_out.keyword(message.body, service)
    return {
        "MessagingServiceSid": service.sid,
        "OptOutType": word if word and service.advanced_opt_out else None,
    }


def media_url(account, message, media):
    return (
        f"https://api.twilio.com/{API_VERSION}/Accounts/{account.sid}"
        f"/Messages/{message.sid}/Media/{media.sid}"
    )


def _media(account, message):
    values = {}
    for number, media in enumerate(message.media):
        values[f"MediaUrl{number}"] = media_url(account, message, media)
        values[f"MediaContentType{number}"] = media.content_type
    return values


def _whatsapp(customer, message):
    values = {
        "MessageType": _message_type(message),
        "ProfileName": customer.name,
        "ProfileUsername": customer.username or None,
        "WaId": _wa_id(customer, message),
        "ExternalUserId": f"whatsapp:{customer.bsuid}" if customer.bsuid else None,
        "Forwarded": _word(message.forwarded),
        "FrequentlyForwarded": _word(False),
        "ReferralNumMedia": 0,
    }
    values.update(_location(message))
    values.update(_choice(message))
    values["ChannelMetadata"] = _metadata(values)
    return values


def _wa_id(customer, message):
    number = message.extra.get("address") or customer.phone
    return number.lstrip("+") or None


def _word(flag):
    return "true" if flag else "false"


def _message_type(message):
    if message.location:
        return "location"
    if message.choice:
        # A button of an approved template, or one of a message within the window
        return "button" if message.extra.get("of_template") else "interactive"
    if not message.media:
        return "text"
    content_type = message.media[0].content_type
    if content_type == "text/vcard":
        return "contacts"
    if content_type == "image/webp":
        return "sticker"
    return TYPES.get(content_type.split("/")[0], "document")


def _location(message):
    if not message.location:
        return {}
    names = ("Latitude", "Longitude", "Label", "Address")
    found = {name: message.location.get(name.lower()) for name in names}
    return {name: value for name, value in found.items() if value not in (None, "")}


def _choice(message):
    choice = message.choice or {}
    if choice.get("type") == "list":
        return {"ListId": choice["id"], "ListTitle": choice["text"]}
    if choice.get("type") == "button":
        payload = choice["id"] or choice["text"]
        return {"ButtonText": choice["text"], "ButtonPayload": payload}
    return {}


def _metadata(values):
    names = ("ButtonText", "Forwarded", "FrequentlyForwarded", "ProfileName", "WaId")
    context = {name: values[name] for name in names if values.get(name)}
    metadata = {"type": "whatsapp", "data": {"context": context}}
    return json.dumps(metadata, ensure_ascii=False, separators=(",", ":"))


def _quote(line, customer, message, quoted):
    if not message.reply_to:
        return {}
    own = quoted and quoted.direction == "inbound"
    sender = of_customer(line, customer, quoted) if own else of_line(line)
    return {
        "OriginalRepliedMessageSid": message.reply_to,
        "OriginalRepliedMessageSender": sender,
    }


def _sms(line, customer):
    # Twilio posts, and signs, empty values too.
    values = {}
    for end, phone in (("From", customer.phone), ("To", line.address)):
        values[f"{end}Country"] = country(phone)
        for name in ("City", "State", "Zip"):
            values[f"{end}{name}"] = ""
    return values
