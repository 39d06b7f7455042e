"""How many webhooks per second go through, beside a route that does nothing."""

import statistics
from functools import partial

from benchmarks.load import http_post, post_all
from benchmarks.registry import Aim, measurement
from benchmarks.server import link_conversations
from benchmarks.timing import in_turn
from benchmarks.webhooks import CUSTOMERS, LINKED, UNLINKED, signed_texts

WARM_UP = 200


@measurement(
    Aim(
        "webhook_vs_empty_route",
        "webhooks per second over requests to an empty route",
        at_least=0.5,
    ),
    Aim(
        "linked_vs_unlinked",
        "time of a webhook whose note is written too, over one without",
        at_most=1.2,
    ),
    quick=True,
)
def throughput(bench):
    """All sides in turn, each until everything is committed, published and noted.

    The floor is what no webhook can do without in this Odoo (`bench_empty`).
    """
    server = bench.empty
    sides = {
        "empty": lambda number: empty_round(bench, server, number),
        "floor": lambda number: floor_round(bench, server, number),
        "webhook": lambda number: webhook_round(bench, server, number),
        "linked": lambda number: webhook_round(bench, server, number, LINKED),
    }
    _warm_up(server, sides)
    rounds = rounds_of(bench, sides)
    rate = rates(rounds)
    return {
        "webhook_vs_empty_route": rate["webhook"] / rate["empty"],
        "linked_vs_unlinked": rate["webhook"] / rate["linked"],
        "floor_vs_empty_route": rate["floor"] / rate["empty"],
        "webhook_vs_floor": rate["webhook"] / rate["floor"],
        "empty_route_per_second": rate["empty"],
        "floor_per_second": rate["floor"],
        "webhook_per_second": rate["webhook"],
        "linked_per_second": rate["linked"],
        "throughput_rounds": rounds,
    }


def _warm_up(server, sides):
    sides["empty"](WARM_UP)
    sides["floor"](WARM_UP)
    sides["webhook"](2 * CUSTOMERS)
    sides["linked"](CUSTOMERS)
    link_conversations(server, LINKED)
    sides["linked"](CUSTOMERS)


def empty_round(bench, server, count):
    payloads = [http_post("localhost", "/bench/empty")] * count
    return metrics(post_all(server.address, payloads, bench.options.concurrency))


def floor_round(bench, server, count):
    payloads = signed_texts(f"{server.http_url}/bench/floor", count)
    return metrics(post_all(server.address, payloads, bench.options.concurrency))


def webhook_round(bench, server, count, prefix=UNLINKED, customers=CUSTOMERS):
    """Post texts of customers with this prefix; return the metrics."""
    payloads = signed_texts(server.webhook_url, count, prefix, customers)
    start = server.watch.start()
    result = post_all(server.address, payloads, bench.options.concurrency)
    done = server.watch.wait_until_done(start, count)
    return metrics(result, done - result.finished)


def metrics(result, rest=0.0):
    """Return the metrics of a round, in seconds.

    ``rest`` is how long the server went on after its last answer.
    """
    seconds, count = result.seconds + rest, len(result.latencies)
    latencies = statistics.quantiles(result.latencies, n=100)
    return {
        "requests": count,
        "seconds": seconds,
        "after_last_answer": rest,
        "per_second": count / seconds,
        "latency_p50": latencies[49],
        "latency_p95": latencies[94],
    }


def rounds_of(bench, sides):
    """Measure the sides in turn; return {name: [metrics]}."""
    count = bench.options.requests
    calls = {name: partial(measure, count) for name, measure in sides.items()}
    return in_turn(calls, bench.options.rounds)


def rates(rounds):
    """Return the median of each side's requests per second, by name."""
    return {
        name: statistics.median(one["per_second"] for one in found)
        for name, found in rounds.items()
    }
