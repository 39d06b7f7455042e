"""Credentials and injected faults, before every request to a provider's API."""

import asyncio
import time
from urllib.parse import parse_qsl, urlencode

from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, Response

SECRET = {"access_token", "appsecret_proof", "input_token", "verify_token"}
SECRET |= {"client_secret", "fb_exchange_token", "hash", "signature", "oh"}


def guarded(phone, provider, handler):
    """Turn a handler `(phone, caller, request) -> Response` into a web route.

    `provider` is the provider's side: its `Error` knows its own `answer()`,
    `authenticate(phone, request)` returns the caller, and `trouble(fault, request)`
    returns the injected error.
    """

    async def endpoint(request):
        started = time.monotonic()
        try:
            answer = await _answer(phone, provider, handler, request)
        except provider.Error as error:
            answer = error.answer()
        except ClientDisconnect:
            answer = Response(status_code=499)
        phone.log(
            phone.requests,
            method=request.method,
            path=request.url.path,
            query=_without_secrets(request.url.query),
            status=answer.status_code,
            elapsed=round(time.monotonic() - started, 4),
        )
        return answer

    return endpoint


def _without_secrets(query):
    pairs = parse_qsl(query, keep_blank_values=True)
    if not any(name in SECRET for name, _value in pairs):
        return query
    return urlencode([(k, "…" if k in SECRET else v) for k, v in pairs], safe="…,{}")


async def _answer(phone, provider, handler, request):
    fault = phone.faults.for_request(request.method, request.url.path)
    trouble = fault.request if fault else ""
    if trouble == "timeout_before":
        return await _hang(request, fault.seconds)
    if trouble == "503":
        return PlainTextResponse("<html>Service Unavailable</html>", 503)
    if trouble == "slow":
        await asyncio.sleep(fault.seconds)
    elif trouble and trouble != "timeout_after":
        raise provider.trouble(fault, request)
    caller = await provider.authenticate(phone, request)
    answer = await handler(phone, caller, request)
    if trouble == "timeout_after":
        return await _hang(request, fault.seconds)
    return answer


async def _hang(request, seconds):
    """Send nothing until the other side gives up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not await request.is_disconnected():
        await asyncio.sleep(0.05)
    return Response(status_code=504)
