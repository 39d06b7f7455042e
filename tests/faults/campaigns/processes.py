"""Processes of Odoo die."""

import time
from contextlib import suppress

import psutil

from tests.faults.campaigns.ground import PATIENCE
from tests.faults.campaigns.registry import fault
from tests.faults.processes import cron_workers, http_workers, kill
from tests.waiting import eventually

# HTTP workers don't wait for it: they send what they have queued themselves.
WAITS_TO_STORE = r"""
    SELECT substring(application_name FROM 6)::int AS pid FROM pg_stat_activity
     WHERE application_name ~ '^odoo-\d+$' AND wait_event_type = 'Lock'
       AND query LIKE 'SELECT id FROM messaging_conversation WHERE id IN (SELECT conv%'
"""


def _kill_one(ground, find):
    """Kill one of the processes that ``find(node)`` returns, as soon as one is there.

    The node may be recovering from an earlier fault.
    """
    node = ground.node()

    def kill_one():
        with suppress(psutil.Error):
            found = find(node)
            if found:
                kill(ground.random.choice(found))
                return True
        return False

    eventually(kill_one, PATIENCE, "a process to kill")


@fault("an HTTP worker is killed in the middle of webhooks and replies", 120, short=2)
def http_worker_killed(ground):
    _kill_one(ground, http_workers)


@fault("a cron worker is killed while it sends", 60, short=1, pause=(0, 0.3))
def cron_worker_killed(ground):
    for customer, _conversation in ground.spare:
        ground.queue(customer)
    ground.database.notify("cron_trigger")
    ground.seconds(0, 0.5)
    _kill_one(ground, cron_workers)


@fault("a cron worker is killed between the provider's answer and the commit", 40)
def cron_worker_killed_before_commit(ground):
    customer, conversation = ground.idle_spare()
    with ground.locked(conversation):
        body = ground.queue(customer)

        def waiting():
            ground.wake_sending()
            time.sleep(0.1)
            return ground.has_arrived(body) and _waiting_cron_worker(ground)

        kill(eventually(waiting, what="a cron that stores an answer"))


def _waiting_cron_worker(ground):
    """Return the cron worker that waits for the lock in order to store an answer.

    Odoo's connections have the id of the worker or, if that found a registry when it
    was forked, of the main process.
    """
    pids = {row["pid"] for row in ground.database.rows(WAITS_TO_STORE)}
    with suppress(psutil.Error):
        for node in ground.cluster.nodes:
            for worker in cron_workers(node):
                if pids & {worker.pid, node.process.pid}:
                    return worker
    return None


@fault("all processes of a node are killed at once", 10, pause=(0.5, 2))
def node_killed(ground):
    ground.wait_until_ready()
    ground.node().kill()
