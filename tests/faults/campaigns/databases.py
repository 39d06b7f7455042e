"""PostgreSQL stops, is killed or drops connections."""

from contextlib import suppress

from tests.faults.campaigns.registry import fault

BACKENDS = """
    SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'odoo-%%'
       AND backend_type = 'client backend' ORDER BY pid
"""


def _stop_and_start(ground, mode, least, most):
    """Odoo's workers and sometimes its main process end, too, and need to start."""
    ground.wait_until_ready()
    ground.postgres.stop(mode)
    try:
        ground.seconds(least, most)
    finally:
        ground.postgres.start()


@fault("PostgreSQL is stopped (fast) for up to 2 s", 12, short=1, pause=(0.5, 2))
def postgres_stopped(ground):
    _stop_and_start(ground, "fast", 0.1, 2)


@fault("PostgreSQL is stopped (immediate), and recovers", 8, pause=(0.5, 2))
def postgres_stopped_immediately(ground):
    _stop_and_start(ground, "immediate", 0, 0.5)


@fault("PostgreSQL restarts", 8, pause=(0.5, 2))
def postgres_restarted(ground):
    _stop_and_start(ground, "fast", 0, 0)


@fault("one of PostgreSQL's backends is killed, and all recover", 8, pause=(0.5, 2))
def backend_killed(ground):
    ground.wait_until_ready()
    backends = ground.database.rows(BACKENDS)
    if not backends:
        return False
    with suppress(ProcessLookupError):
        ground.postgres.kill_backend(ground.random.choice(backends)["pid"])
    return True


@fault("half of the connections are terminated", 80, short=1)
def connections_terminated(ground):
    pids = [row["pid"] for row in ground.database.rows(BACKENDS)]
    chosen = ground.random.sample(pids, len(pids) // 2)
    ground.database.rows("SELECT pg_terminate_backend(u) FROM unnest(%s) u", chosen)
    return bool(chosen)
