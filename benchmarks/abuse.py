"""The cost of floods of requests to the webhook, from strangers or the provider.

Each kind of request is compared with one of the same size to a route that does nothing,
in turn. What an unsigned or wrongly signed request costs is all that an attacker can
make us spend. The bodies are as long as those of real messages.
"""

import statistics
from functools import partial
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from benchmarks.load import http_post, post_all
from benchmarks.registry import Aim, measurement
from benchmarks.server import ACCOUNT_SID, AUTH_TOKEN
from benchmarks.timing import in_turn
from benchmarks.webhooks import signed_texts

WARM_UP = 200
FORM = ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
JUNK = {f"Field{number}": "x" * 30 for number in range(20)}
# More than the route takes. The body itself is never sent.
TOO_LONG = 5 * 1024 * 1024
# The shape of a signature is right, and nothing else.
FORGED = "A" * 27 + "="
FORGED_HASH = "sha256=" + "0" * 64


@measurement(
    Aim(
        "unsigned_vs_empty_route",
        "time of a refused request without a signature, over the empty route",
        at_most=1.2,
    ),
    Aim(
        "forged_vs_empty_route",
        "time of a refused request with a wrong signature, over the empty route",
        at_most=1.5,
    ),
    Aim(
        "forged_json_vs_empty_route",
        "the same, of JSON",
        at_most=1.5,
    ),
    Aim(
        "too_long_vs_empty_route",
        "time of a request whose body is too long to be read, over the empty route",
        at_most=1.2,
    ),
    Aim(
        "signed_junk_vs_webhook",
        "time of a correctly signed but unreadable request, over a message",
        at_most=1.2,
    ),
    quick=True,
)
def abuse(bench):
    """Floods of refused requests, and of signed but unreadable ones."""
    server = bench.empty
    kinds = {**_refused(server), "message": (_messages(server), b"200")}
    kinds["junk"] = (_junk(server), b"200")
    calls = {
        name: partial(_seconds, bench, server, make, status)
        for name, (make, status) in kinds.items()
    }
    for make, status in kinds.values():
        _post(bench, server, make(WARM_UP), status)
    found = in_turn(calls, bench.options.rounds)
    took = {name: statistics.median(times) for name, times in found.items()}
    empty = took["empty"]
    return {
        "unsigned_vs_empty_route": took["unsigned"] / empty,
        "forged_vs_empty_route": took["forged"] / empty,
        "forged_json_vs_empty_route": took["forged_json"] / empty,
        "too_long_vs_empty_route": took["too_long"] / empty,
        "signed_junk_vs_webhook": took["junk"] / took["message"],
        "abuse_us": {name: round(time * 1e6) for name, time in took.items()},
    }


def _seconds(bench, server, make, status):
    """Return the seconds that one request takes, of a round of them."""
    count = bench.options.requests
    return _post(bench, server, make(count), status) / count


def _post(bench, server, payloads, status):
    return post_all(server.address, payloads, bench.options.concurrency, status).seconds


def _refused(server):
    """Return {kind: (function that makes so many requests, status of the answer)}."""
    form, parts = urlencode(JUNK).encode(), urlsplit(server.webhook_url)
    page = urlsplit(server.page_url)

    def posts(path, *headers, body=form, length=None):
        payload = http_post(parts.netloc, path, body, headers, length)
        return lambda count: [payload] * count

    forged = ("X-Twilio-Signature", FORGED)
    json = ("Content-Type", "application/json")
    forged_json = ("X-Hub-Signature-256", FORGED_HASH)
    return {
        "empty": (posts("/bench/empty", FORM), b"200"),
        "unsigned": (posts(parts.path, FORM), b"403"),
        "forged": (posts(parts.path, FORM, forged), b"403"),
        "forged_json": (posts(page.path, json, forged_json), b"403"),
        "too_long": (
            posts(page.path, json, forged_json, body=b"", length=TOO_LONG),
            b"413",
        ),
    }


def _messages(server):
    return lambda count: signed_texts(server.webhook_url, count)


def _junk(server):
    """Return a function that makes signed requests which become failed webhooks."""
    url = server.webhook_url
    parts, form = urlsplit(url), {"AccountSid": ACCOUNT_SID, **JUNK}
    signature = RequestValidator(AUTH_TOKEN).compute_signature(url, form)
    headers = (FORM, ("X-Twilio-Signature", signature))
    payload = http_post(parts.netloc, parts.path, urlencode(form).encode(), headers)
    return lambda count: [payload] * count
