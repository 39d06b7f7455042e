"""The measurements of `make bench`, the aims for what they return, and the table.

A module registers what it measures; `benchmarks/__main__.py` imports the modules.
"""

import traceback
from dataclasses import dataclass

MEASUREMENTS = {}
ROW = "{:<28} {:>10}  {:>8}  {:<5}  {}"
DECIMALS = 3


@dataclass(frozen=True)
class Aim:
    """What a value should be: at least, or at most, so much."""

    key: str
    what: str
    at_least: float | None = None
    at_most: float | None = None

    def holds(self, value):
        if self.at_least is not None:
            return value >= self.at_least
        return value <= self.at_most

    def __str__(self):
        if self.at_least is not None:
            return f"≥ {self.at_least:,}"
        return f"≤ {self.at_most:,}"


@dataclass(frozen=True)
class Measurement:
    """``run(bench)`` returns ``{key: value}``, with each key of ``aims`` among them."""

    name: str
    aims: tuple
    quick: bool
    run: object


def measurement(*aims, quick=False):
    """Register a function under its name; `make bench-quick` runs it if ``quick``."""

    def register(function):
        name = function.__name__
        if name in MEASUREMENTS:
            raise ValueError(f"two measurements are called {name}")
        MEASUREMENTS[name] = Measurement(name, aims, quick, function)
        return function

    return register


def chosen(measurements, only=(), quick=False):
    """Return those to run, in their order; raise ValueError for an unknown name."""
    unknown = set(only) - measurements.keys()
    if unknown:
        names = ", ".join(measurements)
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}; there are {names}")
    if only:
        return [one for name, one in measurements.items() if name in only]
    return [one for one in measurements.values() if one.quick or not quick]


def run(measurements, bench, announce):
    """Return all values, and the names of measurements that failed.

    One that fails doesn't cost the values of the others.
    """
    values, failed = {}, []
    for one in measurements:
        try:
            announce(f"Measuring {one.name}")
            found = _rounded(one.run(bench))
            _check(one, found, values)
        except Exception:
            traceback.print_exc()
            failed.append(one.name)
        else:
            values |= found
    return values, failed


def _check(one, found, values):
    missing = {aim.key for aim in one.aims} - found.keys()
    twice = found.keys() & values.keys()
    if missing or twice:
        raise ValueError(f"{one.name}: missing {missing}, returned before {twice}")


def _rounded(values):
    return {
        key: round(value, DECIMALS) if isinstance(value, float) else value
        for key, value in values.items()
    }


def table(measurements, values):
    """Return lines: each key with an aim, its value, the aim, and whether it holds."""
    lines = [ROW.format("", "value", "aim", "holds", "")]
    for aim in (aim for one in measurements for aim in one.aims):
        value, holds = "failed", "no"
        if aim.key in values:
            value = f"{values[aim.key]:,}"
            holds = "yes" if aim.holds(values[aim.key]) else "no"
        lines.append(ROW.format(aim.key, value, str(aim), holds, aim.what))
    return lines
