"""The bodies of requests to Twilio: forms in the older APIs, JSON in the newer."""

from urllib.parse import parse_qsl

from .errors import TwilioError

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


async def form_pairs(request):
    _check_type(request, FORM)
    try:
        text = (await request.body()).decode()
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise TwilioError(20001, "The body is not UTF-8") from None
    return [(name, value) for name, value in pairs]


async def json_body(request):
    _check_type(request, JSON)
    try:
        body = await request.json()
    except ValueError:
        raise TwilioError(20001, "The body is not JSON") from None
    if not isinstance(body, dict):
        raise TwilioError(20001, "The body must be a JSON object")
    return body


def _check_type(request, wanted):
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != wanted:
        raise TwilioError(20001, f"Content-Type must be {wanted}", 415)
