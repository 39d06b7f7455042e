"""The processes of an Odoo with workers, and a way to kill one."""

import os
import signal
from contextlib import suppress

import psutil

from tests.waiting import eventually


def workers(odoo):
    """Return the processes that serve HTTP, websockets and crons."""
    return psutil.Process(odoo.process.pid).children(recursive=True)


def http_workers(odoo):
    """Return the workers with the HTTP port; niceness tells them from cron workers."""
    return [each for each, extra in _with_niceness(odoo) if extra == 0]


def cron_workers(odoo):
    """Return the workers that run the crons: they are nicer than the others."""
    return [each for each, extra in _with_niceness(odoo) if extra > 0]


def _with_niceness(odoo):
    """Return the workers, without that of websockets, and how much nicer each is."""
    usual = psutil.Process(odoo.process.pid).nice()
    found = [each for each in workers(odoo) if "gevent" not in each.cmdline()]
    return [(each, each.nice() - usual) for each in found]


def links(odoo, port):
    """Return the open connections to a port: {(process, local port)}."""
    found = set()
    for worker in workers(odoo):
        with suppress(psutil.NoSuchProcess):
            for link in worker.net_connections("tcp"):
                if link.raddr and link.raddr.port == port:
                    found.add((worker.pid, link.laddr.port))
    return found


def newly_talking_to(odoo, port, before=frozenset()):
    """Wait for a worker to open a connection to a port, and return it."""
    new = eventually(lambda: links(odoo, port) - before, what=f"a link to {port}")
    return psutil.Process(min(new)[0])


def kill(worker):
    """Kill a process at once, as the kernel does when memory runs out."""
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait(10)
