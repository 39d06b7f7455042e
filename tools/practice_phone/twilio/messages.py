"""Send and list messages by `Messages.json`, and deliver their media."""

import hashlib
import hmac
import time
from urllib.parse import parse_qsl

from starlette.responses import FileResponse, JSONResponse, Response

from . import answers, sending
from .contract import read_order
from .errors import TwilioError, not_found

FORM = "application/x-www-form-urlencoded"
LINK_SECONDS = 4 * 3600


async def create(phone, account, request):
    order = read_order(await form_pairs(request))
    message = sending.accept(phone, account, order)
    body = answers.message(phone, message)
    early = phone.faults.next_callbacks_are_early()
    life = phone.spawn(sending.carry(phone, message, order))
    if early:
        # Odoo gets the status callbacks before this answer.
        await life
    return JSONResponse(body, 201)


async def form_pairs(request):
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != FORM:
        raise TwilioError(20001, f"Content-Type must be {FORM}", 415)
    try:
        text = (await request.body()).decode()
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise TwilioError(20001, "The body is not UTF-8") from None
    return [(name, value) for name, value in pairs]


async def list_messages(phone, account, request):
    rows = [
        row
        for row in reversed(phone.store.messages.values())
        if phone.store.lines[row.line_sid].account_sid == account.sid
        and _fits(answers.message(phone, row), request.query_params)
    ]
    body = answers.page(
        request, "messages", rows, lambda row: answers.message(phone, row)
    )
    return JSONResponse(body)


def _fits(body, wanted):
    return all(
        body[field] == wanted[name]
        for name, field in (("To", "to"), ("From", "from"))
        if wanted.get(name)
    )


def _media(phone, account, request):
    message = phone.store.messages.get(request.path_params["message_sid"])
    if message and phone.store.lines[message.line_sid].account_sid == account.sid:
        for media in message.media:
            if media.sid == request.path_params["media_sid"] and media.size:
                return media
    raise not_found(request.url.path)


async def redirect_to_media(phone, account, request):
    """Redirect (307) to a signed link at the delivery network, without credentials."""
    media = _media(phone, account, request)
    expires = str(int(time.time()) + LINK_SECONDS)
    path = f"/{account.sid}/{media.sid}"
    signature = _signature(account, path, expires)
    url = f"https://mms.twiliocdn.com{path}?Expires={expires}&Signature={signature}"
    return Response(status_code=307, headers={"Location": url})


def _signature(account, path, expires):
    text = f"{path}?{expires}".encode()
    return hmac.new(account.auth_token.encode(), text, hashlib.sha256).hexdigest()


def deliver_media(phone):
    """Play mms.twiliocdn.com, where a leaked Authorization header is an error."""

    async def endpoint(request):
        if "authorization" in request.headers:
            text = "Only one auth mechanism allowed: the link carries a signature."
            return Response(text, 400, media_type="text/plain")
        media = _signed_media(phone, request)
        if not media:
            return Response("Access denied", 403, media_type="text/plain")
        return FileResponse(
            phone.store.media_path(media),
            media_type=media.content_type,
            filename=media.filename or None,
            content_disposition_type="inline",
        )

    return endpoint


def _signed_media(phone, request):
    account = phone.store.accounts.get(request.path_params["account_sid"])
    expires = request.query_params.get("Expires", "")
    given = request.query_params.get("Signature", "")
    if not account or not expires.isdigit() or int(expires) < time.time():
        return None
    right = _signature(account, request.url.path, expires)
    if not hmac.compare_digest(right.encode(), given.encode()):
        return None
    return phone.store.media(request.path_params["media_sid"])[1]
