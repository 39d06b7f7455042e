"""`make bench` measures in alternating rounds, prints a table, writes bench.json."""

import argparse
import json
import os
import platform
import statistics
from datetime import datetime, timezone

from benchmarks.bodies import measure_answers, measure_bodies
from benchmarks.committed import Watch
from benchmarks.load import http_post, post_all
from benchmarks.screen import measure_screen
from benchmarks.search import CONVERSATIONS, MESSAGES, measure_search
from benchmarks.server import (
    WORKERS,
    connect_account,
    connect_page,
    link_conversations,
    running_server,
)
from benchmarks.webhooks import CUSTOMERS, LINKED, UNLINKED, signed_texts
from tools.dev.console import say, step
from tools.dev.places import ROOT

RESULT = ROOT / "bench.json"
EMPTY, WEBHOOK, NOTED = "empty route", "webhook", "linked"
SIDES = EMPTY, WEBHOOK, NOTED
ROW = "{:<12} {:>11} {:>11} {:>11} {:>10} {:>10}"


def main():
    options = _options()
    with running_server() as server:
        webhook_url = connect_account(server)
        watch = Watch(server.database)
        try:
            rounds = _measure(server, webhook_url, watch, options)
            asked = _measure_page(server, watch, options)
            with step("The screen, and Odoo's Discuss"):
                seen = measure_screen(server, webhook_url, options)
            with step(f"Search in {options.fill_messages:,} messages"):
                found = measure_search(server, options)
        finally:
            watch.close()
    report = {**asked, **seen, **found, **_report(rounds, options)}
    RESULT.write_text(json.dumps(report, indent=2) + "\n")
    _print(report)


def _options():
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=3000, help="in each round")
    parser.add_argument("--concurrency", type=int, default=2 * WORKERS)
    parser.add_argument("--bodies", type=int, default=40, help="of many messages")
    parser.add_argument("--pace", type=int, default=50, help="requests a second")
    parser.add_argument("--seconds", type=int, default=20, help="at that pace")
    parser.add_argument("--switches", type=int, default=60, help="of conversations")
    parser.add_argument("--bubbles", type=int, default=40, help="on each screen")
    parser.add_argument("--fill-conversations", type=int, default=CONVERSATIONS)
    parser.add_argument("--fill-messages", type=int, default=MESSAGES)
    return parser.parse_args()


def _measure(server, webhook_url, watch, options):
    """Measure all sides in turn after a warm-up; return [{name, requests, …}]."""
    address = ("127.0.0.1", server.http_port)

    def empty(count):
        payloads = [http_post("localhost", "/bench/empty")] * count
        return _round(EMPTY, payloads, post_all(address, payloads, options.concurrency))

    def webhook(count, name=WEBHOOK, prefix=UNLINKED):
        payloads = signed_texts(webhook_url, count, prefix)
        start = watch.start()
        result = post_all(address, payloads, options.concurrency)
        done = watch.wait_until_done(start, count)
        return _round(name, payloads, result, done - result.finished)

    def linked(count):
        return webhook(count, NOTED, LINKED)

    with step("Warming up"):
        empty(200)
        webhook(2 * CUSTOMERS)
        linked(CUSTOMERS)
        link_conversations(server, LINKED)
        linked(CUSTOMERS)
    rounds = []
    for number in range(options.rounds):
        with step(f"Round {number + 1} of {options.rounds}"):
            rounds += [side(options.requests) for side in (empty, webhook, linked)]
    return rounds


def _measure_page(server, watch, options):
    url = connect_page(server)
    with step("Bodies of many messages"):
        bodies = measure_bodies(server, url, watch, options)
    with step(f"{options.pace} requests a second"):
        return {**bodies, **measure_answers(server, url, options)}


def _round(name, payloads, result, rest=0.0):
    """Return the metrics of a round.

    ``rest`` is how long the server went on after its last answer, in seconds.
    """
    seconds = result.seconds + rest
    latencies = statistics.quantiles(result.latencies, n=100)
    return {
        "name": name,
        "requests": len(payloads),
        "seconds": seconds,
        "after_last_answer": rest,
        "per_second": len(payloads) / seconds,
        "latency_p50": latencies[49],
        "latency_p95": latencies[94],
    }


def _report(rounds, options):
    rate = {name: _median(rounds, name, "per_second") for name in SIDES}
    return {
        "webhook_vs_empty_route": round(rate[WEBHOOK] / rate[EMPTY], 3),
        # How many times longer a message takes when its note is written too
        "linked_vs_unlinked": round(rate[WEBHOOK] / rate[NOTED], 3),
        "empty_route_per_second": round(rate[EMPTY], 1),
        "webhook_per_second": round(rate[WEBHOOK], 1),
        "linked_per_second": round(rate[NOTED], 1),
        "measured_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "settings": {
            **vars(options),
            "workers": WORKERS,
            "customers": CUSTOMERS,
            "processors": os.cpu_count(),
            "python": platform.python_version(),
        },
        "rounds": rounds,
    }


def _median(rounds, name, metric):
    return statistics.median(r[metric] for r in rounds if r["name"] == name)


def _print(report):
    rounds = report["rounds"]
    head = ("", "median/s", "slowest/s", "fastest/s", "p50 ms", "p95 ms")
    say("\n" + ROW.format(*head))
    for name in SIDES:
        rates = [r["per_second"] for r in rounds if r["name"] == name]
        metrics = [statistics.median(rates), min(rates), max(rates)]
        for metric in ("latency_p50", "latency_p95"):
            metrics.append(_median(rounds, name, metric) * 1000)
        say(ROW.format(name, *(f"{value:.1f}" for value in metrics)))
    say("")
    ratios = ("webhook_vs_empty_route", "linked_vs_unlinked")
    asked = ("batch_messages_per_second", "answer_ms_p50", "answer_ms_p99")
    seen = ("screen_vs_discuss", "webhook_to_bubble_ms", "discuss_to_bubble_ms")
    switches = ("switch_conversation_ms_p50", "switch_conversation_ms_p95")
    switches += ("switch_unannounced_ms_p50", "search_2m_ms", "name_search_100k_ms")
    for metric in (*ratios, *asked, *seen, *switches):
        say(f"{metric} {report[metric]}")
    say(f"(written to {RESULT.name})")


if __name__ == "__main__":
    main()
