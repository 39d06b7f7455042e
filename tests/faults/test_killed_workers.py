"""Processes die at the worst moment: nothing is lost and nothing is sent twice."""

import threading
import time

import httpx
import pytest

from tests.e2e.support.webhook import picture_from
from tests.e2e.test_media import file_url, png, twilio  # noqa: F401
from tests.faults.processes import http_workers, kill, links, newly_talking_to
from tests.waiting import eventually, stays

HANGS = 20


@pytest.fixture
def conversation(database, known):
    return database.conversation(known)


@pytest.fixture
def dies_while_sending(odoo, agent, conversation, phone, known, database):
    """Send a reply; kill its worker once the provider has it but hasn't answered."""

    def send_and_die(body):
        phone.trouble(request="timeout_after", seconds=HANGS)
        before = links(odoo, phone.port)
        sending = threading.Thread(target=_reply, args=(agent, conversation, body))
        sending.start()
        worker = newly_talking_to(odoo, phone.port, before)
        eventually(lambda: body in phone.bodies(known))
        kill(worker)
        sending.join(30)
        return database.messages(known, "outbound")[-1]["id"]

    return send_and_die


def _reply(agent, conversation, body):
    try:
        agent.reply(conversation, body)
    except httpx.HTTPError:
        # The worker died before it could answer.
        pass


def test_a_worker_killed_before_the_answer_leaves_the_message_unknown_and_sent_once(
    dies_while_sending, phone, known, database
):
    phone.trouble(callbacks="drop")
    message_id = dies_while_sending("Once")
    assert database.message(message_id)["state"] == "sending"
    state = lambda: database.message(message_id)["state"]  # noqa: E731
    database.after_a_while(lambda: state() == "unknown")
    database.let_time_pass()
    stays(lambda: phone.bodies(known) == ["Once"], 1)


def test_the_callback_settles_a_message_of_a_killed_worker(
    dies_while_sending, phone, known, database
):
    message_id = dies_while_sending("Once")
    eventually(lambda: database.message(message_id)["state"] == "delivered")
    database.let_time_pass()
    stays(lambda: phone.bodies(known) == ["Once"], 1)
    assert database.message(message_id)["state"] == "delivered"


def test_the_conversation_continues_in_order_after_a_killed_worker(
    dies_while_sending, agent, conversation, phone, known, database
):
    phone.trouble(callbacks="drop")
    dies_while_sending("First")
    agent.reply(conversation, "Second")
    assert phone.bodies(known) == ["First"]
    database.after_a_while(lambda: phone.bodies(known) == ["First", "Second"])


def test_workers_killed_while_customers_write_neither_lose_nor_double_messages(
    odoo, phone, customer, database, account
):
    """Twilio repeats webhooks without an answer, as our registered address asks."""
    phone.add(customer)
    phone.write(customer, "Message 0")
    stop = threading.Event()

    def keep_killing():
        while not stop.wait(0.4):
            for worker in http_workers(odoo)[:1]:
                kill(worker)

    killer = threading.Thread(target=keep_killing)
    killer.start()
    try:
        taken = ["Message 0", *_write_and_note(phone, customer, 30)]
    finally:
        stop.set()
        killer.join()
    assert len(taken) > 10
    stored = [message["body"] for message in database.messages(customer)]
    assert len(stored) == len(set(stored))
    assert set(taken) <= set(stored)
    assert len(database.conversations(customer)) == 1


def _write_and_note(phone, customer, count):
    """Write so many messages; return those that Odoo acknowledged."""
    for number in range(1, count + 1):
        body = f"Message {number}"
        (webhook,) = phone.write(customer, body)["webhooks"]
        if webhook["status"] == 200:
            yield body
        time.sleep(0.05)


def test_a_download_of_a_killed_worker_is_repeated(
    odoo,
    twilio,  # noqa: F811
    customer,
    database,
):
    url, path = file_url()
    twilio.hangs.add(path)
    twilio.webhook.post(picture_from(customer, url))
    kill(newly_talking_to(odoo, twilio.port))
    assert database.media(customer)[0]["state"] == "pending"
    twilio.hangs.clear()
    twilio.answers[path] = (200, {"Content-Type": "image/png"}, png())
    database.after_a_while(lambda: database.media(customer)[0]["state"] != "pending")
    (media,) = database.media(customer)
    assert (media["state"], media["attempts"]) == ("ready", 2)


def test_after_a_power_cut_queued_messages_are_sent_and_the_one_under_way_is_unknown(
    odoo, agent, conversation, phone, known, database
):
    phone.trouble(callbacks="drop")
    phone.trouble(request="timeout_after", seconds=HANGS)
    sending = threading.Thread(target=_reply, args=(agent, conversation, "First"))
    sending.start()
    eventually(lambda: phone.bodies(known) == ["First"])
    agent.reply(conversation, "Second")
    odoo.kill()
    sending.join(30)
    odoo.start()
    database.after_a_while(lambda: phone.bodies(known) == ["First", "Second"])
    first, second = database.messages(known, "outbound")
    assert first["state"] == "unknown"
    eventually(lambda: database.message(second["id"])["state"] in ("sent", "delivered"))
