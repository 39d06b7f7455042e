"""How crons process due rows, despite failures and crashes.

A queue whose rows need a request takes one row at a time and holds no lock during the
request:

- *claim*: lock a due row that isn't locked, count the attempt, commit. So an attempt
  counts even if the process dies, and a row that always fails never blocks the others.
- *try*: make the request, with no transaction open.
- *settle*: store the result, or the failure and the time of the next try, and commit.

A queue that only writes to the database takes several rows, which stay locked until
the commit. It processes all of them together or, if that fails, one by one.

Jobs stop when ``time_limit`` says so, and trigger their cron again if rows remain.
"""

import logging

import psycopg2

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
