"""What a salesperson sees: how fast threads open and messages appear, in Chromium.

Odoo's Discuss is measured beside us, in turn, as the scale for this machine.
"""

import itertools
import json
import statistics
import time

from benchmarks.browser import chromium, window
from benchmarks.load import http_post, post_all
from benchmarks.registry import Aim, measurement
from benchmarks.server import WORKERS, call, make_user, session_of
from benchmarks.timing import in_turn
from benchmarks.webhooks import (
    CUSTOMERS,
    QUESTION,
    UNLINKED,
    signed_text,
    signed_texts,
)

WARM_UP = 5
IN_A_THREAD = 30
CUSTOMER = f"{UNLINKED}00000"
LOGIN = "bench.colleague"
INBOX_BUBBLE = ".o-messaging-Thread .o-messaging-Message"
DISCUSS_BUBBLE = ".o-mail-Thread .o-mail-Message"
_marks = itertools.count(1)

# Stores when a marked bubble was painted, in seconds since 1970, by its mark.
WATCH_BUBBLES = """
(selector) => {
    window.benchPainted = {};
    const look = () => {
        const newest = [...document.querySelectorAll(selector)].at(-1);
        const mark = newest?.textContent.match(/mark-[0-9]+-/)?.[0];
        if (!mark || mark in window.benchPainted) {
            return;
        }
        window.benchPainted[mark] = 0;
        requestAnimationFrame(() => setTimeout(() => {
            const now = performance.timeOrigin + performance.now();
            window.benchPainted[mark] = now / 1000;
        }));
    };
    const all = {childList: true, subtree: true, characterData: true};
    new MutationObserver(look).observe(document.body, all);
}
"""
# How long the pointer rests on a row before the click, in milliseconds.
REST = 150
# Returns the id of the first row that wasn't opened yet; null if there is none.
FIND_NEXT = """
(opened) => {
    const rows = [...document.querySelectorAll(".o-messaging-Row")];
    return rows.find((one) => !opened.includes(one.dataset.id))?.dataset.id;
}
"""
# Returns the milliseconds from a click on a row to its painted thread.
OPEN = """
async (id) => {
    const row = document.querySelector(`.o-messaging-Row[data-id="${id}"]`);
    const name = row.querySelector(".o-messaging-Row-name").textContent;
    const frame = () => new Promise(requestAnimationFrame);
    const isPainted = () =>
        document.querySelector(".o-messaging-Header-name")?.textContent === name &&
        document.querySelector(".o-messaging-Thread .o-messaging-Message");
    const start = performance.now();
    row.click();
    while (!isPainted()) {
        await frame();
    }
    await frame();
    await new Promise((resolve) => setTimeout(resolve));
    return performance.now() - start;
}
"""

# Returns whether the list's last row is another than the given one.
IS_OTHER = """
(id) => [...document.querySelectorAll(".o-messaging-Row")].at(-1).dataset.id !== id
"""


@measurement(
    Aim(
        "screen_vs_discuss",
        "webhook to bubble on the screen, over the same in Discuss",
        at_most=1.0,
    ),
    Aim(
        "switch_conversation_ms_p95",
        "click on a conversation to its painted thread",
        at_most=100,
    ),
    quick=True,
)
def screen(bench):
    """How long threads take to open, and messages to appear."""
    server = bench.small
    _make_conversations(server)
    with chromium() as browser:
        inbox = window(browser, server, session_of(server))
        discuss = window(browser, server, session_of(server))
        switches, cold = _switch(inbox, bench.options.switches)
        ours = _InInbox(inbox, server)
        theirs = _InDiscuss(discuss, server)
        sides = {"inbox": ours.wait_for_bubble, "discuss": theirs.wait_for_bubble}
        in_turn(sides, WARM_UP)
        waits = in_turn(sides, bench.options.bubbles)
    inbox_ms, discuss_ms = (statistics.median(waits[s]) * 1000 for s in sides)
    return {
        "screen_vs_discuss": inbox_ms / discuss_ms,
        "webhook_to_bubble_ms": inbox_ms,
        "discuss_to_bubble_ms": discuss_ms,
        "switch_conversation_ms_p50": statistics.median(switches),
        "switch_conversation_ms_p95": _p95(switches),
        "switch_unannounced_ms_p50": statistics.median(cold),
    }


