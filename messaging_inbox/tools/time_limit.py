"""How long the current job may run before Odoo kills its process.

Odoo kills a worker that spends more than ``limit_time_real`` on one HTTP request, or
``limit_time_real_cron`` on one cron cycle, in which it runs all due jobs one after the
other. We stop at half of the limit. The rest is for finishing the current piece of
work and for the jobs that Odoo runs after ours in the same cycle.

A job calls :func:`has_time_for` before each piece of work, caps the time-outs of that
piece with :func:`remaining`, and leaves the rest of its queue to the next run::

    while time_limit.has_time_for(5) and (row := self._claim()):
        row._work(timeout=min(30, time_limit.remaining()))

Both use seconds of wall-clock time, as Odoo does. Outside of requests and crons (in a
shell or a test) the time never runs out.
"""

import threading
import weakref
from contextlib import contextmanager

from odoo.tools import config
from odoo.tools.misc import real_time

# The fraction of Odoo's limit that we use.
SHARE = 0.5
# The fraction of our time that suffices to start any piece of work.
MOST = 0.8
# Seconds after which a cron job starts no more work, like Odoo's own: others wait.
SLICE = 10
# Seconds, if Odoo has no limit.
DEFAULT_LIMIT = 120

_local = threading.local()


def remaining():
    """Return the seconds left for all work, at least 0."""
    return max(_deadline() - real_time(), 0.0)


def has_time_for(seconds):
    """Return whether to start a piece of work that takes up to ``seconds``.

    A cron job whose slice is over starts nothing more, so that the next job can run;
    work already started may use all the remaining time. If Odoo's limit is so small
    that the work would never fit, most of our time suffices.
    """
    begin_until = getattr(_local, "begin_until", None)
    if begin_until is not None and real_time() >= begin_until:
        return False
    limits = (_limit_of_requests(), _limit_of_crons())
    return remaining() >= min(seconds, MOST * SHARE * min(limits))


@contextmanager
def limited(seconds):
    """Limit the block to ``seconds``, or to the time left for its job if shorter."""
    with _until(min(_deadline(), real_time() + seconds)):
        yield


@contextmanager
def cron_job(cursor):
    """Limit the time of a job and of its cron cycle, whose jobs share one cursor.

    A job that a user runs by hand has the limit of its HTTP request.
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
    # -1 means the limit of requests; 0 means none, but only if Odoo has workers.
    limit = config["limit_time_real_cron"]
    return limit if limit > 0 else _limit_of_requests()
