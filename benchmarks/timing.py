"""How long calls over HTTP take, side by side."""

import statistics
import time

WARM_UP = 4
ROUNDS = 21


def asking(ask, method, *arguments):
    return lambda: ask("messaging.conversation", method, *arguments)


def alternate(calls):
    """Call each in turn after a warm-up; return median milliseconds by name."""
    took = {name: [] for name in calls}
    for number in range(WARM_UP + ROUNDS):
        for name, call in calls.items():
            started = time.perf_counter()
            call()
            if number >= WARM_UP:
                took[name].append((time.perf_counter() - started) * 1000)
    return {name: statistics.median(times) for name, times in took.items()}


def rounded(values):
    """Return nested values with one decimal."""
    if isinstance(values, dict):
        return {name: rounded(value) for name, value in values.items()}
    return round(values, 1)
