"""Makes requests about many channels concurrently, in a few threads."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import requests

from .call import time_left
from .errors import Reason, Retryable, SendError

AT_ONCE = 8
Item = TypeVar("Item")
Result = TypeVar("Result")


def results(
    http: requests.Session, work: Callable[[Item], Result], items: Iterable[Item]
) -> list[Result]:
    """Return the results of ``work`` for the items, in their order.

    The work runs in threads, so it may only use the provider. The first exception is
    raised; work that hasn't started when the session's time is over raises Retryable.
    """
    return _in_threads(partial(_in_time, _deadline(http), work), items)


def failures(
    http: requests.Session, work: Callable[[Item], object], items: Iterable[Item]
) -> dict[Item, SendError]:
    """Do the work for each item; return the errors by item."""
    timed = partial(_in_time, _deadline(http), work)
    return dict(filter(None, _in_threads(partial(_failure, timed), items)))


def _in_threads(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(work, items))


def _deadline(http: requests.Session) -> float:
    # Ask before starting threads: the time limit is that of the current thread.
    return time.monotonic() + time_left(http)


def _in_time(deadline: float, work: Callable[[Item], Result], item: Item) -> Result:
    if time.monotonic() > deadline:
        raise Retryable(Reason.NO_CONNECTION, detail="There was no time left.")
    return work(item)


def _failure(
    work: Callable[[Item], object], item: Item
) -> tuple[Item, SendError] | None:
    try:
        work(item)
    except SendError as error:
        return item, error
    return None
