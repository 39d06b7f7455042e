"""How long the running job may go on before Odoo ends its process.

Odoo kills a worker that spends more than ``limit_time_real`` on one HTTP request, or
``limit_time_real_cron`` on one turn of the crons, in which it runs all jobs that are
due, one after the other. We stop at half of the limit: the rest is for the end of the
work at hand, and for the jobs that Odoo runs after ours in the same turn.

A job asks :func:`has_time_for` before each piece of work, caps the time-outs of that
piece by :func:`remaining`, and leaves the rest of its queue to its next run::

    while time_limit.has_time_for(5) and (row := self._claim()):
        row._work(timeout=min(30, time_limit.remaining()))

Both return seconds of the wall clock, as Odoo counts them. Outside of requests and
crons (a shell, a test) the time doesn't run out.
"""

import threading
import weakref
from contextlib import contextmanager

from odoo.tools import config
from odoo.tools.misc import real_time

# The part of Odoo's limit that we use.
SHARE = 0.5
# The part of our time that is enough to begin anything.
MOST = 0.8
# After so many seconds a cron job begins nothing more, as Odoo's own: others wait.
SLICE = 10
# Where Odoo has no limit
DEFAULT_LIMIT = 120

_local = threading.local()


def remaining():
    """Return the seconds within which all work must be done, at least 0."""
    return max(_deadline() - real_time(), 0.0)


def has_time_for(seconds):
    """Tell whether to begin a piece of work that takes up to so many seconds.

    A cron job whose slice is over begins nothing more, so that it is the turn of the
    next one; what it has begun may go on until nothing remains. Where Odoo's limit is
    so small that the work would never fit, most of it is enough.
    """
    begin_until = getattr(_local, "begin_until", None)
    if begin_until is not None and real_time() >= begin_until:
        return False
    limits = (_limit_of_requests(), _limit_of_crons())
    return remaining() >= min(seconds, MOST * SHARE * min(limits))


@contextmanager
def limited(seconds):
    """Let the block's work end after so many seconds, or sooner with its job."""
    with _until(min(_deadline(), real_time() + seconds)):
        yield


@contextmanager
def cron_job(cursor):
    """Count the time of one job, and of its turn: all jobs run with one cursor.

    A job that a user runs by hand is part of an HTTP request and has its limit.
    """
    if _request_started() is not None:
        yield
        return
    turn = getattr(_local, "turn", None)
    if turn is None or turn[0]() is not cursor:
        turn = _local.turn = (weakref.ref(cursor), real_time())
    deadline = turn[1] + SHARE * _limit_of_crons()
    with _until(deadline, begin_until=real_time() + SLICE):
        yield


@contextmanager
def _until(deadline, begin_until=None):
    before = dict(vars(_local))
    _local.deadline, _local.begin_until = deadline, begin_until
    try:
        yield
    finally:
        vars(_local).clear()
        vars(_local).update(before)


def _deadline():
    deadline = getattr(_local, "deadline", None)
    if deadline is not None:
        return deadline
    started = _request_started()
    if started is None:
        return real_time() + SHARE * DEFAULT_LIMIT
    return started + SHARE * _limit_of_requests()


def _request_started():
    """Return when Odoo began the HTTP request of this thread, None outside of one."""
    return getattr(threading.current_thread(), "perf_t0", None)


def _limit_of_requests():
    limit = config["limit_time_real"]
    return limit if limit > 0 else DEFAULT_LIMIT


def _limit_of_crons():
    # -1 means the limit of requests. 0 is none, but only where Odoo has workers.
    limit = config["limit_time_real_cron"]
    return limit if limit > 0 else _limit_of_requests()
