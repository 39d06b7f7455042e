"""How long an Agent waits for the results of a search, at two million messages."""

import statistics
import time

from benchmarks.filling import COMMON, RARE
from benchmarks.registry import Aim, measurement
from benchmarks.server import log_in

ROUNDS = 9
# Two letters that many names have, and two words of messages.
NAME = "an"


@measurement(
    Aim("search_2m_ms", "search for words, in the full database", at_most=300),
    Aim("name_search_100k_ms", "search for two letters of a name", at_most=25),
)
def search(bench):
    """Medians; that of the slowest kind of words."""
    searches = {
        "common": ("inbox_search_messages", COMMON),
        "rare": ("inbox_search_messages", RARE),
        "none": ("inbox_search_messages", "nobodywrotethis"),
        "two_words": ("inbox_search_messages", f"{COMMON} saddle"),
        "name": ("inbox_list", False, NAME),
    }
    ask = log_in(bench.full)
    took = {name: _median(ask, *query) for name, query in searches.items()}
    found = [took[name] for name in ("common", "rare", "none", "two_words")]
    return {
        "search_2m_ms": max(found),
        "name_search_100k_ms": took["name"],
        "search_ms": {name: round(value, 1) for name, value in took.items()},
    }


def _median(ask, *query):
    return statistics.median(_time(ask, *query) for _ in range(ROUNDS)) * 1000


def _time(ask, *query):
    started = time.monotonic()
    ask("messaging.conversation", *query)
    return time.monotonic() - started
