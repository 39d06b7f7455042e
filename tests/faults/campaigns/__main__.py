"""`make faults` breaks things under load, and prints a table of what became of it."""

import argparse
import secrets
import sys
import traceback
from contextlib import ExitStack

from tests.faults.campaigns import (  # noqa: F401 - they register their faults
    clock,
    databases,
    files,
    processes,
    provider,
    upgrade,
)
from tests.faults.campaigns.campaign import MIXED, mixed, repeated, run
from tests.faults.campaigns.ground import Ground, PatientDatabase, Supervisor
from tests.faults.campaigns.registry import FAULTS, LeftOut, chosen
from tests.nodes.cluster import two_nodes
from tools.dev import postgres
from tools.dev.console import Problem, say
from tools.dev.databases import ensure_template
from tools.dev.locks import alone
from tools.dev.places import FAULTS_TABLE
from tools.dev.postgres_copy import PostgresCopy

WORDS = ("in", "out", "lost", "doubled", "wrong", "overtaken", "left", "given_up")
WORDS += ("failed", "unknown")
ROW = "| {:<33} | {:>8} |" + " {:>9} |" * len(WORDS)


def main():
    options = _options()
    campaigns = _campaigns(options)
    if not postgres.is_embedded():
        raise Problem(
            "make faults stops PostgreSQL, so it needs its own: unset PGHOST."
        )
    results, failed = _run_all(campaigns, options)
    _print(results)
    for campaign in failed:
        say(f"FAILED: {_again(campaign)}")
    return bool(failed)


def _options():
    parser = argparse.ArgumentParser(prog="make faults")
    parser.add_argument("--only", action="append", default=[], metavar="NAME")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--short", action="store_true", help="all mixed, a few times")
    parser.add_argument("--times", type=int, help="injections of each fault")
    parser.add_argument("--customers", type=int, default=6, help="who write")
    parser.add_argument("--spare", type=int, default=6, help="who only get messages")
    parser.add_argument("--every", type=float, default=0.6, help="seconds to write")
    return parser.parse_args()


def _campaigns(options):
    """Return one campaign for each fault and one that mixes all, or only the latter."""
    only = [name for name in options.only if name != MIXED]
    faults, seed = chosen(only), options.seed
    mix = mixed({fault: fault.short for fault in faults}, seed)
    if options.short or (options.only and not only):
        return [mix]
    found = [repeated(each, options.times or each.full, seed) for each in faults]
    return found if only else [*found, mix]


def _run_all(campaigns, options):
    ensure_template(assets=False)
    with ExitStack() as stack:
        stack.enter_context(alone("faults"))
        copy = stack.enter_context(PostgresCopy("postgres-faults"))
        words = {"prefix": "faults_", "database_class": PatientDatabase}
        cluster = stack.enter_context(two_nodes(2, **words))
        supervisor = stack.enter_context(Supervisor(cluster.nodes))
        ground = Ground(cluster, copy, supervisor)
        results, failed = [], []
        for campaign in campaigns:
            result, holds = _run(ground, campaign, options)
            results += [result] if result else []
            failed += [] if holds else [campaign]
    return results, failed


def _run(ground, campaign, options):
    """Return the result, if there is one, and whether the promise holds so far."""
    whats = {fault.name: fault.what for fault in campaign.plan}
    what = "all of them" if len(whats) > 1 else "".join(whats.values())
    say(f"{campaign.name} ({len(campaign.plan)}): {what}")
    result = None
    try:
        result = run(ground, campaign, options)
        say("\n".join(_rows(result)))
    except LeftOut as why:
        say(f"Left out. {why}")
        return None, True
    except Exception:
        traceback.print_exc(file=sys.stdout)
    holds = bool(result and result.holds)
    if not holds:
        say(f"FAILED. Repeat it with: {_again(campaign)}")
    return result, holds


def _again(campaign):
    words = f"--only {campaign.name} --seed {campaign.seed}"
    if campaign.name != MIXED:
        words += f" --times {len(campaign.plan)}"
    return f'make faults ARGS="{words}"'


def _rows(result):
    """Return rows of the table: that of the campaign, and one for each mixed fault."""
    name, counts = result.campaign.name, [result.counts[word] for word in WORDS]
    rows = [ROW.format(name, result.injected.total(), *counts)]
    if name == MIXED:
        empty = [""] * len(WORDS)
        mixed_in = sorted(result.injected.items())
        rows += [ROW.format(f"- {each}", count, *empty) for each, count in mixed_in]
    return rows


def _print(results):
    total = [sum(result.counts[word] for result in results) for word in WORDS]
    injected = sum(result.injected.total() for result in results)
    lines = [ROW.format("fault", "injected", *WORDS)]
    lines.append("|---" * (len(WORDS) + 2) + "|")
    lines += [row for result in results for row in _rows(result)]
    lines.append(ROW.format(f"all, of {len(FAULTS)} faults", injected, *total))
    text = "\n".join(lines)
    FAULTS_TABLE.write_text(text + "\n")
    say(f"\n{text}\n{sum(result.seconds for result in results):.0f} s")


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except (Problem, ValueError) as error:
        raise SystemExit(str(error)) from None
