"""How long an Agent waits for the results of a search, at two million messages."""

from benchmarks.filling import COMMON, RARE
from benchmarks.registry import Aim, measurement
from benchmarks.timing import alternate, asking, rounded

SEARCHES = {
    "common": ("inbox_search_messages", COMMON),
    "rare": ("inbox_search_messages", RARE),
    "none": ("inbox_search_messages", "nobodywrotethis"),
    "two_words": ("inbox_search_messages", f"{COMMON} order"),
    # Two letters that many names have
    "name": ("inbox_list", False, "an"),
}


@measurement(
    Aim("search_2m_ms", "search for words, in the full database", at_most=300),
    Aim("name_search_100k_ms", "search for two letters of a name", at_most=25),
)
def search(bench):
    """Medians; for words, that of the slowest kind."""
    ask = bench.full.agent
    took = alternate({name: asking(ask, *call) for name, call in SEARCHES.items()})
    words = [took[name] for name in SEARCHES if name != "name"]
    return {
        "search_2m_ms": max(words),
        "name_search_100k_ms": took["name"],
        "search_ms": rounded(took),
    }
