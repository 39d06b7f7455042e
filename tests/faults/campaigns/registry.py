"""The faults of `make faults`, by name."""

from dataclasses import dataclass

FAULTS = {}


class LeftOut(Exception):
    """This machine can't break something; the text says why."""


@dataclass(frozen=True)
class Fault:
    """Something that breaks: ``inject(ground)`` breaks it once and repairs it.

    It returns how often it broke something; None is once, False is not at all.
    ``full`` and ``short`` are how often it is called by itself, and when mixed. Between
    two calls pass ``pause`` seconds, a random number between the two. What the context
    ``around(ground)`` of the whole campaign yields is given to ``inject``, too.
    """

    name: str
    what: str
    inject: object
    full: int
    short: int = 0
    pause: tuple = (0.1, 0.6)
    around: object = None


def fault(what, full, **options):
    """Register a function under its name."""

    def register(function):
        add(Fault(function.__name__, what, function, full, **options))
        return function

    return register


def add(one):
    if one.name in FAULTS:
        raise ValueError(f"two faults are called {one.name}")
    FAULTS[one.name] = one


def chosen(only=()):
    """Return the faults of these names, or all; ValueError for an unknown name."""
    unknown = set(only) - FAULTS.keys()
    if unknown:
        names = ", ".join(FAULTS)
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}; there are {names}")
    return [one for name, one in FAULTS.items() if name in only or not only]
