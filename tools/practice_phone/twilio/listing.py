"""The list of messages, filtered and in pages, and the media of one message."""

from datetime import datetime, timedelta, timezone

from starlette.responses import JSONResponse

from . import answers
from .errors import TwilioError, not_found
from .pages import check_query

DATES = ("DateSent", "DateSent<", "DateSent<=", "DateSent>", "DateSent>=")
WORDS = ("To", "From", *DATES)


async def list_messages(phone, account, request):
    check_query(request, WORDS)
    wanted = {name: value for name, value in request.query_params.items() if value}
    rows = [row for row in _messages(phone, account) if _fits(phone, row, wanted)]
    rows.sort(key=lambda row: row.created_at, reverse=True)
    body = answers.page(
        request, "messages", rows, lambda row: answers.message(phone, row)
    )
    return JSONResponse(body)


async def fetch_message(phone, account, request):
    return JSONResponse(answers.message(phone, find(phone, account, request)))


async def list_media(phone, account, request):
    check_query(request)
    message = find(phone, account, request)
    rows = [each for each in message.media if each.size]
    body = answers.page(
        request, "media_list", rows, lambda row: answers.media(account, row, message)
    )
    return JSONResponse(body)


def find(phone, account, request):
    """Return the message of the address, if it is this account's."""
    for row in _messages(phone, account):
        if row.sid == request.path_params["message_sid"]:
            return row
    raise not_found(request.url.path)


def _messages(phone, account):
    """Yield the account's messages; Twilio keeps none that a service dropped."""
    for row in phone.store.messages.values():
        is_ours = phone.store.lines[row.line_sid].account_sid == account.sid
        if is_ours and not row.extra.get("dropped"):
            yield row


def _fits(phone, row, wanted):
    body = answers.message(phone, row)
    for name, field in (("To", "to"), ("From", "from")):
        if name in wanted and body[field] != wanted[name]:
            return False
    dates = {name: wanted[name] for name in DATES if name in wanted}
    if dates and body["date_sent"] is None:
        return False
    sent = datetime.fromtimestamp(row.created_at, timezone.utc)
    return all(_is_when(name, value, sent) for name, value in dates.items())


def _is_when(name, value, sent):
    """Compare whole days with a date, and moments with a date and time."""
    start, end = _span(value)
    if name == "DateSent":
        return start <= sent < end
    return sent >= start if ">" in name else sent < end


def _span(value):
    try:
        start = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        raise TwilioError(20001, f"'{value}' is not a date") from None
    length = timedelta(days=1) if len(value) == len("2026-01-31") else timedelta(0)
    if not start.tzinfo:
        start = start.replace(tzinfo=timezone.utc)
    return start, start + (length or timedelta(seconds=1))
