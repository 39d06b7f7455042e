"""One web request to Odoo, with its timeouts, retries and outcome."""

import asyncio
import time
from dataclasses import dataclass

import httpx

RETRY_PAUSE = 0.1
ANSWER_LIMIT = 64 * 1024


@dataclass(frozen=True)
class Connection:
    """The provider's timeouts and retries; `policy` names the failures it retries."""

    retries: int
    policy: frozenset
    connect: float = 5
    read: float = 15
    total: float = 15


async def deliver(phone, request, connection):
    """Send, retry as the policy says, and return the outcome."""
    started, attempts = time.monotonic(), 0
    while True:
        attempts += 1
        left = connection.total - (time.monotonic() - started)
        outcome = await _attempt(phone, request, connection, left)
        if attempts > connection.retries or not _again(outcome, connection):
            break
        await asyncio.sleep(RETRY_PAUSE)
    elapsed = round(time.monotonic() - started, 4)
    return {**outcome, "attempts": attempts, "elapsed": elapsed}


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
