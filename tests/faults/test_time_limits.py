"""Odoo kills a cron worker that takes too long: ours stop before."""

import uuid

import pytest

from tests.e2e.support.waiting import eventually
from tests.faults.crew import workers

LIMIT = 24
# More than the limit allows in one turn, and the last of them would be killed.
MESSAGES = 16
SECONDS = 2


@pytest.fixture
def short_of_time(odoo):
    """Restart Odoo with a small limit for its crons."""
    options = odoo.options
    odoo.stop()
    odoo.options = (*options, "--limit-time-real-cron", str(LIMIT))
    odoo.start()
    yield
    odoo.stop()
    odoo.options = options
    odoo.start()


@pytest.mark.timeout(240)
def test_a_slow_provider_and_a_long_queue_outlast_no_cron_worker(
    known, agent, database, phone, odoo, request
):
    conversation = database.conversation(known)
    agent.reply(conversation, "Message 0")
    eventually(lambda: database.messages(known, "outbound")[0]["state"] == "delivered")
    request.getfixturevalue("short_of_time")
    phone.trouble(request="slow", seconds=SECONDS, times=MESSAGES + 9)
    bodies = queue(database, known)
    crew = {worker.pid for worker in workers(odoo)}
    database.notify("cron_trigger")

    def states():
        return {row["state"] for row in database.messages(known, "outbound")}

    eventually(lambda: not states() & {"queued", "sending"}, 150)
    assert states() <= {"sent", "delivered"}
    assert phone.bodies(known) == ["Message 0", *bodies]
    assert crew <= {worker.pid for worker in workers(odoo)}
    assert "timeout after" not in odoo.log.read_text(errors="replace")


def queue(database, customer):
    """Queue copies of an answer behind Odoo's back, so that no worker sends them."""
    (sent,) = database.messages(customer, "outbound")
    bodies = [f"Message {number}" for number in range(1, MESSAGES + 1)]
    for body in bodies:
        database.run(
            "INSERT INTO messaging_message (conversation_id, channel_id, direction,"
            " kind, state, body, author_id, client_uuid, part, sent_at, attempts,"
            " create_date, write_date)"
            " SELECT conversation_id, channel_id, direction, kind, 'queued', %s,"
            " author_id, %s, 0, sent_at, 0, now() AT TIME ZONE 'UTC',"
            " now() AT TIME ZONE 'UTC' FROM messaging_message WHERE id = %s",
            body,
            str(uuid.uuid4()),
            sent["id"],
        )
    return bodies
