"""Two crons send from the same outbox at the same time."""

import re
import subprocess

import pytest

from tests.nodes.ledger import overtaken
from tests.nodes.load import queue
from tests.waiting import eventually
from tools.dev.databases import odoo_environment
from tools.dev.places import ROOT, VENV

CUSTOMERS = [f"+34611880{number:03d}" for number in range(24)]
# Each process sends up to 16 at a time, so the first leaves some to the second.
EACH = 3
# What each process does: wait for the other, then send until nothing is due.
SEND = """
import time
from pathlib import Path
Path({folder!r}, {name!r}).touch()
while len(list(Path({folder!r}).iterdir())) < 2:
    time.sleep(0.01)
print("sent", env["messaging.message"]._send_queued())
"""


@pytest.fixture
def senders(odoo, tmp_path):
    """Start two processes that send; each prints how many it has sent."""
    command = [VENV / "bin" / "odoo", "shell", "--database", odoo.database]
    command += ["--no-http", "--log-level=warn"]
    started = []

    def start():
        for name in ("one", "two"):
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            process = subprocess.Popen(
                command, cwd=ROOT, env=odoo_environment(), **pipes
            )
            process.stdin.write(SEND.format(folder=str(tmp_path), name=name))
            process.stdin.close()
            started.append(process)
        return started

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_two_crons_share_the_outbox_and_keep_the_order(
    account, phone, database, senders
):
    for customer in CUSTOMERS:
        phone.add(customer)
        phone.write(customer, "Hello")
    bodies = [
        f"To {customer}: {n}" for n in range(1, EACH + 1) for customer in CUSTOMERS
    ]
    phone.trouble(request="slow", seconds=0.2, times=len(bodies))
    with database.crons_at_rest():
        for body in bodies:
            queue(database, body)
        outputs = [process.stdout.read() for process in senders()]
    counts = [int(re.search(r"sent (\d+)", output)[1]) for output in outputs]
    assert sum(counts) == len(bodies)
    assert min(counts) > 0
    messages = phone.get("messages", direction="outbound")["messages"]
    arrived = [each["body"] for each in messages if each["body"] in set(bodies)]
    assert sorted(arrived) == sorted(bodies)
    assert overtaken(arrived) == 0
    for customer in CUSTOMERS:
        eventually(
            lambda customer=customer: (
                {row["state"] for row in database.messages(customer, "outbound")}
                == {"delivered"}
            )
        )
