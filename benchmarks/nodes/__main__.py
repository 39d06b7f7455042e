"""`make bench-nodes` shows what two nodes do together, and writes bench-nodes.json."""

import argparse
import json
from datetime import datetime, timezone

from benchmarks.nodes import measures
from benchmarks.registry import MEASUREMENTS, Aim, measurement, run, table
from tests.nodes.cluster import two_nodes
from tools.dev.console import say
from tools.dev.places import ROOT

RESULT = ROOT / "bench-nodes.json"
COLUMNS = ("sent", "stored", "lost", "doubled", "repeated", "given_up", "slowest_s")
ROW = "{:<10}" + "{:>10}" * len(COLUMNS)
# Each option with its usual value and its help
OPTIONS = {
    "workers": (2, "for HTTP, of each node"),
    "rounds": (20, "of live updates"),
    "customers": (6, "who write"),
    "every": (1.5, "seconds between two messages of each customer, and of each reply"),
    "lead": (6.0, "seconds before a node is stopped"),
    "queued": (15, "messages in the outbox, for each customer"),
    "batches": (6, "of failed webhooks"),
    "failed": (20, "webhooks in a batch"),
}


def none(key, what):
    return Aim(key, what, at_most=0)


@measurement(Aim("live_across_nodes_ms", "reply here to page there", at_most=500))
def live_updates(cluster):
    [pair] = cluster.talk(["+34611440000"])
    return measures.live_updates(cluster, pair, cluster.options.rounds)


@measurement(
    none("inbound_lost", "customers' messages during the restarts"),
    none("inbound_doubled", "the same"),
    none("outbound_lost", "Agents' messages during the restarts"),
    none("outbound_doubled", "the same, at the customer or in Odoo"),
    none("outbound_overtaken", "Agents' messages that came out of order"),
    none("statuses_wrong", "states in Odoo that differ from the provider's"),
    none("live_missed", "messages that an open page didn't show"),
)
def rolling_restart(cluster):
    options = cluster.options
    pairs = cluster.talk([f"+34611550{n:03d}" for n in range(options.customers)])
    words = cluster, pairs, cluster.nodes, options.lead, options.every
    return measures.rolling_restart(*words)


@measurement(
    none("outbox_doubled", "sent by the crons and HTTP workers of both nodes"),
    none("outbox_overtaken", "the same, out of order"),
)
def shared_outbox(cluster):
    options = cluster.options
    pairs = cluster.talk([f"+34611660{n:03d}" for n in range(options.customers)])
    return measures.shared_outbox(cluster, pairs, options.queued)


@measurement(
    none("replay_lost", "failed webhooks that no node replayed"),
    none("replay_doubled", "the same, replayed by both"),
)
def shared_failed_webhooks(cluster):
    options = cluster.options
    return measures.shared_failed_webhooks(cluster, options.batches, options.failed)


def main():
    options = _options()
    measurements = list(MEASUREMENTS.values())
    with two_nodes(options.workers) as cluster:
        cluster.options = options
        values, failed = run(measurements, cluster, say)
    now = datetime.now(timezone.utc)
    circumstances = {
        "measured_at": now.isoformat(timespec="seconds"),
        "failed": failed,
        "settings": vars(options),
    }
    RESULT.write_text(json.dumps({**circumstances, **values}, indent=2) + "\n")
    _print(measurements, values)
    return 1 if failed else 0


def _options():
    parser = argparse.ArgumentParser(prog="make bench-nodes")
    for name, (usual, what) in OPTIONS.items():
        help_ = f"{what} ({usual})"
        parser.add_argument(f"--{name}", type=type(usual), default=usual, help=help_)
    return parser.parse_args()


def _print(measurements, values):
    say("\n" + "\n".join(table(measurements, values)))
    say("\n" + ROW.format("", *COLUMNS))
    for name in ("inbound", "outbound"):
        shown = (values.get(f"{name}_{column}", "failed") for column in COLUMNS)
        say(ROW.format(name, *shown))
    aims = {aim.key for one in measurements for aim in one.aims}
    ledger = ("inbound_", "outbound_")
    say()
    for name, value in values.items():
        if name not in aims and not name.startswith(ledger):
            say(f"{name} {value}")
    say(f"(written to {RESULT.name})")


if __name__ == "__main__":
    raise SystemExit(main())
