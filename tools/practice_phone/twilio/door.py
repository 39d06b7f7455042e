"""What every request to Twilio's API meets first: credentials, and ordered trouble."""

import asyncio
import base64
import binascii
import hmac
import time

from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, Response

from .errors import TwilioError, not_found


def guarded(phone, handler):
    """Wraps a handler `(phone, account, request) -> Response` into a web route."""

    async def endpoint(request):
        started = time.monotonic()
        try:
            answer = await _answer(phone, handler, request)
        except TwilioError as error:
            answer = error.answer()
        except ClientDisconnect:
            answer = Response(status_code=499)
        phone.log(
            phone.requests,
            method=request.method,
            path=request.url.path,
            query=request.url.query,
            status=answer.status_code,
            elapsed=round(time.monotonic() - started, 4),
        )
        return answer

    return endpoint


async def _answer(phone, handler, request):
    fault = phone.faults.for_request(request.method, request.url.path)
    trouble = fault.request if fault else ""
    if trouble == "timeout_before":
        return await _hang(request, fault.seconds)
    _raise_trouble(trouble, request)
    if trouble == "503":
        return PlainTextResponse("<html>Service Unavailable</html>", 503)
    answer = await handler(phone, authenticate(phone, request), request)
    if trouble == "timeout_after":
        return await _hang(request, fault.seconds)
    return answer


def _raise_trouble(trouble, request):
    if trouble == "429":
        raise TwilioError(20429, status=429)
    if trouble == "500":
        raise TwilioError(20500, status=500)
    if trouble == "404":
        raise not_found(request.url.path)


async def _hang(request, seconds):
    """Says nothing until the other side has had enough."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not await request.is_disconnected():
        await asyncio.sleep(0.05)
    return Response(status_code=504)


def authenticate(phone, request):
    """The account whose token, or one of whose API keys, the request carries."""
    user, password = _credentials(request.headers.get("authorization", ""))
    for account in phone.store.accounts.values():
        secrets = {account.sid: account.auth_token, **account.api_keys}
        if user in secrets and _same(secrets[user], password):
            return _same_account(account, request)
    raise TwilioError(20003, status=401)


def _credentials(header):
    kind, _, encoded = header.partition(" ")
    if kind.lower() != "basic":
        raise TwilioError(20003, status=401)
    try:
        text = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise TwilioError(20003, status=401) from None
    user, _, password = text.partition(":")
    return user, password


def _same(one, other):
    return hmac.compare_digest(one.encode(), other.encode())


def _same_account(account, request):
    asked = request.path_params.get("account_sid", account.sid)
    if asked != account.sid:
        raise not_found(request.url.path)
    return account
