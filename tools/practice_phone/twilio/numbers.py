"""List phone numbers and WhatsApp senders; set and return their webhooks."""

from starlette.responses import JSONResponse

from . import answers
from .body import form_pairs
from .contract import is_url
from .errors import TwilioError, not_found
from .pages import check_query, page

# Parameter of an incoming phone number -> field of a line
NUMBER_FIELDS = {
    "FriendlyName": "name",
    "SmsUrl": "webhook_url",
    "StatusCallback": "status_callback_url",
}
# Parameters of Twilio that a line has no use for
NUMBER_IGNORED = {
    "AccountSid",
    "AddressSid",
    "ApiVersion",
    "BundleSid",
    "EmergencyAddressSid",
    "EmergencyStatus",
    "IdentitySid",
    "SmsApplicationSid",
    "SmsFallbackMethod",
    "SmsFallbackUrl",
    "SmsMethod",
    "StatusCallbackMethod",
    "TrunkSid",
    "VoiceApplicationSid",
    "VoiceCallerIdLookup",
    "VoiceFallbackMethod",
    "VoiceFallbackUrl",
    "VoiceMethod",
    "VoiceReceiveMode",
    "VoiceUrl",
}
SENDER_FIELDS = {
    "callback_url": "webhook_url",
    "status_callback_url": "status_callback_url",
}
SENDER_IGNORED = {
    *("callback_method", "fallback_url", "fallback_method"),
    "status_callback_method",
}
SENDER_PARTS = {"webhook", "configuration", "profile"}


def _lines(phone, account, kind):
    lines = phone.store.lines.values()
    return [
        each for each in lines if (each.account_sid, each.kind) == (account.sid, kind)
    ]


def _line(phone, account, request, kind):
    for line in _lines(phone, account, kind):
        if line.sid == request.path_params["line_sid"]:
            return line
    raise not_found(request.url.path)


async def list_numbers(phone, account, request):
    check_query(request, ("PhoneNumber", "FriendlyName", "Beta", "Origin"))
    wanted = request.query_params.get("PhoneNumber", "").strip("*")
    rows = [each for each in _lines(phone, account, "sms") if wanted in each.address]
    body = answers.page(request, "incoming_phone_numbers", rows, answers.number)
    return JSONResponse(body)


async def fetch_number(phone, account, request):
    return JSONResponse(answers.number(_line(phone, account, request, "sms")))


async def update_number(phone, account, request):
    line = _line(phone, account, request, "sms")
    values = dict(await form_pairs(request))
    for name in values:
        if name not in NUMBER_FIELDS and name not in NUMBER_IGNORED:
            raise TwilioError(20001, f"Unknown parameter '{name}'")
    kept = {
        NUMBER_FIELDS[name]: values[name] for name in values if name in NUMBER_FIELDS
    }
    _set(phone, line, kept)
    return JSONResponse(answers.number(line))


async def list_senders(phone, account, request):
    if request.query_params.get("Channel") not in ("whatsapp", "rcs"):
        raise TwilioError(20001, "Channel must be whatsapp or rcs")
    kind = request.query_params["Channel"]
    rows = _lines(phone, account, kind)
    body = page(request, "messaging", "senders", rows, answers.sender, ("Channel",))
    return JSONResponse(body)


async def fetch_sender(phone, account, request):
    return JSONResponse(answers.sender(_line(phone, account, request, "whatsapp")))


async def update_sender(phone, account, request):
    line = _line(phone, account, request, "whatsapp")
    webhook = await _sender_webhook(request)
    kept = {
        SENDER_FIELDS[name]: value or ""
        for name, value in webhook.items()
        if name in SENDER_FIELDS
    }
    _set(phone, line, kept)
    return JSONResponse(answers.sender(line), 202)


async def _sender_webhook(request):
    try:
        body = await request.json()
    except ValueError:
        raise TwilioError(20001, "The body is not JSON") from None
    if not isinstance(body, dict) or not SENDER_PARTS.issuperset(body):
        raise TwilioError(20001, "The body holds webhook, configuration or profile")
    webhook = body.get("webhook") or {}
    for name in webhook:
        if name not in SENDER_FIELDS and name not in SENDER_IGNORED:
            raise TwilioError(20001, f"Unknown parameter 'webhook.{name}'")
    return webhook


def _set(phone, line, values):
    for name, value in values.items():
        if name.endswith("_url") and value and not is_url(value):
            raise TwilioError(20001, f"{value} is not a valid URL")
    for name, value in values.items():
        setattr(line, name, value)
    phone.store.changed("line", line)
