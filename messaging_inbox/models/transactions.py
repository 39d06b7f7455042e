from odoo.modules import module


def read_committed(cr):
    """Begin a transaction in which waiting for a row shows its newest version.

    Odoo works at REPEATABLE READ, where waiting for a row that somebody changed fails
    and is tried again after seconds of sleep. A test's cursor is inside a transaction
    already and stays as it is.
    """
    if module.current_test:
        return
    cr.rollback()
    cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")


def commit(env):
    """Commit work that must stand before we go on, as before a request leaves."""
    env.flush_all()
    if not module.current_test:
        env.cr.commit()  # pylint: disable=invalid-commit