def _make_conversations(server):
    """Give customers as many messages as a thread shows at first."""
    payloads = signed_texts(server.webhook_url, IN_A_THREAD * CUSTOMERS)
    post_all(server.address, payloads, WORKERS)


def _p95(values):
    return statistics.quantiles(values, n=20)[18]


def _switch(page, count):
    """Open conversations that this page hasn't opened yet; return two lists of ms.

    Before the clicks of the first list, the pointer rests on the row, as people's do;
    those of the second come out of nowhere, as from a script.
    """
    page.goto("/odoo/messaging")
    page.locator(".o-messaging-Row").first.wait_for()
    opened = []
    cold = [_open_next(page, opened, rests=False) for _ in range(WARM_UP + count)]
    warm = [_open_next(page, opened, rests=True) for _ in range(count)]
    return warm, cold[WARM_UP:]


def _open_next(page, opened, rests):
    while not (id_ := page.evaluate(FIND_NEXT, opened)):
        _show_more(page)
    opened.append(id_)
    if rests:
        page.locator(f'.o-messaging-Row[data-id="{id_}"]').hover()
        page.wait_for_timeout(REST)
    return page.evaluate(OPEN, id_)


def _show_more(page):
    """Scroll the list by a page, as the user does; it loads what follows."""
    rows = page.locator(".o-messaging-Row")
    before = rows.last.get_attribute("data-id")
    rows.last.scroll_into_view_if_needed()
    page.wait_for_function(IS_OTHER, arg=before)


class _Side:
    """One page that shows messages; `_post` sends one that contains a mark."""

    def __init__(self, page, server, path, bubble):
        self.page = page
        self.address = server.address
        page.goto(path)
        page.locator(bubble).last.wait_for()
        page.evaluate(WATCH_BUBBLES, bubble)

    def wait_for_bubble(self):
        """Send a message; return the seconds until its bubble was painted."""
        mark = f"mark-{next(_marks)}-"
        payload = self._payload(mark)
        self.page.bring_to_front()
        start = time.time()
        post_all(self.address, [payload], 1)
        painted = self.page.wait_for_function(
            "mark => window.benchPainted[mark]", arg=mark, polling=50
        )
        return painted.json_value() - start


class _InInbox(_Side):
    """A customer writes to a conversation that is open on the screen."""

    def __init__(self, page, server):
        self.webhook_url = server.webhook_url
        domain = [("contact_phone", "=", CUSTOMER)]
        [id_] = call(server, "messaging.conversation", "search", domain)
        super().__init__(page, server, f"/odoo/messaging/{id_}", INBOX_BUBBLE)

    def _payload(self, mark):
        return signed_text(self.webhook_url, CUSTOMER, f"{mark} {QUESTION}")


class _InDiscuss(_Side):
    """A colleague writes to a channel that is open on the screen."""

    def __init__(self, page, server):
        partner = make_user(server, "Colleague", LOGIN)
        members = {"name": "Measured", "channel_partner_ids": [(4, partner)]}
        self.channel = call(server, "discuss.channel", "create", members)
        self.session = session_of(server, LOGIN, LOGIN)
        post_all(server.address, [self._payload("the first")], 1)
        path = f"/odoo/discuss?active_id=discuss.channel_{self.channel}"
        super().__init__(page, server, path, DISCUSS_BUBBLE)

    def _payload(self, mark):
        message = {"body": f"{mark} {QUESTION}", "message_type": "comment"}
        message["subtype_xmlid"] = "mail.mt_comment"
        thread = {"thread_model": "discuss.channel", "thread_id": self.channel}
        body = {"jsonrpc": "2.0", "params": {**thread, "post_data": message}}
        headers = (
            ("Content-Type", "application/json"),
            ("Cookie", f"session_id={self.session}"),
        )
        return http_post(
            "localhost", "/mail/message/post", json.dumps(body).encode(), headers
        )
