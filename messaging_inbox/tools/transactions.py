"""Transactions in which two writers of one row wait for each other.

A test's cursor is inside a transaction already: there nothing begins, ends or commits.
"""

import logging
from contextlib import contextmanager

from psycopg2.extensions import ISOLATION_LEVEL_READ_COMMITTED

from odoo.modules import module

_logger = logging.getLogger(__name__)


def read_committed(cr):
    """Begin anew, and let waiting for a row show its newest version from now on.

    Odoo works at REPEATABLE READ, where waiting for a row that somebody changed fails
    and is tried again after seconds of sleep. The next cursor is Odoo's usual again.
    """
    if module.current_test:
        return
    cr.rollback()
    cr.connection.set_isolation_level(ISOLATION_LEVEL_READ_COMMITTED)


@contextmanager
def undone_on_failure(cr):
    """Undo the whole transaction when the block fails.

    It spares the savepoint where nothing came before the block that should stay.
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
    """Commit work that must stand before we go on, as before a request leaves."""
    env.flush_all()
    if not module.current_test:
        env.cr.commit()  # pylint: disable=invalid-commit


def after_commit(records, work):
    """Call ``work(records)`` with a cursor of its own once this transaction stands.

    It runs at READ COMMITTED as the same user; its failure is logged and nothing more.
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
            _logger.exception("What should follow a commit failed")
