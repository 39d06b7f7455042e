"""Messaging Services: pools of senders with a webhook of their own."""

from starlette.responses import JSONResponse

from .addresses import country, of_line
from .body import form_pairs
from .contents import date
from .contract import BOOLEAN, is_url
from .errors import TwilioError, not_found
from .pages import page

ROOT = "https://messaging.twilio.com/v1/Services"
LINKS = {
    "phone_numbers": "PhoneNumbers",
    "short_codes": "ShortCodes",
    "alpha_senders": "AlphaSenders",
    "messages": "Messages",
    "us_app_to_person": "Compliance/Usa2p",
    "us_app_to_person_usecases": "Compliance/Usa2p/Usecases",
    "channel_senders": "ChannelSenders",
    "destination_alpha_senders": "DestinationAlphaSenders",
}
# Parameter of a service -> field of our own
FIELDS = {
    "FriendlyName": "name",
    "InboundRequestUrl": "inbound_url",
    "StatusCallback": "status_callback_url",
    "UseInboundWebhookOnNumber": "use_inbound_webhook_on_number",
}
# Parameters of Twilio that the phone has no use for
IGNORED = {
    *("InboundMethod", "FallbackUrl", "FallbackMethod", "StickySender"),
    *("MmsConverter", "SmartEncoding", "ScanMessageContent", "FallbackToLongCode"),
    *("AreaCodeGeomatch", "ValidityPeriod", "SynchronousValidation", "Usecase"),
}


def describe(service):
    url = f"{ROOT}/{service.sid}"
    return {
        "sid": service.sid,
        "account_sid": service.account_sid,
        "friendly_name": service.name,
        "date_created": date(service.created_at),
        "date_updated": date(service.updated_at),
        "inbound_request_url": service.inbound_url or None,
        "inbound_method": "POST",
        "fallback_url": None,
        "fallback_method": "POST",
        "status_callback": service.status_callback_url or None,
        "sticky_sender": True,
        "mms_converter": True,
        "smart_encoding": True,
        "scan_message_content": "inherit",
        "fallback_to_long_code": True,
        "area_code_geomatch": True,
        "synchronous_validation": False,
        "validity_period": 36000,
        "usecase": "undeclared",
        "us_app_to_person_registered": False,
        "use_inbound_webhook_on_number": service.use_inbound_webhook_on_number,
        "url": url,
        "links": {name: f"{url}/{path}" for name, path in LINKS.items()},
    }


def _pooled(service, line):
    """Return what phone numbers and channel senders of a service share."""
    return {
        "sid": line.sid,
        "account_sid": line.account_sid,
        "date_created": date(service.created_at),
        "date_updated": date(service.updated_at),
        "country_code": country(line.address),
    }


def _number(service, line):
    return {
        **_pooled(service, line),
        "service_sid": service.sid,
        "phone_number": line.address,
        "capabilities": ["MMS", "SMS"],
        "url": f"{ROOT}/{service.sid}/PhoneNumbers/{line.sid}",
    }


def _sender(service, line):
    return {
        **_pooled(service, line),
        "messaging_service_sid": service.sid,
        "sender": of_line(line),
        "sender_type": "WhatsApp",
        "url": f"{ROOT}/{service.sid}/ChannelSenders/{line.sid}",
    }


def _service(phone, account, request):
    service = phone.store.services.get(request.path_params["service_sid"])
    if not service or service.account_sid != account.sid:
        raise not_found(request.url.path)
    return service


async def list_services(phone, account, request):
    services = phone.store.services.values()
    rows = [each for each in services if each.account_sid == account.sid]
    return JSONResponse(page(request, "messaging", "services", rows, describe))


async def fetch(phone, account, request):
    return JSONResponse(describe(_service(phone, account, request)))


async def update(phone, account, request):
    service = _service(phone, account, request)
    values = dict(await form_pairs(request))
    for name, value in values.items():
        _check(name, value)
    for name in values.keys() & FIELDS.keys():
        setattr(service, FIELDS[name], _read(name, values[name]))
    phone.store.changed("service", service)
    return JSONResponse(describe(service))


def _check(name, value):
    if name not in FIELDS and name not in IGNORED:
        raise TwilioError(20001, f"Unknown parameter '{name}'")
    if name in ("InboundRequestUrl", "StatusCallback") and value and not is_url(value):
        raise TwilioError(20001, f"{value} is not a valid URL")
    if name == "UseInboundWebhookOnNumber" and not BOOLEAN.fullmatch(value):
        raise TwilioError(20001, f"Invalid value for parameter '{name}'")


def _read(name, value):
    return value.lower() == "true" if name == "UseInboundWebhookOnNumber" else value


def _lines(phone, service, kind):
    lines = (phone.store.lines[sid] for sid in service.line_sids)
    return [line for line in lines if line.kind == kind]


async def list_numbers(phone, account, request):
    service = _service(phone, account, request)
    rows = _lines(phone, service, "sms")
    body = page(
        request, "messaging", "phone_numbers", rows, lambda row: _number(service, row)
    )
    return JSONResponse(body)


async def list_senders(phone, account, request):
    service = _service(phone, account, request)
    rows = _lines(phone, service, "whatsapp")
    body = page(
        request, "messaging", "senders", rows, lambda row: _sender(service, row)
    )
    return JSONResponse(body)


def webhook_of(phone, line):
    """Return where a line's inbound messages go, and its service.

    Without an address Twilio drops the messages of a service for good.
    """
    service = phone.store.service_of(line)
    if not service or service.use_inbound_webhook_on_number:
        return line.webhook_url, service
    return service.inbound_url, service


def sender_for(phone, account, order):
    """Return the service and the line that send an order."""
    service = phone.store.services.get(order.service_sid)
    if not service or service.account_sid != account.sid:
        raise TwilioError(21701)
    if not service.line_sids:
        raise TwilioError(21704)
    lines = _lines(phone, service, order.kind)
    if order.sender:
        lines = [line for line in lines if line.address == order.sender]
        if not lines:
            raise TwilioError(21711)
    if not lines:
        raise TwilioError(21703)
    return service, _sticky(phone, lines, order)


def _sticky(phone, lines, order):
    """Return the line that last wrote with the customer, else the first."""
    customer = phone.store.customer_at(order.to)
    sids = [line.sid for line in lines]
    for message in reversed(phone.store.messages.values()):
        if customer and message.customer_id == customer.id and message.line_sid in sids:
            return phone.store.lines[message.line_sid]
    return lines[0]
