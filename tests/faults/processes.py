"""The processes of an Odoo with workers, and how to lose one."""

import os
import signal
from contextlib import suppress

import psutil

from tests.e2e.support.waiting import eventually


def workers(odoo):
    """The processes that serve HTTP, websockets and crons."""
    return psutil.Process(odoo.process.pid).children(recursive=True)


def http_workers(odoo):
    """Those with the HTTP port that aren't busy with the crons, told by niceness."""
    found = [each for each in workers(odoo) if "gevent" not in each.cmdline()]
    return [each for each in found if each.nice() == 0]


def links(odoo, port):
    """The open connections to a port: {(process, local port)}."""
    found = set()
    for worker in workers(odoo):
        with suppress(psutil.NoSuchProcess):
            for link in worker.net_connections("tcp"):
                if link.raddr and link.raddr.port == port:
                    found.add((worker.pid, link.laddr.port))
    return found


def newly_talking_to(odoo, port, before=frozenset()):
    """The worker that has opened a connection to a port, once there is one."""
    new = eventually(lambda: links(odoo, port) - before, 20, f"a link to {port}")
    return psutil.Process(min(new)[0])


def kill(worker):
    """As the kernel does when memory runs out: no farewell."""
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait(10)
