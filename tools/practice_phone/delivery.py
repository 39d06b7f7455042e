"""One web request to Odoo, with its timeouts, retries and outcome."""

import asyncio
import time
from dataclasses import dataclass

import httpx

RETRY_PAUSE = 0.1
REDELIVERY_PAUSE = 0.5
ANSWER_LIMIT = 64 * 1024


@dataclass(frozen=True)
class Connection:
    """The provider's timeouts and retries; `policy` names the failures it retries."""

    retries: int
    policy: frozenset
    connect: float = 5
    read: float = 15
    total: float = 15


async def deliver(phone, build, connection):
    """Send, with the injected fault if there is one, and return the outcome.

    ``build()`` returns the request. A provider signs each delivery anew: what is
    delivered again after the token has changed has the signature of the new one.
    """
    fault = phone.faults.for_webhook()
    trouble = fault.webhooks if fault else ""
    words = phone, build, connection
    if trouble == "late":
        await asyncio.sleep(fault.seconds)
    if trouble == "twice":
        outcome, _second = await asyncio.gather(_insist(*words), _insist(*words))
        return outcome
    if trouble == "unanswered":
        # Odoo answers, but the provider doesn't hear it, and repeats the request.
        await _attempt(phone, build(), connection, connection.total)
    elif trouble == "again":
        phone.spawn(_once_more(*words, fault.seconds))
    return await _insist(*words)


async def _once_more(phone, build, connection, seconds):
    await asyncio.sleep(seconds)
    await _insist(phone, build, connection)


async def _insist(phone, build, connection):
    """Deliver again, as long as the phone was asked to, what has failed."""
    started, attempts = time.monotonic(), 0
    while True:
        outcome = await _try(phone, build(), connection)
        attempts += outcome["attempts"]
        elapsed = time.monotonic() - started
        if not outcome["failure"] or elapsed >= phone.redelivery:
            return {**outcome, "attempts": attempts, "elapsed": round(elapsed, 4)}
        await asyncio.sleep(REDELIVERY_PAUSE)


async def _try(phone, request, connection):
    """Send, retry as the policy says, and return the outcome."""
    started, attempts = time.monotonic(), 0
    while True:
        attempts += 1
        left = connection.total - (time.monotonic() - started)
        outcome = await _attempt(phone, request, connection, left)
        if attempts > connection.retries or not _again(outcome, connection):
            return {**outcome, "attempts": attempts}
        await asyncio.sleep(RETRY_PAUSE)


async def _attempt(phone, request, connection, left):
    if left <= 0:
        return _outcome(error="No time left", failure="rt")
    timeout = httpx.Timeout(connection.read, connect=connection.connect)
    request.extensions["timeout"] = timeout.as_dict()
    try:
        sending = phone.client.send(request, follow_redirects=False)
        answer = await asyncio.wait_for(sending, left)
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        return _outcome(error=f"No connection: {error}", failure="ct")
    except (httpx.TimeoutException, asyncio.TimeoutError):
        return _outcome(error="No answer in time", failure="rt")
    except httpx.HTTPError as error:
        return _outcome(error=f"Broken answer: {error}", failure="rt")
    kind = answer.headers.get("content-type", "")
    return _outcome(answer.status_code, answer.text[:ANSWER_LIMIT], kind)


def _outcome(status=None, body="", content_type="", error="", failure=""):
    if status and status >= 400:
        failure = "5xx" if status >= 500 else "4xx"
    return {
        "status": status,
        "body": body,
        "content_type": content_type,
        "error": error,
        "failure": failure,
        "attempts": 0,
        "elapsed": 0.0,
    }


def nothing(error):
    """Return the outcome of a webhook that could not be tried."""
    return _outcome(error=error, failure="ct")


def _again(outcome, connection):
    failure = outcome["failure"]
    return bool(failure) and bool(connection.policy & {failure, "all"})
