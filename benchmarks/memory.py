"""How much memory the addon costs an HTTP worker.

Memory that processes share is divided among them (PSS), so that what is loaded before
Odoo forks its workers counts once.
"""

import statistics

import psutil

from benchmarks.load import post_all
from benchmarks.registry import Aim, measurement
from benchmarks.server import WORKERS, caller, session_of
from benchmarks.webhooks import CUSTOMERS, signed_texts
from tools.dev.databases import create_without_addon

MEGABYTE = 1024 * 1024
# What the client of each user asks for, again and again, in all workers. Not
# attachments: a read returns their content, and the two databases have other ones.
WARM_UP = 12
RECORDS = ("res.partner", "crm.lead", "res.users", "crm.stage")
# Calls that create contacts. The first full garbage collection of a worker writes to
# all objects that it shared with its parent until then, so both have it behind them.
CREATING = 250
CREATED = 25


@measurement(
    Aim(
        "ram_worker_mb",
        "memory of a used worker, over one without the addon",
        at_most=15,
    ),
    quick=True,
)
def memory(bench):
    """The memory of workers, with the addon and with its dependencies only."""
    with bench.odoo("without", create_without_addon) as server:
        _use_odoo(server)
        without = _worker_memory(server)
    with bench.odoo("memory") as server:
        _use_odoo(server)
        _use_inbox(server)
        used = _worker_memory(server)
    return {
        "ram_worker_mb": used - without,
        "ram_worker_without_addon_mb": without,
    }


def _use_odoo(server):
    """Ask for records and their views, and create records, as the client does."""
    ask = caller(server, session_of(server))
    for _ in range(WARM_UP):
        for model in RECORDS:
            ask(model, "search_read", [], [], 0, 20)
            ask(model, "get_views", [[False, "form"], [False, "list"]])
    for call in range(CREATING):
        names = (f"Contact {call}-{number}" for number in range(CREATED))
        ask("res.partner", "create", [{"name": name} for name in names])


def _use_inbox(server):
    """Receive messages, list and open conversations, and read their messages."""
    payloads = signed_texts(server.webhook_url, 2 * CUSTOMERS)
    post_all(server.address, payloads, WORKERS)
    ask = caller(server, session_of(server))
    found = ask("messaging.conversation", "search", [], 0, WARM_UP)
    for id_ in found:
        ask("messaging.conversation", "inbox_init")
        ask("messaging.conversation", "inbox_open", id_)
        ask("messaging.conversation", "action_note", [id_], "A note")


def _worker_memory(server):
    """Return the mean PSS of the HTTP workers, in megabytes."""
    workers = [
        process
        for process in psutil.Process(server.process.pid).children()
        # Crons run with a lower priority, websockets in a process of another command
        if process.nice() == 0 and "gevent" not in process.cmdline()
    ]
    if len(workers) != WORKERS:
        raise RuntimeError(f"There are {len(workers)} HTTP workers.")
    sizes = [process.memory_full_info().pss for process in workers]
    return statistics.mean(sizes) / MEGABYTE
