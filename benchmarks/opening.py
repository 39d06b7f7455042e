"""Opening the inbox, and Odoo's Discuss with as many channels, in Chromium.

Neither loads its scripts again: the browser has them from the first opening. Pictures
count on neither side.
"""

import statistics
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
            page.goto("/odoo", wait_until="networkidle")
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
    received = []
    network = page.context.new_cdp_session(page)
    network.on(
        "Network.loadingFinished",
        lambda event: received.append(event["encodedDataLength"]),
    )
    network.send("Network.enable")
    network.send("Network.setBlockedURLs", {"urls": PICTURES})
    page.bring_to_front()
    page.goto(path, wait_until="commit")
    ms = page.evaluate(PAINTED, [selector, count, PATIENCE])
    page.wait_for_load_state("networkidle", timeout=PATIENCE)
    network.detach()
    page.goto("about:blank")
    return ms, sum(received)


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
