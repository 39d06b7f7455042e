"""One message as the form of Messages.json."""

from __future__ import annotations

import json

from ..errors import Reason, Refused
from ..events import OutboundFile, OutboundMessage, OutboundTemplate, Place
from ..placeholders import PLACEHOLDER
from .channels import RETRY_FRAGMENT


def form_of(message: OutboundMessage) -> dict[str, str]:
    """Return the form; raise Refused for a template that Twilio would fill itself."""
    scheme = "whatsapp:" if message.channel.kind == "whatsapp" else ""
    fields = {
        # With both, the service sends from this number and no other.
        "From": scheme + message.channel.address,
        "MessagingServiceSid": message.channel.service,
        "To": scheme + message.recipient,
        **_content(message),
    }
    if message.status_url:
        fields["StatusCallback"] = message.status_url + RETRY_FRAGMENT
    return {name: value for name, value in fields.items() if value}


def _content(message: OutboundMessage) -> dict[str, str]:
    if message.place:
        return _place(message.place)
    if not message.template:
        url = message.file.url if message.file else ""
        return {"Body": message.text, "MediaUrl": url}
    variables = _variables(message.template, message.file)
    # Twilio writes the template's sample where a value is missing.
    empty = [name for name, value in variables.items() if not value]
    if empty:
        raise _refusal(f"These variables have no value: {', '.join(empty)}.")
    return {
        "ContentSid": message.template.reference,
        "ContentVariables": json.dumps(variables, ensure_ascii=False) * bool(variables),
    }


def _place(place: Place) -> dict[str, str]:
    """Return a WhatsApp location: Body is its name, and may not be empty.

    https://www.twilio.com/docs/whatsapp/location-messages
    """
    point = f"{place.latitude:.6f},{place.longitude:.6f}"
    label = (place.address or place.label).replace("|", " ")
    action = f"geo:{point}|{label}" if label else f"geo:{point}"
    return {"Body": place.label or place.address or point, "PersistentAction": action}


def _variables(template: OutboundTemplate, file: OutboundFile | None) -> dict[str, str]:
    """Return the value of each variable; the file's is the rest of its address."""
    placeholder = PLACEHOLDER.search(template.media_url)
    if not file:
        name = placeholder[1] if placeholder else ""
        missing = {} if not name or name in template.variables else {name: ""}
        return {**template.variables, **missing}
    if not placeholder:
        raise _refusal("The file of this template can't be changed.")
    start = template.media_url[: placeholder.start()]
    end = template.media_url[placeholder.end() :]
    if not (file.url.startswith(start) and file.url.endswith(end)):
        raise _refusal("The file isn't where this template expects it.")
    rest = file.url[len(start) : len(file.url) - len(end)]
    return {**template.variables, placeholder[1]: rest}


def _refusal(words: str) -> Refused:
    return Refused(Reason.TEMPLATE_VARIABLES, detail=words)
