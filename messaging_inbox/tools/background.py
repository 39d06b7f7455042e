"""Work at a provider that a user, and the worker of the request, shouldn't wait for.

A process has one such thread at most: a provider that hangs holds one thread, and no
worker. Who finds it busy leaves the work to a cron. The thread is no daemon: a process
that stops lets it end, which takes as long as one request; what a killed process was
doing is seen afterwards as after any crash.
"""

import logging
import threading

from odoo.modules import module

_logger = logging.getLogger(__name__)

# Most requests end within it, so that the screen shows their outcome at once.
WAIT = 1
_busy = threading.Lock()


def start(registry, work):
    """Call ``work(cursor)`` with a cursor of its own; tell whether it was begun.

    It waits a moment for the end. A failure is logged and nothing more. A test waits
    until the end, since it has one connection only.
    """
    if not _busy.acquire(blocking=False):
        return False
    if module.current_test:
        _run(registry, work)
        return True
    # Odoo's own threads are daemons, and a thread inherits that.
    thread = threading.Thread(
        target=_run, args=(registry, work), name=__name__, daemon=False
    )
    try:
        thread.start()
    except RuntimeError:
        # The process ends, or has no thread left.
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
        _logger.exception("Work in the background failed")
    finally:
        _busy.release()
