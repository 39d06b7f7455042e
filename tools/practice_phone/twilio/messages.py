"""Send messages by `Messages.json`, and deliver their media."""

import hashlib
import hmac
import time

from starlette.responses import FileResponse, JSONResponse, Response

from . import answers, listing, sending
from .body import form_pairs
from .contract import read_order
from .errors import not_found

LINK_SECONDS = 4 * 3600


async def create(phone, account, request):
    order = read_order(await form_pairs(request))
    message = sending.accept(phone, account, order)
    body = answers.message(phone, message)
    if order.service_sid and not order.sender:
        # The service chooses its sender later.
        body["from"] = None
    early = phone.faults.next_callbacks_are_early()
    life = phone.spawn(sending.carry(phone, message, order))
    if early:
        # Odoo gets the status callbacks before this answer.
        await life
    return JSONResponse(body, 201)


def _media(phone, account, request):
    for media in listing.find(phone, account, request).media:
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
