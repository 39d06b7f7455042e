"""Turn Twilio's webhook requests into events.

Each request is a form with one message or one change of status. Twilio adds fields
without notice; unknown ones are ignored.
"""

from __future__ import annotations

from ..error_table import MAX_CODE, MAX_DETAIL
from ..errors import InvalidPayload
from ..events import ChannelRef, MessageReceived, StatusChanged, WebhookRequest
from ..text import clean
from .codes import meaning_of
from .content import MAX_ID, Form, data_of, kind_of, media_of, opt_of, text_of

INBOUND_STATUSES = ("received", "receiving")
# "partially delivered" only means that it was sent.
STATUSES = {
    "accepted": "queued",
    "scheduled": "queued",
    "queued": "queued",
    "sending": "sending",
    "sent": "sent",
    "partially_delivered": "sent",
    "delivered": "delivered",
    "read": "read",
    "failed": "failed",
    "undelivered": "failed",
    "canceled": "failed",
}


def read_form(request: WebhookRequest) -> dict[str, str]:
    """Return the posted fields, cleaned; of a repeated name the first value counts."""
    pairs = request.query if request.method == "GET" else request.form
    if not pairs:
        raise InvalidPayload("Twilio sent no form, so there is nothing to read.")
    return {name: clean(value) for name, value in reversed(pairs)}


def is_status(form: Form) -> bool:
    """Tell a status callback from a customer's message."""
    word = _status_word(form)
    return bool(word) and word not in INBOUND_STATUSES


def read_reference(request: WebhookRequest) -> str:
    """Return our reference of a message from its callback address."""
    return clean(dict(request.query).get("m", ""))[:MAX_ID]


def status_changed(form: Form, reference: str) -> StatusChanged:
    """Return the new status of an outbound message."""
    word = _status_word(form)
    if word not in STATUSES:
        raise InvalidPayload(f"Twilio sent an unknown status: {word[:40]}.")
    status = STATUSES[word]
    failed = status == "failed"
    code = form.get("ErrorCode", "").strip()[:MAX_CODE] if failed else ""
    return StatusChanged(
        channel=_channel(form, "From") if form.get("From", "").strip() else None,
        message_id=message_id(form),
        status=status,
        reference=reference,
        external_ids=recipient_ids(form),
        error_code=code,
        error_detail=_error_detail(form) if failed else "",
        reason=meaning_of(code).reason.value if failed else "",
    )


def message_received(form: Form) -> MessageReceived:
    """Return a customer's message."""
    channel = _channel(form, "To")
    media = media_of(form)
    kind = kind_of(form, channel, media)
    return MessageReceived(
        channel=channel,
        message_id=message_id(form),
        external_ids=_customer_ids(form),
        kind=kind,
        name=form.get("ProfileName", "").strip(),
        username=_username(form),
        address=_short_address(form),
        text=text_of(form),
        media=media,
        data=data_of(form, kind),
        reply_to=form.get("OriginalRepliedMessageSid", "")[:MAX_ID],
        opt=opt_of(form),
    )


def _status_word(form: Form) -> str:
    word = form.get("MessageStatus") or form.get("SmsStatus") or ""
    return word.strip().lower()


def message_id(form: Form) -> str:
    """Return the id that a message shares with its statuses."""
    sid = form.get("MessageSid", "").strip()
    if not sid:
        raise InvalidPayload("Twilio sent no MessageSid, so this isn't a message.")
    if len(sid) > MAX_ID:
        raise InvalidPayload("Twilio sent a MessageSid that is too long.")
    return sid


def _address(form: Form, field: str) -> tuple[str, str]:
    """Return the kind and the bare address in a field."""
    scheme, colon, rest = form.get(field, "").strip().partition(":")
    kind, address = (scheme.lower(), rest.strip()) if colon else ("sms", scheme)
    if not address:
        raise InvalidPayload(f"Twilio sent no {field}, so the other side is unknown.")
    if kind not in ("whatsapp", "sms"):
        raise InvalidPayload(f"Only WhatsApp and SMS are supported, not {kind[:40]}.")
    if len(address) > MAX_ID:
        raise InvalidPayload(f"Twilio sent an address in {field} that is too long.")
    return kind, address


def _channel(form: Form, field: str) -> ChannelRef:
    return ChannelRef(*_address(form, field))


def _customer_ids(form: Form) -> tuple[str, ...]:
    """Return the customer's phone number, if known, then the other ids."""
    _kind, sender = _address(form, "From")
    found = [sender, _user_id(form, "ExternalUserId")]
    # The same customer to all businesses of one owner
    found.append(_user_id(form, "ParentExternalUserId"))
    if not sender.startswith("+"):
        found.insert(0, _phone_of(form))
    return tuple(dict.fromkeys(item for item in found if 0 < len(item) <= MAX_ID))


def _user_id(form: Form, field: str) -> str:
    user_id = form.get(field, "").strip()
    return user_id.partition(":")[2] or user_id


def _username(form: Form) -> str:
    """Return the name that a WhatsApp user chose; customers can change it."""
    username = form.get("ProfileUsername") or form.get("Username") or ""
    return username.strip().removeprefix("@")[:MAX_ID]


def _short_address(form: Form) -> str:
    """Return the short code or name of an SMS sender; empty for a number."""
    kind, sender = _address(form, "From")
    return sender if kind == "sms" and not sender.startswith("+") else ""


def recipient_ids(form: Form) -> tuple[str, ...]:
    """Return the id that the message went to, if Twilio reports it."""
    recipient = form.get("To", "").strip()
    recipient = recipient.partition(":")[2] or recipient
    return (recipient,) if 0 < len(recipient) <= MAX_ID else ()


def _phone_of(form: Form) -> str:
    digits = form.get("WaId", "").strip()
    return f"+{digits}" if digits.isascii() and digits.isdecimal() else ""


def _error_detail(form: Form) -> str:
    words = form.get("ChannelStatusMessage") or form.get("ErrorMessage") or ""
    return words.strip()[:MAX_DETAIL]
