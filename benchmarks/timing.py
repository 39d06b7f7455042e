"""How long calls over HTTP take, side by side."""

import statistics
import time
from functools import partial

WARM_UP = 4
ROUNDS = 21


def asking(ask, method, *arguments):
    return lambda: ask("messaging.conversation", method, *arguments)


def in_turn(calls, rounds):
    """Call each in turn, so many times; return {name: [result]}."""
    results = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            results[name].append(call())
    return results


def alternate(calls):
    """Call each in turn after a warm-up; return median milliseconds by name."""
    timed = {name: partial(_milliseconds, call) for name, call in calls.items()}
    in_turn(timed, WARM_UP)
    took = in_turn(timed, ROUNDS)
    return {name: statistics.median(times) for name, times in took.items()}


def _milliseconds(call):
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def rounded(values):
    """Return nested values with one decimal."""
    if isinstance(values, dict):
        return {name: rounded(value) for name, value in values.items()}
    return round(values, 1)
