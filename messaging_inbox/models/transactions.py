"""Transactions in which two writers of one row wait for each other.

A test's cursor is inside a transaction already: there nothing begins, ends or commits.
"""

from contextlib import contextmanager

from psycopg2.extensions import ISOLATION_LEVEL_READ_COMMITTED

from odoo.modules import module


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
