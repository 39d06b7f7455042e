"""Opening the inbox, and Odoo's Discuss with as many channels, in Chromium.

Neither loads its scripts again: the browser has them from the first opening. Pictures
count on neither side.
"""

import statistics
import time
from functools import partial

from benchmarks.browser import chromium, window
from benchmarks.registry import Aim, measurement
from benchmarks.server import call, make_user, session_of
from benchmarks.timing import in_turn, rounded

BATCH = 250
MEMBER = "bench.member"
ROUNDS = 3
# Discuss needs more than a minute on a slow machine.
PATIENCE = 600_000
# Returns the ms from the start of the navigation until so many elements are painted.
PAINTED = """
async ([selector, count, patience]) => {
    const frame = () => new Promise(requestAnimationFrame);
    while (document.querySelectorAll(selector).length < count) {
        if (performance.now() > patience) {
            throw new Error(`Not enough ${selector} in time`);
        }
        await frame();
    }
    await frame();
    await new Promise((resolve) => setTimeout(resolve));
    return performance.now();
}
"""
# The address, and what shows that the list is there. Discuss shows the channel that
# everybody has before the others.
INBOX = "/odoo/messaging", ".o-messaging-Row", 1
DISCUSS = "/odoo/discuss", ".o-mail-DiscussSidebarChannel", 100
# Discuss loads the picture of every channel, once; that takes minutes.
PICTURES = ["*/web/image/*"]
WORKER = "/bus/websocket_worker_bundle"


@measurement(
    Aim(
        "open_inbox_vs_discuss",
        "opening 5,000 conversations over 5,000 channels: time or bytes, the worse",
        at_most=0.5,
    ),
)
def opening(bench):
    """Both in turn, each by a user who has nothing of the other; medians."""
    server = bench.medium
    partner = make_user(server, "Member", MEMBER)
    with chromium() as browser:
        sides = {
            "inbox": (window(browser, server, server.agent_session), *INBOX),
            "discuss": (
                window(browser, server, session_of(server, MEMBER, MEMBER)),
                *DISCUSS,
            ),
        }
        for page, *_ in sides.values():
            # Their scripts, as long as there is little else to load
            traffic = _Traffic(page)
            page.goto("/odoo", wait_until="load")
            traffic.wait_for_rest()
            page.goto("about:blank")
        _make_channels(server, partner, bench.options.channels)
        calls = {name: partial(_open, *side) for name, side in sides.items()}
        opened = in_turn(calls, ROUNDS)
    ms, sizes = ({n: _median(of, at) for n, of in opened.items()} for at in (0, 1))
    ratios = [side["inbox"] / side["discuss"] for side in (ms, sizes)]
    return {
        "open_inbox_vs_discuss": max(ratios),
        "open_inbox_vs_discuss_time": ratios[0],
        "open_inbox_vs_discuss_bytes": ratios[1],
        "open_ms": rounded(ms),
        "open_bytes": rounded(sizes),
    }


def _median(opened, place):
    return statistics.median(found[place] for found in opened)


def _open(page, path, selector, count):
    """Return milliseconds until it is painted, and bytes until the network rests."""
    traffic = _Traffic(page, blocked=PICTURES)
    page.bring_to_front()
    page.goto(path, wait_until="commit")
    ms = page.evaluate(PAINTED, [selector, count, PATIENCE])
    traffic.wait_for_rest()
    page.goto("about:blank")
    return ms, traffic.received


class _Traffic:
    """What a page loads over the network.

    Playwright's "networkidle" waits for ever for the script of Odoo's websocket worker:
    the page starts that request but never sees its end.
    """

    def __init__(self, page, blocked=()):
        self.page, self.received, self.under_way = page, 0, set()
        self.network = page.context.new_cdp_session(page)
        self.network.on("Network.requestWillBeSent", self._started)
        self.network.on("Network.loadingFinished", self._finished)
        self.network.on("Network.loadingFailed", self._ended)
        self.network.send("Network.enable")
        self.network.send("Network.setBlockedURLs", {"urls": list(blocked)})

    def _started(self, event):
        if WORKER not in event["request"]["url"]:
            self.under_way.add(event["requestId"])

    def _ended(self, event):
        self.under_way.discard(event["requestId"])

    def _finished(self, event):
        self.received += event["encodedDataLength"]
        self._ended(event)

    def wait_for_rest(self):
        """Wait until no request has been under way for a second; stop counting."""
        rest = time.monotonic()
        end = rest + PATIENCE / 1000
        while time.monotonic() < rest + 1:
            if time.monotonic() > end:
                raise TimeoutError(f"{len(self.under_way)} requests never end")
            self.page.wait_for_timeout(50)
            if self.under_way:
                rest = time.monotonic()
        self.network.detach()


def _make_channels(server, partner, count):
    """Make a partner the member of so many channels, each with a message."""
    member = [(0, 0, {"partner_id": partner})]
    for first in range(0, count, BATCH):
        channels = [
            {"name": f"Customer {first + number}", "channel_member_ids": member}
            for number in range(BATCH)
        ]
        made = call(server, "discuss.channel", "create", channels)
        messages = [_message(channel) for channel in made]
        call(server, "mail.message", "create", messages)


def _message(channel):
    return {
        "model": "discuss.channel",
        "res_id": channel,
        "message_type": "comment",
        "body": "Do you still have the blue one, and by when?",
    }
