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
        fault = phone.faults.for_request(request.method, request.url.path)
        try:
            answer = await _answer(phone, provider, handler, request, fault)
        except provider.Error as error:
            answer = error.answer()
        except ClientDisconnect:
            answer = Response(status_code=499)
        if fault and fault.retry_after is not None:
            answer.headers["Retry-After"] = str(fault.retry_after)
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


async def _answer(phone, provider, handler, request, fault):
    trouble = fault.request if fault else ""
    if trouble == "timeout_before":
        return await _hang(request, fault.seconds)
    if trouble == "503":
        return PlainTextResponse("<html>Service Unavailable</html>", 503)
    if trouble == "slow":
        await asyncio.sleep(fault.seconds)
    elif trouble and trouble not in AFTERWARDS:
        raise provider.trouble(fault, request)
    caller = await provider.authenticate(phone, request)
    answer = await handler(phone, caller, request)
    if trouble in AFTERWARDS:
        return await AFTERWARDS[trouble](request, answer, fault)
    return answer


async def _hang_after(request, _answer, fault):
    return await _hang(request, fault.seconds)


async def _wait_after(_request, answer, fault):
    await asyncio.sleep(fault.seconds)
    return answer


async def _cut(_request, answer, _fault):
    return HalfAnswer(answer.body, answer.status_code, dict(answer.headers))


async def _garble(_request, answer, _fault):
    return PlainTextResponse("<html>It works!</html>", answer.status_code)


# What happens to the answer of a request that was carried out
AFTERWARDS = {
    "timeout_after": _hang_after,
    "slow_after": _wait_after,
    "cut": _cut,
    "garbled": _garble,
}


class HalfAnswer(Response):
    """An answer whose connection breaks in the middle of the body."""

    async def __call__(self, scope, receive, send):
        headers = self.raw_headers
        start = {"type": "http.response.start", "status": self.status_code}
        await send({**start, "headers": headers})
        half = self.body[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        # The server closes a connection whose answer isn't complete.


async def _hang(request, seconds):
    """Send nothing until the other side gives up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not await request.is_disconnected():
        await asyncio.sleep(0.05)
    return Response(status_code=504)
