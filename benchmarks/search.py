"""How long an Agent waits for the results of a search, at two million messages."""

import statistics
import time

from benchmarks.filling import COMMON, RARE, fill
from benchmarks.server import log_in

CONVERSATIONS, MESSAGES = 100_000, 2_000_000
ROUNDS = 9
# Two letters that many names have, and two words of messages.
NAME = "an"


def measure_search(server, options):
    """Return milliseconds, medians of the slowest kind of query."""
    fill(server.database, options.fill_conversations, options.fill_messages)
    searches = {
        "common": ("inbox_search_messages", COMMON),
        "rare": ("inbox_search_messages", RARE),
        "none": ("inbox_search_messages", "nobodywrotethis"),
        "two_words": ("inbox_search_messages", f"{COMMON} saddle"),
        "name": ("inbox_list", False, NAME),
    }
    ask = log_in(server)
    took = {name: _median(ask, *query) for name, query in searches.items()}
    found = [took[name] for name in ("common", "rare", "none", "two_words")]
    return {
        "search_2m_ms": round(max(found), 1),
        "name_search_100k_ms": round(took["name"], 1),
        "search_ms": {name: round(value, 1) for name, value in took.items()},
        "filled_messages": options.fill_messages,
    }


def _median(ask, *query):
    return statistics.median(_time(ask, *query) for _ in range(ROUNDS)) * 1000


def _time(ask, *query):
    started = time.monotonic()
    ask("messaging.conversation", *query)
    return time.monotonic() - started
