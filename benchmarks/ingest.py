"""How webhooks fare in a full database, and all in one conversation.

All is measured as the throughput is: until everything is committed and published.
"""

from benchmarks.registry import Aim, measurement
from benchmarks.throughput import rates, rounds_of, webhook_round
from benchmarks.webhooks import CUSTOMERS, HOT


@measurement(
    Aim(
        "webhook_at_2m_vs_empty_db",
        "webhooks per second, full database over an empty one",
        at_least=0.9,
    ),
)
def full_ingest(bench):
    """The same webhooks to both databases in turn."""
    rate = _alternate(
        bench,
        {
            "empty": lambda count: webhook_round(bench, bench.empty, count),
            "full": lambda count: webhook_round(bench, bench.full, count),
        },
    )
    return {
        "webhook_at_2m_vs_empty_db": rate["full"] / rate["empty"],
        "webhook_at_2m_per_second": rate["full"],
    }


@measurement(
    Aim(
        "hot_conversation_vs_spread",
        "webhooks per second, all to one conversation over spread",
        at_least=0.8,
    ),
)
def hot_conversation(bench):
    """Webhooks to one conversation, and to many, in turn. One that fails raises."""
    server = bench.empty
    rate = _alternate(
        bench,
        {
            "spread": lambda count: webhook_round(bench, server, count),
            "hot": lambda count: webhook_round(bench, server, count, HOT, customers=1),
        },
    )
    return {
        "hot_conversation_vs_spread": rate["hot"] / rate["spread"],
        "hot_conversation_per_second": rate["hot"],
    }


def _alternate(bench, sides):
    """Measure the sides in turn after a warm-up; return median rates by name."""
    for measure in sides.values():
        measure(2 * CUSTOMERS)
    return rates(rounds_of(bench, sides))
