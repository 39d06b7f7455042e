"""Transactions in which writers of the same row wait for each other.

A test's cursor is already in a transaction, so there nothing begins, commits or rolls
back.
"""

import logging
from contextlib import contextmanager

from psycopg2.extensions import ISOLATION_LEVEL_READ_COMMITTED

from odoo.modules import module
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


def read_committed(cr):
    """Start a new READ COMMITTED transaction: a lock returns the newest version.

    Odoo uses REPEATABLE READ, where waiting for a row that another transaction changes
    fails and is retried after seconds of sleep. The next cursor is as usual.
    """
    if module.current_test:
        return
    cr.rollback()
    cr.connection.set_isolation_level(ISOLATION_LEVEL_READ_COMMITTED)


def lock_names(cr, names):
    """Wait for other transactions that locked one of these (name, number) pairs.

    The locks end with the transaction. They are taken in one order.
    """
    for name, number in sorted(names):
        cr.execute(
            SQL("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", name, number)
        )


@contextmanager
def undone_on_failure(cr):
    """Roll back the whole transaction if the block fails.

    This saves a savepoint if nothing before the block needs to be kept.
    """
    if module.current_test:
        with cr.savepoint(flush=False):
            yield
        return
    try:
        yield
    except Exception:
        cr.rollback()
        raise


def commit(env):
    """Commit work that must be durable before the next step, such as a request."""
    env.flush_all()
    if not module.current_test:
        env.cr.commit()  # pylint: disable=invalid-commit


def after_commit(records, work):
    """Call ``work(records)`` with its own cursor after this transaction commits.

    It runs at READ COMMITTED, as the same user. Failures are only logged.
    """
    if module.current_test:
        work(records)
        return
    env, ids = records.env, records.ids

    @env.cr.postcommit.add
    def run():
        try:
            with env.registry.cursor() as cr:
                read_committed(cr)
                work(records.with_env(env(cr=cr)).browse(ids))
        except Exception:
            _logger.exception("Work after a commit failed")


@contextmanager
def own_cursor(records):
    """Yield the records with a new cursor, which another thread may use."""
    if module.current_test:
        yield records
        return
    env = records.env
    with env.registry.cursor() as cr:
        yield records.with_env(env(cr=cr))
