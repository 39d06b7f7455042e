"""One webhook request of Twilio: signed, with its time-outs and retries."""

import asyncio
import re
import time
import uuid
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urldefrag, urlencode

import httpx
from twilio.request_validator import RequestValidator

from ..network import is_near

RETRY_PAUSE = 0.1
ANSWER_LIMIT = 64 * 1024
HEADERS = {"User-Agent": "TwilioProxy/1.1", "Accept": "*/*", "X-Home-Region": "us1"}


@dataclass(frozen=True)
class Connection:
    """Twilio's defaults: one retry, and only when it could not connect."""

    retries: int = 1
    policy: frozenset = frozenset({"ct"})
    connect: float = 5
    read: float = 15
    total: float = 15


def split_overrides(url):
    """`…/path#rc=3&rp=ct,rt,5xx`: the fragment is for Twilio, not for the server."""
    bare, fragment = urldefrag(url)
    words = {name: values[-1] for name, values in parse_qs(fragment).items()}
    connection = Connection()
    if re.fullmatch(r"[0-5]", words.get("rc", "")):
        connection = replace(connection, retries=int(words["rc"]))
    if "rp" in words:
        connection = replace(connection, policy=frozenset(words["rp"].split(",")))
    for name, field in (("ct", "connect"), ("rt", "read"), ("tt", "total")):
        if words.get(name, "").isdigit():
            connection = replace(connection, **{field: int(words[name]) / 1000})
    return bare, connection


def sign(token, url, fields):
    return RequestValidator(token).compute_signature(url, fields)


async def post(phone, account, url, fields, method="POST"):
    """Delivers, retries as the URL's fragment asks, and tells what came of it."""
    bare, connection = split_overrides(url)
    if not await is_near(bare):
        return nothing("The practice phone reaches this machine's network only.")
    request = _build(phone, account, bare, fields, method)
    started, outcome, attempts = time.monotonic(), {}, 0
    while True:
        attempts += 1
        left = connection.total - (time.monotonic() - started)
        outcome = await _attempt(phone, request, connection, left)
        if attempts > connection.retries or not _again(outcome, connection):
            break
        await asyncio.sleep(RETRY_PAUSE)
    elapsed = round(time.monotonic() - started, 4)
    return {**outcome, "attempts": attempts, "elapsed": elapsed}


def _build(phone, account, url, fields, method):
    if method == "GET":
        url = f"{url}{'&' if '?' in url else '?'}{urlencode(fields)}"
        signature, body = sign(account.auth_token, url, {}), None
    else:
        signature, body = sign(account.auth_token, url, fields), urlencode(fields)
    headers = {
        **HEADERS,
        "X-Twilio-Signature": signature,
        # The same on every attempt, so that the other side can tell a retry.
        "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
    }
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
    return phone.client.build_request(method, url, content=body, headers=headers)


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
    """The outcome of a webhook that could not even be tried."""
    return _outcome(error=error, failure="ct")


def _again(outcome, connection):
    failure = outcome["failure"]
    return bool(failure) and bool(connection.policy & {failure, "all"})
