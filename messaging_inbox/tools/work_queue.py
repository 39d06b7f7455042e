"""How crons work through the rows that are due, whatever fails or dies in between.

A queue whose rows need a request takes one row at a time, and holds no lock during the
request:

- *claim*: lock a due row that nobody else holds, count the attempt, commit. So a
  process that dies has tried, and a row that always fails never blocks the others.
- *try*: make the request, with no transaction open.
- *settle*: keep the result or the failure, with the next try, and commit.

A queue that only writes to the database takes several rows, which stay locked until
the commit. It works on all of them together, or else one by one.

Jobs stop when ``time_limit`` says so, and wake their cron again if rows remain.
"""

import logging

import psycopg2

from odoo.tools import SQL

from . import time_limit
from .transactions import commit, read_committed, undone_on_failure

_logger = logging.getLogger(__name__)


def run(work_on_next, seconds, limit=None):
    """Call ``work_on_next()`` while it finds rows; return how many it found.

    ``seconds`` is what one row may take: without time for that, nothing is begun.
    """
    done = 0
    while done != limit and time_limit.has_time_for(seconds) and work_on_next():
        done += 1
    return done


def due(model, query, lock=False):
    """Return the records whose ids ``query`` selects.

    With ``lock``, lock the rows of its alias ``q`` and skip those that others hold.
    """
    model.env.flush_all()
    locking = SQL("FOR NO KEY UPDATE OF q SKIP LOCKED") if lock else SQL()
    rows = model.env.execute_query(SQL("%s %s", query, locking))
    return model.browse([row[0] for row in rows])


def claim(env, find, prepare):
    """Return (a due row, what ``prepare(row)`` returned), its attempt committed.

    ``find()`` locks and returns the row; it is empty when none is due. ``prepare``
    counts the attempt, says when the row is due again should nothing settle it, and
    returns what the try needs: afterwards no lock is held, and the row may be deleted.
    """
    # Waiting for a row shows its newest version.
    read_committed(env.cr)
    row = find()
    prepared = row and prepare(row)
    if row:
        commit(env)
    return row, prepared


def settle(env, keep, outcome, otherwise):
    """Commit what ``keep(outcome)`` stores; if it fails, ``keep(otherwise(error))``."""
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
    """Call ``work`` with all items or, if that fails, with each; return what failed.

    ``items`` is a recordset or a list, of which ``work`` and the result have slices.
    """
    if attempt(env, work, items, action, logging.INFO):
        return []
    slices = [items[index : index + 1] for index in range(len(items))]
    return [one for one in slices if not attempt(env, work, one, action)]


def attempt(env, work, items, action, level=logging.ERROR):
    """Call ``work(items)`` in a savepoint; log a failure and tell whether it succeeded.

    ``action`` names the work in the log. A conflict with another transaction is raised:
    it ends the job, and the next run tries again.
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
