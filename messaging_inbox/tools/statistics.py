"""PostgreSQL's statistics of small tables."""

from odoo.tools import SQL

OPTIONS = "autovacuum_analyze_threshold = 0, autovacuum_analyze_scale_factor = 0.01"


def keep_statistics(model):
    """Have autovacuum analyze a model's table after its first change, too.

    By default it waits for 50 changes, so a table of few rows never gets statistics.
    Without them the planner expects that access to a channel leaves almost nothing,
    and reads a whole section or thread instead of its newest rows.
    """
    table = SQL.identifier(model._table)
    model.env.cr.execute(SQL("ALTER TABLE %s SET (%s)", table, SQL(OPTIONS)))
