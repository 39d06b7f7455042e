"""Output for the person at the terminal."""

import sys
import time
from contextlib import contextmanager


class Problem(Exception):
    """A problem that the person must fix, in one sentence."""


def say(text=""):
    print(text, flush=True)


@contextmanager
def step(what):
    """Print what is being done, then how long it took."""
    print(f"{what} … ", end="", flush=True)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    say(f"{time.monotonic() - start:.1f} s")


def complain(problem):
    print(f"\n{problem}", file=sys.stderr, flush=True)
