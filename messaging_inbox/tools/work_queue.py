"""How crons process due rows, despite failures and crashes.

A queue whose rows need a request takes one row at a time and holds no lock during the
request:

- *claim*: lock a due row that isn't locked, count the attempt, commit. So an attempt
  counts even if the process dies, and a row that always fails never blocks the others.
- *try*: make the request, with no transaction open.
- *settle*: store the result, or the failure and the time of the next try, and commit.

A queue that only writes to the database takes several rows, which stay locked until
the commit. It processes all of them together or, if that fails, one by one.

Several rows may be tried side by side. Then only the requests run in threads: claiming
and settling stay in the job's own thread, which has the cursor.

Jobs stop when ``time_limit`` says so, and trigger their cron again if rows remain.
"""

import logging
import threading
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from contextlib import contextmanager

import psycopg2

from odoo.modules import module
from odoo.tools import SQL

from . import time_limit
from .transactions import commit, read_committed, undone_on_failure

_logger = logging.getLogger(__name__)


def run(work_on_next, seconds, limit=None):
    """Call ``work_on_next()`` until it finds no more rows; return how many it found.

    Stop at ``limit`` rows, or when less than ``seconds``, the time for one row, are
    left.
    """
    done = 0
    while done != limit and time_limit.has_time_for(seconds) and work_on_next():
        done += 1
    return done


def run_side_by_side(claim, settle, seconds, at_once, limit=None):
    """Like ``run``, with up to ``at_once`` requests at a time; return their number.

    ``claim(limit=n)`` claims up to n rows and returns [(row, request)]. ``request()``
    returns an outcome and must not use a cursor. ``settle({row: outcome})`` stores
    those that have come. When one of these raises an exception, nothing more is
    claimed; it is raised again once the outcomes of all requests under way are stored.

    Tests run one request at a time, in the calling thread.
    """
    if limit is not None:
        at_once = min(at_once, limit)
    if at_once == 1 or module.current_test:
        return _run_in(_ThisThread(), claim, settle, seconds, 1, limit)
    # For the log, as in Odoo's own threads
    database = getattr(threading.current_thread(), "dbname", None)
    with ThreadPoolExecutor(at_once, __name__, _set_database, (database,)) as pool:
        return _run_in(pool, claim, settle, seconds, at_once, limit)


def _run_in(pool, claim, settle, seconds, at_once, limit):
    done, under_way, failures = 0, {}, []
    while True:
        free = at_once - len(under_way)
        free = free if limit is None else min(free, limit - done)
        with _kept(failures):
            if free and not failures and time_limit.has_time_for(seconds):
                for row, request in claim(limit=free):
                    done += 1
                    left = time_limit.remaining()
                    under_way[pool.submit(_request, request, left)] = row
        if not under_way:
            break
        finished = wait(under_way, return_when=FIRST_COMPLETED).done
        with _kept(failures):
            settle({under_way.pop(each): each.result() for each in finished})
    if failures:
        raise failures[0]
    return done


def _request(request, seconds):
    """Make the request in its thread, which doesn't know the limit of the job."""
    with time_limit.limited(seconds):
        return request()


def _set_database(name):
    threading.current_thread().dbname = name


@contextmanager
def _kept(failures):
    try:
        yield
    except Exception as error:
        failures.append(error)


class _ThisThread(Executor):
    """Runs work at once, in the thread that submits it."""

    def submit(self, work, /, *arguments):
        future = Future()
        future.set_result(work(*arguments))
        return future


def due(model, query, lock=False):
    """Return the records whose ids ``query`` selects.

    With ``lock``, lock the rows of its alias ``q`` and skip rows that are locked.
    """
    model.env.flush_all()
    locking = SQL("FOR NO KEY UPDATE OF q SKIP LOCKED") if lock else SQL()
    rows = model.env.execute_query(SQL("%s %s", query, locking))
    return model.browse([row[0] for row in rows])


def claim(env, find, prepare):
    """Return (row, request) of a due row after committing its attempt.

    ``find()`` locks and returns the row, empty if none is due. ``prepare(row)`` counts
    the attempt, sets when the row is due again in case the attempt is never settled,
    and returns the request, all that the try needs: afterwards no lock is held, and the
    row may be deleted.
    """
    # A lock must return the row's newest version.
    read_committed(env.cr)
    row = find()
    prepared = row and prepare(row)
    if row:
        commit(env)
    return row, prepared


def settle(env, keep, outcome, otherwise):
    """Call ``keep(outcome)`` or, if it fails, ``keep(otherwise(error))``; commit."""
    try:
        _keep(env, keep, outcome)
    except Exception as error:
        _keep(env, keep, otherwise(error))
    commit(env)


def settle_many(env, keep, outcomes):
    """Call ``keep({row: outcome})`` for all rows together, then commit.

    If that fails, each row gets a transaction of its own, and the first failure is
    raised at the end.
    """
    failures = []
    try:
        _keep(env, keep, outcomes)
        commit(env)
    except Exception:
        for row, outcome in outcomes.items():
            with _kept(failures):
                _keep(env, keep, {row: outcome})
                commit(env)
    if failures:
        raise failures[0]


def _keep(env, keep, outcome):
    read_committed(env.cr)
    with undone_on_failure(env.cr):
        keep(outcome)
        env.flush_all()


def together_or_one_by_one(env, work, items, action):
    """Call ``work`` with all items or, if that fails, one by one; return failed ones.

    ``items`` is a recordset or a list. ``work`` gets slices of it, and the result is a
    list of slices.
    """
    if attempt(env, work, items, action, logging.INFO):
        return []
    slices = [items[index : index + 1] for index in range(len(items))]
    return [one for one in slices if not attempt(env, work, one, action)]


def attempt(env, work, items, action, level=logging.ERROR):
    """Call ``work(items)`` in a savepoint; log a failure; return whether it succeeded.

    ``action`` names the work in the log. A conflict with another transaction is
    raised, which ends the job until its next run.
    """
    try:
        with env.cr.savepoint():
            work(items)
    except psycopg2.OperationalError:
        raise
    except Exception:
        _logger.log(level, "%s failed: %s", action, items, exc_info=True)
        env.invalidate_all()
        return False
    return True
