"""One HTTP request to a provider, with its failures in our words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from urllib3.exceptions import NewConnectionError

from .errors import Reason, Refused, Retryable, SendError, Unsettled

CONNECT_TIMEOUT = 3
READ_TIMEOUT = 5
ONE_DAY = 86400


def call(
    http: requests.Session, method: str, url: str, **options: Any
) -> requests.Response:
    """Send one request, following no redirect; SendError when no answer comes."""
    options.setdefault("timeout", (CONNECT_TIMEOUT, READ_TIMEOUT))
    try:
        return http.request(method, url, allow_redirects=False, **options)
    except requests.RequestException as error:
        # Not chained: the library's words hold the URL, which may be a signed one.
        raise _failure(error, method) from None
    except ValueError as error:
        # `requests` reads the target of a redirect even when it isn't to follow it.
        raise Refused(Reason.OTHER, detail="An unreadable redirect.") from error


def _failure(error: requests.RequestException, method: str) -> SendError:
    detail = type(error).__name__
    if not isinstance(error, _ON_THE_WIRE):
        return Refused(Reason.OTHER, detail=detail)
    if method == "GET" or _never_left(error):
        return Retryable(Reason.NO_CONNECTION, detail=detail)
    return Unsettled(Reason.NO_CONNECTION, detail=detail)


# All else that `requests` raises is about a URL or header that it can't send.
_ON_THE_WIRE = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)


def _never_left(error: requests.RequestException) -> bool:
    """Tell whether no connection was made, so that nothing can have been accepted."""
    # TLS breaks in the handshake, a proxy at CONNECT: both before the request.
    if isinstance(error, (requests.ConnectTimeout, requests.exceptions.SSLError)):
        return True
    if isinstance(error, requests.exceptions.ProxyError):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError)


def json_object(response: requests.Response) -> dict[str, Any]:
    """Return the JSON object of an answer, empty when it holds anything else."""
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of a Retry-After header, given as a number or a date."""
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
