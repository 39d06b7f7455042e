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
from benchmarks.server import APP_SECRET, PAGE, WORKERS

IN_A_BODY = 100
CUSTOMERS_IN_A_BODY = 50
_numbers = itertools.count(1)


def measure_bodies(server, url, watch, options):
    """Return how many messages per second arrive in bodies of many messages."""
    rates = [_rate(server, url, watch, 2)]
    rates += [_rate(server, url, watch, options.bodies) for _ in range(options.rounds)]
    return {"batch_messages_per_second": round(statistics.median(rates[1:]), 1)}


def _rate(server, url, watch, number):
    payloads = [_request(url, IN_A_BODY) for _ in range(number)]
    start, count = watch.start(), IN_A_BODY * number
    result = post_all(_address(server), payloads, WORKERS)
    done = watch.wait_until_done(start, count)
    return count / (result.seconds + done - result.finished)


def measure_answers(server, url, options):
    """Return how long the answer to one message takes, at a steady pace."""
    payloads = [_request(url, 1) for _ in range(options.pace * options.seconds)]
    result = post_at_rate(_address(server), payloads, options.pace)
    cuts = statistics.quantiles(result.latencies, n=100)
    return {
        "answer_ms_p50": round(cuts[49] * 1000, 1),
        "answer_ms_p99": round(cuts[98] * 1000, 1),
    }


def _address(server):
    return "127.0.0.1", server.http_port


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
