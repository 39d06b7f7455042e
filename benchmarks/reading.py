"""What the inbox asks as it opens and scrolls, with few conversations and with many.

All is asked over HTTP as an Agent's client does.
"""

from benchmarks.filling import FIFTY_NAME, LONGEST_NAME
from benchmarks.registry import Aim, measurement
from benchmarks.timing import alternate, asking, rounded

SECTIONS = ("mine", "unassigned", "others", "snoozed", "closed")
PAGE, MAX_PAGE = 40, 100
DEEP = 1000


@measurement(
    Aim(
        "list_100k_vs_1k",
        "the slowest growing of init, counters and first pages, full over small",
        at_most=1.5,
    ),
)
def lists(bench):
    """Each call on both databases in turn; medians.

    Pages have as many rows as the section of the small database; how long the full
    database takes for whole pages is told, too.
    """
    sides = {"small": bench.small.agent, "full": bench.full.agent}
    calls = {"init": ("inbox_init",), "counters": ("inbox_counters",)}
    for section in SECTIONS:
        page = asking(bench.small.agent, "inbox_list", section)()
        calls[section] = ("inbox_list", section, "", False, False, len(page["rows"]))
    took = {
        name: alternate({side: asking(ask, *call) for side, ask in sides.items()})
        for name, call in calls.items()
    }
    whole = {name: asking(bench.full.agent, "inbox_list", name) for name in SECTIONS}
    return {
        "list_100k_vs_1k": max(ms["full"] / ms["small"] for ms in took.values()),
        "lists_ms": rounded(took),
        "whole_pages_ms": rounded(alternate(whole)),
    }


@measurement(
    Aim("deep_page_vs_first", "page 1,000 of Closed over page 1", at_most=1.2),
)
def deep_page(bench):
    """Two pages of one list in turn; medians."""
    ask = bench.full.agent
    number, before = _go_to_page(ask, DEEP)
    took = alternate(
        {
            "first": asking(ask, "inbox_list", "closed"),
            "deep": asking(ask, "inbox_list", "closed", "", False, before),
        }
    )
    return {
        "deep_page_vs_first": took["deep"] / took["first"],
        "deep_page_number": number,
        "deep_page_ms": rounded(took),
    }


def _go_to_page(ask, number):
    """Return the number and the cursor of a page, or those of the last full one."""
    before, row, last = False, 0, PAGE * (number - 1)
    while row < last:
        limit = min(MAX_PAGE, last - row)
        page = ask(
            "messaging.conversation",
            "inbox_list",
            *("closed", "", False, before, limit),
        )
        if not page["has_more"]:
            break
        before, row = page["cursor"], row + limit
    return row // PAGE + 1, before


@measurement(
    Aim("thread_50k_vs_50", "opening a thread of 50,000 over one of 50", at_most=1.2),
)
def thread(bench):
    """Two threads of one database in turn; medians."""
    ask = bench.full.agent
    names = {"long": LONGEST_NAME, "short": FIFTY_NAME}
    took = alternate(
        {name: asking(ask, "inbox_open", _find(ask, of)) for name, of in names.items()}
    )
    return {
        "thread_50k_vs_50": took["long"] / took["short"],
        "thread_ms": rounded(took),
    }


def _find(ask, contact_name):
    domain = [("contact_name", "=", contact_name)]
    [id_] = ask("messaging.conversation", "search", domain)
    return id_
