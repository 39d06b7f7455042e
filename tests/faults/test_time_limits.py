"""Odoo kills a cron worker that takes too long, so our jobs stop before."""

import uuid

import pytest

from tests.e2e.support.webhook import picture_from
from tests.e2e.test_media import file_url, png, twilio  # noqa: F401
from tests.faults.processes import workers
from tests.waiting import eventually

LIMIT = 24
# More than the limit allows in one turn: the worker would be killed at the last.
MESSAGES = 16
SECONDS = 2


@pytest.fixture(scope="module")
def short_of_time(odoo):
    """Restart Odoo with a small time limit for its crons, for all following tests."""
    options = odoo.options
    odoo.stop()
    odoo.options = (*options, "--limit-time-real-cron", str(LIMIT))
    odoo.start()
    yield
    odoo.stop()
    odoo.options = options
    odoo.start()


@pytest.mark.timeout(240)
def test_a_slow_provider_and_a_long_queue_get_no_cron_worker_killed(
    known, agent, database, phone, odoo, request
):
    conversation = database.conversation(known)
    agent.reply(conversation, "Message 0")
    eventually(lambda: database.messages(known, "outbound")[0]["state"] == "delivered")
    request.getfixturevalue("short_of_time")
    phone.trouble(request="slow", seconds=SECONDS, times=MESSAGES + 9)
    bodies = queue(database, known)
    before = {worker.pid for worker in workers(odoo)}

    def states():
        return {row["state"] for row in database.messages(known, "outbound")}

    def is_empty():
        # A worker that isn't listening yet misses its wake-up call
        database.notify("cron_trigger")
        return not states() & {"queued", "sending"}

    eventually(is_empty, 150)
    assert states() <= {"sent", "delivered"}
    assert phone.bodies(known) == ["Message 0", *bodies]
    assert before <= {worker.pid for worker in workers(odoo)}
    assert "timeout after" not in odoo.log.read_text(errors="replace")


@pytest.mark.usefixtures("short_of_time")
def test_a_dripping_download_is_aborted_before_its_worker_is_killed(
    odoo,
    twilio,  # noqa: F811
    customer,
    database,
):
    (dripping, drips), (good, path) = file_url(), file_url()
    twilio.drips.add(drips)
    twilio.answers[path] = (200, {"Content-Type": "image/png"}, png())
    before = {worker.pid for worker in workers(odoo)}
    twilio.webhook.post(picture_from(customer, dripping))
    eventually(lambda: database.notify("cron_trigger") or twilio.visits)
    twilio.webhook.post(picture_from(customer, good))
    first, second = eventually(lambda: fetched_behind(database, customer), 3 * LIMIT)
    assert (first["state"], first["attempts"]) == ("pending", 1)
    assert first["error"] == "The file took too long."
    assert second["attempts"] == 1
    assert before <= {worker.pid for worker in workers(odoo)}
    assert "timeout after" not in odoo.log.read_text(errors="replace")


def fetched_behind(database, customer):
    """Return the customer's two files once the second is downloaded."""
    database.notify("cron_trigger")
    found = database.media(customer)
    return found[-1]["state"] == "ready" and found


def queue(database, customer):
    """Queue copies of a reply by SQL, so that no worker sends them at once."""
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
