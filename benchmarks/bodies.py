"""Meta's demands on a webhook: bodies of many messages, and a quick answer to each.

The bodies are signed as Meta signs them, and built before the clock starts.
"""

import hashlib
import hmac
import itertools
import json
import statistics
import time
from urllib.parse import urlsplit

from benchmarks.load import http_post, post_all, post_at_rate
from benchmarks.registry import Aim, measurement
from benchmarks.server import APP_SECRET, PAGE, WORKERS

IN_A_BODY = 100
CUSTOMERS_IN_A_BODY = 50
# Requests a second
PACE = 50
_numbers = itertools.count(1)


@measurement(
    Aim(
        "batch_messages_per_second",
        "messages per second, 100 in each body",
        at_least=5000,
    ),
    quick=True,
)
def bodies(bench):
    """How many messages per second arrive in bodies of many messages."""
    _rate(bench.empty, 2)
    number, rounds = bench.options.bodies, bench.options.rounds
    rates = [_rate(bench.empty, number) for _ in range(rounds)]
    return {"batch_messages_per_second": statistics.median(rates)}


def _rate(server, number):
    payloads = [_request(server.page_url, IN_A_BODY) for _ in range(number)]
    start, count = server.watch.start(), IN_A_BODY * number
    result = post_all(server.address, payloads, WORKERS)
    done = server.watch.wait_until_done(start, count)
    return count / (result.seconds + done - result.finished)


@measurement(
    Aim(
        "webhook_p99_ms_at_50rps",
        "answer to a webhook, at 50 a second",
        at_most=25,
    ),
    quick=True,
)
def pace(bench):
    """How long the answer to one message takes, at a steady pace."""
    server = bench.empty
    payloads = [
        _request(server.page_url, 1) for _ in range(PACE * bench.options.seconds)
    ]
    post_all(server.address, payloads[:PACE], WORKERS)
    result = post_at_rate(server.address, payloads[PACE:], PACE)
    cuts = statistics.quantiles(result.latencies, n=100)
    return {
        "webhook_p50_ms_at_50rps": cuts[49] * 1000,
        "webhook_p99_ms_at_50rps": cuts[98] * 1000,
    }


def _request(webhook_url, messages):
    now = int(time.time() * 1000)
    events = [_event(next(_numbers), now) for _ in range(messages)]
    entry = {"id": PAGE, "time": now, "messaging": events}
    body = json.dumps({"object": "page", "entry": [entry]}).encode()
    signature = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    parts = urlsplit(webhook_url)
    headers = (
        ("Content-Type", "application/json"),
        ("User-Agent", "facebookexternalua"),
        ("X-Hub-Signature-256", f"sha256={signature}"),
    )
    return http_post(parts.netloc, parts.path, body, headers)


def _event(number, now):
    return {
        "sender": {"id": f"76890000{number % CUSTOMERS_IN_A_BODY:08d}"},
        "recipient": {"id": PAGE},
        "timestamp": now,
        "message": {
            "mid": f"m_bench{number:032d}",
            "text": f"Message {number}: do you still have the blue one, and by when?",
        },
    }
