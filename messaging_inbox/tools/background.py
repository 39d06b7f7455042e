"""Requests to a provider in a background thread, so that neither user nor worker waits.

Each process has at most one such thread, so a provider that hangs blocks one thread
and no worker. If the thread is busy, the caller leaves the work to a cron. The thread
isn't a daemon: a stopping process waits for it, at most for one request. If the process
is killed, its work is recovered as after any crash.
"""

import logging
import threading

from odoo.modules import module

_logger = logging.getLogger(__name__)

# Seconds. Most requests take less, so the screen shows their outcome at once.
WAIT = 1
_busy = threading.Lock()


def start(registry, work):
    """Call ``work(cursor)`` in the thread, with its own cursor; return if it started.

    Wait up to WAIT seconds for it to finish. Failures are only logged. Tests run it in
    the calling thread, since they have a single connection.
    """
    if not _busy.acquire(blocking=False):
        return False
    if module.current_test:
        _run(registry, work)
        return True
    # Odoo's own threads are daemons, and threads inherit that.
    thread = threading.Thread(
        target=_run, args=(registry, work), name=__name__, daemon=False
    )
    try:
        thread.start()
    except RuntimeError:
        # The process is stopping or can't start more threads.
        _busy.release()
        return False
    thread.join(WAIT)
    return True


def _run(registry, work):
    threading.current_thread().dbname = registry.db_name
    try:
        with registry.cursor() as cr:
            work(cr)
    except Exception:
        _logger.exception("Background work failed")
    finally:
        _busy.release()
