"""How soon a reply reaches the provider, and how fast a queue of them leaves."""

import itertools
import statistics
import time
import uuid
from collections import Counter, defaultdict
from contextlib import closing

import psycopg2
from psycopg2.extras import execute_values

from benchmarks.browser import chromium, window
from benchmarks.load import post_all
from benchmarks.provider import running_provider
from benchmarks.registry import Aim, measurement
from benchmarks.server import WORKERS, call, session_of
from benchmarks.webhooks import CUSTOMERS, signed_texts

# A queue of many conversations, each with several messages.
IN_EACH = 5
QUEUED = CUSTOMERS * IN_EACH
# How long a provider on the internet takes for one request, in seconds.
REQUEST = 0.2
PATIENCE = 600
WARM_UP = 5

# Presses Send; returns when, in seconds since 1970.
PRESS = """
() => {
    const button = document.querySelector(".o-messaging-Composer-send");
    const now = (performance.timeOrigin + performance.now()) / 1000;
    button.click();
    return now;
}
"""
ADD_FAILED = """
    INSERT INTO messaging_message (
        conversation_id, channel_id, author_id, direction, state, kind, body,
        client_uuid, part, sent_at, create_date, write_date)
    SELECT c.id, c.channel_id, 2, 'outbound', 'failed', 'text', v.body,
           v.client_uuid, 0, now(), now(), now()
      FROM (VALUES %s) AS v (number, body, client_uuid)
      JOIN (SELECT id, channel_id, row_number() OVER (ORDER BY id) - 1 AS place
              FROM messaging_conversation) AS c ON c.place = v.number %% {customers}
     ORDER BY v.number
    RETURNING id
"""


@measurement(
    Aim(
        "send_to_provider_ms",
        "Send pressed to the request at the provider",
        at_most=60,
    ),
    Aim(
        "outbox_per_second",
        "queued messages per second, 200 ms for each request",
        at_least=40,
    ),
    quick=True,
)
def sending(bench):
    """How soon a reply reaches the provider, and how fast a queue of them leaves."""
    with (
        running_provider() as provider,
        bench.odoo("sending", api_base_url=provider.url) as server,
    ):
        payloads = signed_texts(server.webhook_url, CUSTOMERS)
        post_all(server.address, payloads, WORKERS)
        return {
            **_measure_send(server, provider, bench.options.bubbles),
            **_measure_outbox(server, provider),
        }


def _measure_send(server, provider, count):
    with chromium() as browser:
        page = window(browser, server, session_of(server))
        page.goto("/odoo/messaging")
        page.locator(".o-messaging-Row").first.click()
        took = [_send(page, provider) for _ in range(WARM_UP + count)][WARM_UP:]
    return {"send_to_provider_ms": statistics.median(took)}


_replies = itertools.count(1)


def _send(page, provider):
    """Write a reply and press Send; return the milliseconds to the provider."""
    text = f"Reply {next(_replies)}: we have the blue one, until Saturday."
    page.get_by_label("Write a message").fill(text)
    page.locator(".o-messaging-Composer-send:enabled").wait_for()
    page.wait_for_timeout(100)
    pressed = page.evaluate(PRESS)
    return (provider.wait_for_text(text).at - pressed) * 1000


def _measure_outbox(server, provider):
    """Queue all messages at once, as an Agent does who retries what has failed."""
    provider.seconds, provider.taken = REQUEST, []
    ids, bodies = _add_failed(server)
    call(server, "messaging.message", "action_retry", ids)
    provider.wait_for(QUEUED, PATIENCE)
    _wait_until_settled(server, ids)
    taken = list(provider.taken)
    _check(taken, bodies)
    seconds = taken[-1].at - taken[0].at
    return {
        "outbox_per_second": (len(taken) - 1) / seconds,
        "outbox_requests_at_once": provider.most_at_once,
    }


def _add_failed(server):
    """Add failed messages; return their ids, and the texts of each conversation."""
    rows = [
        (number, f"Message {number}", str(uuid.uuid4())) for number in range(QUEUED)
    ]
    with closing(psycopg2.connect(dbname=server.database)) as connection:
        with connection, connection.cursor() as cursor:
            sql = ADD_FAILED.format(customers=CUSTOMERS)
            found = execute_values(cursor, sql, rows, page_size=QUEUED, fetch=True)
    bodies = [
        [rows[i][1] for i in range(n, QUEUED, CUSTOMERS)] for n in range(CUSTOMERS)
    ]
    return [row[0] for row in found], bodies


def _wait_until_settled(server, ids):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        domain = [("id", "in", ids), ("state", "!=", "sent")]
        if not call(server, "messaging.message", "search_count", domain):
            return
        time.sleep(0.1)
    raise TimeoutError("Not all messages are sent.")


def _check(taken, bodies):
    """Raise unless each message arrived once, in the order of its conversation."""
    counts = Counter(each.body for each in taken)
    twice = [body for body, count in counts.items() if count > 1]
    if twice:
        raise RuntimeError(f"The provider got {twice[:3]} more than once.")
    arrived = defaultdict(list)
    for each in taken:
        arrived[each.to].append(each.body)
    if sorted(arrived.values()) != sorted(bodies):
        raise RuntimeError("Messages are missing, or not in their order.")
