"""`make bench` runs the measurements, prints their table and writes bench.json."""

import argparse
import importlib
import json
import os
import platform
from datetime import datetime, timezone

from benchmarks.context import Bench
from benchmarks.registry import MEASUREMENTS, chosen, run, table
from benchmarks.server import WORKERS
from tools.dev.console import say
from tools.dev.places import ROOT

# What they register runs in this order.
MODULES = (
    *("throughput", "bodies", "ingest"),
    *("reading", "search", "screen", "opening"),
    *("sending", "memory", "peer", "abuse"),
)
RESULT = ROOT / "bench.json"
# Each option with its value, its value in `make bench-quick`, and its help
OPTIONS = {
    "rounds": (5, 3, "of each side"),
    "requests": (3000, 1000, "in each round"),
    "concurrency": (2 * WORKERS, 2 * WORKERS, "requests at a time"),
    "bodies": (40, 10, "of many messages, in each round"),
    "seconds": (20, 10, "at a steady pace"),
    "switches": (60, 20, "of conversations"),
    "bubbles": (40, 15, "on each screen"),
    "conversations": (100_000, 100_000, "in the full database"),
    "channels": (5_000, 5_000, "of Odoo's Discuss"),
    "messages": (2_000_000, 2_000_000, "in the full database"),
}


def main():
    for name in MODULES:
        importlib.import_module(f"benchmarks.{name}")
    parser = _parser()
    options = _options(parser)
    try:
        measurements = chosen(MEASUREMENTS, options.only, options.quick)
    except ValueError as error:
        parser.error(str(error))
    with Bench(options) as bench:
        values, failed = run(measurements, bench, say)
    report = {**_circumstances(options, measurements, failed), **values}
    RESULT.write_text(json.dumps(report, indent=2) + "\n")
    say("\n" + "\n".join(table(measurements, values)))
    say(f"(written to {RESULT.name})")
    return 1 if failed else 0


def _parser():
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--only", type=lambda names: names.split(","), default=())
    parser.add_argument("--quick", action="store_true", help="some, in three minutes")
    for name, (usual, quick, what) in OPTIONS.items():
        help_ = f"{what} ({usual}; with --quick {quick})"
        parser.add_argument(f"--{name}", type=int, help=help_)
    return parser


def _options(parser):
    options = parser.parse_args()
    for name, (usual, quick, _what) in OPTIONS.items():
        if getattr(options, name) is None:
            setattr(options, name, quick if options.quick else usual)
    return options


def _circumstances(options, measurements, failed):
    return {
        "measured_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "measured": [one.name for one in measurements],
        "failed": failed,
        "settings": {
            **vars(options),
            "workers": WORKERS,
            "processors": os.cpu_count(),
            "python": platform.python_version(),
        },
    }


if __name__ == "__main__":
    raise SystemExit(main())
