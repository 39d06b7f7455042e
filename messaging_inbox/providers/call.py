"""One HTTP request to a provider, with its failures as SendErrors."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from urllib3.exceptions import HTTPError, NewConnectionError, ProxyError, SSLError

from .error_table import Failure, error_of
from .errors import Reason, Refused, Retryable, SendError, Unsettled

CONNECT_TIMEOUT = 3
READ_TIMEOUT = 5
ONE_DAY = 86400
CHUNK = 64 * 1024
MAX_ANSWER = 8 * 1024 * 1024


def ask(
    http: requests.Session,
    method: str,
    url: str,
    read_failure: Callable[[requests.Response, dict[str, Any]], Failure | None],
    repeatable: bool = False,
    **options: Any,
) -> dict[str, Any]:
    """Return the provider's JSON object; raise SendError for any other answer.

    ``read_failure(response, body)`` returns the failure that the provider reports, or
    None. A GET and a ``repeatable`` request can be repeated without harm. Any other
    request may send a message: it is Unsettled unless the provider's JSON, or an
    unambiguous status, says that it was refused.
    """
    repeatable = repeatable or method == "GET"
    response = call(http, method, url, repeatable, stream=True, **options)
    content = _content(response, repeatable)
    body = _json_object(content)
    failure = read_failure(response, body or {})
    if failure:
        raise error_of(failure, response.status_code, repeatable)
    if body is None and content:
        raise _unanswered("The answer can't be read.", repeatable, Reason.OTHER)
    return body or {}


def call(
    http: requests.Session,
    method: str,
    url: str,
    repeatable: bool = False,
    **options: Any,
) -> requests.Response:
    """Send one request without following redirects; SendError without an answer.

    A session may have a ``time_left()``: the seconds that are left for the request.
    """
    repeatable = repeatable or method == "GET"
    timeout = options.pop("timeout", (CONNECT_TIMEOUT, READ_TIMEOUT))
    left = time_left(http)
    if left <= 0:
        raise Retryable(Reason.NO_CONNECTION, detail="There was no time left.")
    options["timeout"] = tuple(min(seconds, left) for seconds in timeout)
    try:
        return http.request(method, url, allow_redirects=False, **options)
    except requests.RequestException as error:
        # Not chained: the library's text holds the URL, which may be a signed one.
        raise _failure(error, repeatable) from None
    except ValueError:
        # `requests` parses the target of a redirect even without following it.
        kind = Refused if repeatable else Unsettled
        raise kind(Reason.OTHER, detail="An unreadable redirect.") from None


def time_left(http: requests.Session) -> float:
    """Return the seconds that a session has left; infinite without a limit."""
    left: Callable[[], float] = getattr(http, "time_left", lambda: math.inf)
    return left()


class LimitedSession(requests.Session):
    """A session for a job with a time limit."""

    def __init__(self, time_left: Callable[[], float]):
        super().__init__()
        self.time_left = time_left


def _content(response: requests.Response, repeatable: bool) -> bytes:
    """Return the body, which must be complete within READ_TIMEOUT."""
    deadline = time.monotonic() + READ_TIMEOUT
    # read1 returns what has arrived, so that a slow host can't outlast the deadline.
    read = getattr(response.raw, "read1", response.raw.read)
    content = bytearray()
    try:
        with response:
            while data := read(CHUNK, decode_content=True):
                content += data
                if len(content) > MAX_ANSWER or time.monotonic() > deadline:
                    raise _unanswered("The answer doesn't end.", repeatable)
    except (HTTPError, OSError) as error:
        raise _unanswered(type(error).__name__, repeatable) from None
    return bytes(content)


def _unanswered(
    detail: str, repeatable: bool, reason: Reason = Reason.NO_CONNECTION
) -> SendError:
    """Return the error of a request that was sent and got no usable answer."""
    kind = Retryable if repeatable else Unsettled
    return kind(reason, detail=detail)


def _failure(error: requests.RequestException, repeatable: bool) -> SendError:
    detail = type(error).__name__
    cause = error.args[0] if error.args else None
    if not isinstance(error, _ON_THE_WIRE) and not isinstance(cause, HTTPError):
        return Refused(Reason.OTHER, detail=detail)
    return _unanswered(detail, repeatable or _never_left(error))


# `requests` raises all other errors for a URL or header that it can't send.
_ON_THE_WIRE = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)
# OpenSSL's reasons for a failed handshake; most others may come after the request.
_HANDSHAKE = frozenset(
    (
        "CERTIFICATE_VERIFY_FAILED",
        "NO_PROTOCOLS_AVAILABLE",
        "SSLV3_ALERT_HANDSHAKE_FAILURE",
        "TLSV1_ALERT_PROTOCOL_VERSION",
        "TLSV1_UNRECOGNIZED_NAME",
        "UNSUPPORTED_PROTOCOL",
        "WRONG_VERSION_NUMBER",
    )
)


def _never_left(error: requests.RequestException) -> bool:
    """Tell whether the connection failed, so that nothing can have been accepted."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    if isinstance(reason, ProxyError):
        # An answer that breaks off can be reported as the proxy's fault too.
        reason = reason.original_error
        if str(reason).startswith("Tunnel connection failed"):
            return True
    if isinstance(reason, SSLError):
        reason = reason.args[0] if reason.args else None
        return getattr(reason, "reason", None) in _HANDSHAKE
    return isinstance(reason, NewConnectionError)


def _json_object(content: bytes) -> dict[str, Any] | None:
    """Return the JSON object of an answer, or None if it isn't one."""
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of a Retry-After header, which holds a number or a date."""
    value = headers.get("Retry-After", "")
    try:
        seconds = float(value)
    except ValueError:
        seconds = _seconds_until(value)
    if seconds is None or not math.isfinite(seconds):
        return None
    return min(max(seconds, 0.0), ONE_DAY)


def _seconds_until(http_date: str) -> float | None:
    try:
        moment = parsedate_to_datetime(http_date)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return (moment - datetime.now(timezone.utc)).total_seconds()
