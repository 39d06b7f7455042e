"""Replies leave once, in order, and show their true state."""

import threading
import uuid

import pytest

from tests.e2e.support.people import Refused
from tests.e2e.support.phone import SMS, WHATSAPP
from tests.waiting import eventually, stays

HANGS = 8


@pytest.fixture
def state_of(database):
    return lambda message_id: database.message(message_id)["state"]


def test_a_reply_arrives_and_its_ticks_go_from_sent_to_read(
    agent, conversation, phone, known, state_of
):
    (message_id,) = agent.reply(conversation, "Yes, tomorrow.")
    (received,) = phone.received(known)
    assert received["body"] == "Yes, tomorrow."
    eventually(lambda: state_of(message_id) == "delivered")
    phone.look(known)
    eventually(lambda: state_of(message_id) == "read")


def test_a_reply_does_not_wait_for_a_cron(agent, conversation, state_of, database):
    with database.crons_at_rest():
        (message_id,) = agent.reply(conversation, "At once.")
        eventually(lambda: state_of(message_id) in ("sent", "delivered"))


def test_an_answer_does_not_wait_for_a_read_mark_of_the_same_agent(
    agent, conversation, phone, known, database
):
    """The agent's screen may be writing it, too: two writers of one row."""
    agent.conversation(conversation, "action_mark_unread")
    marking = "UPDATE messaging_participation SET draft = 'x' WHERE user_id = %s"
    with database.open_transaction(marking, agent.id):
        answering = threading.Thread(target=agent.reply, args=(conversation, "Now"))
        answering.start()
        (received,) = phone.received(known)
    answering.join()
    assert received["body"] == "Now"
    assert agent.conversation(conversation, "read", ["unread_count"])[0] == {
        "id": conversation["id"],
        "unread_count": 0,
    }


def test_a_long_text_arrives_in_parts_and_in_order(
    agent, conversation, phone, known, database
):
    text = " ".join(f"word{number}" for number in range(600))
    ids = agent.reply(conversation, text)
    assert len(ids) > 1
    phone.received(known, len(ids))
    eventually(lambda: len(phone.bodies(known)) == len(ids))
    assert " ".join(phone.bodies(known)) == text


def test_text_and_files_arrive_in_their_order(agent, conversation, phone, known):
    import base64

    from tests.e2e.test_media import png

    content = base64.b64encode(png()).decode()
    pictures = [agent.attach(name, content, "image/png") for name in ("a.png", "b.png")]
    ids = agent.reply(conversation, "Look", attachment_ids=pictures)
    assert len(ids) == 3
    eventually(lambda: len(phone.bodies(known)) == 3)

    def media():
        messages = phone.received(known, 3)
        return messages[1]["media"] and messages[1]["media"][0]["size"]

    assert phone.bodies(known) == ["Look", "", ""]
    assert eventually(media) == len(png())


def test_a_text_and_a_picture_arrive_as_one_message(agent, conversation, phone, known):
    import base64

    from tests.e2e.test_media import png

    picture = agent.attach("a.png", base64.b64encode(png()).decode(), "image/png")
    assert len(agent.reply(conversation, "Look", attachment_ids=[picture])) == 1
    eventually(lambda: phone.received(known, 1)[0]["media"])
    assert phone.bodies(known) == ["Look"]


def test_an_sms_goes_out_as_an_sms(agent, database, phone, customer, account):
    phone.add(customer)
    phone.write(customer, "By SMS", line=SMS)
    agent.reply(database.conversation(customer), "By SMS too")
    (received,) = phone.received(customer, line=SMS)
    assert received["body"] == "By SMS too"


# -- failures -----------------------------------------------------------------


@pytest.mark.parametrize(
    "trouble",
    [{"request": "429"}, {"request": "error", "code": 20503, "status": 503}],
    ids=["429", "503 in the provider's words"],
)
def test_the_cron_retries_a_message_that_the_provider_did_not_accept(
    agent, conversation, phone, known, state_of, database, trouble
):
    phone.trouble(**trouble)
    (message_id,) = agent.reply(conversation, "Once")
    eventually(lambda: state_of(message_id) == "queued")
    database.let_time_pass()
    eventually(lambda: state_of(message_id) == "delivered")
    assert phone.bodies(known) == ["Once"]


def test_the_providers_requested_pause_is_kept(agent, conversation, phone, database):
    phone.trouble(request="429")
    (message_id,) = agent.reply(conversation, "Later")
    (row,) = database.rows(
        "SELECT next_try_at - now() AT TIME ZONE 'UTC' AS pause FROM messaging_message"
        " WHERE id = %s AND EXISTS (SELECT 1 FROM ir_cron_trigger"
        " WHERE call_at >= next_try_at)",
        message_id,
    )
    assert 5 < row["pause"].total_seconds() < 40


def test_a_timeout_leaves_the_message_unknown(
    agent, conversation, phone, known, state_of, database
):
    phone.trouble(request="timeout_before", seconds=HANGS)
    (message_id,) = agent.reply(conversation, "Perhaps")
    eventually(lambda: state_of(message_id) == "unknown")
    database.let_time_pass()
    stays(lambda: state_of(message_id) == "unknown", 1)
    assert phone.bodies(known) == []


def test_a_timeout_after_acceptance_is_settled_by_the_callback(
    agent, conversation, phone, known, state_of, database
):
    phone.trouble(callbacks="delay", seconds=HANGS)
    phone.trouble(request="timeout_after", seconds=HANGS)
    (message_id,) = agent.reply(conversation, "Once")
    eventually(lambda: state_of(message_id) == "unknown")
    eventually(lambda: state_of(message_id) in ("sent", "delivered"))
    (received,) = phone.received(known)
    assert database.message(message_id)["provider_message_id"] == received["sid"]


def test_an_unknown_message_is_never_sent_again_automatically(
    agent, conversation, phone, known, state_of, database
):
    phone.trouble(callbacks="drop")
    phone.trouble(request="timeout_after", seconds=0)
    (message_id,) = agent.reply(conversation, "Once")
    eventually(lambda: state_of(message_id) == "unknown")
    database.let_time_pass()
    stays(lambda: state_of(message_id) == "unknown", 1)
    assert phone.bodies(known) == ["Once"]


def test_an_agent_can_resend_an_unknown_message(
    agent, conversation, phone, known, state_of
):
    phone.trouble(request="500")
    (message_id,) = agent.reply(conversation, "Once")
    eventually(lambda: state_of(message_id) == "unknown")
    agent.call("messaging.message", "action_retry", [message_id])
    eventually(lambda: state_of(message_id) == "delivered")
    assert phone.bodies(known) == ["Once"]


def test_a_refused_message_fails_with_a_sentence(
    agent, conversation, phone, known, state_of, database
):
    phone.trouble(callbacks="fail", status="undelivered", error_code=63024)
    (message_id,) = agent.reply(conversation, "Lost")
    eventually(lambda: state_of(message_id) == "failed")
    assert database.message(message_id)["error_code"] == "63024"
    (values,) = agent.call(
        "messaging.message", "read", [message_id], ["failure_reason"]
    )
    assert values["failure_reason"].endswith(".")


def test_a_refusal_outside_the_reply_window_is_explained(
    agent, conversation, phone, known, state_of, database
):
    phone.post("window", customer=known, line=WHATSAPP, window="closed")
    (message_id,) = agent.reply(conversation, "Too late")
    eventually(lambda: state_of(message_id) == "failed")
    (values,) = agent.call(
        "messaging.message", "read", [message_id], ["failure_reason"]
    )
    assert "reply window is closed" in values["failure_reason"]


def test_a_reply_after_a_day_is_refused_before_anything_is_written(
    agent, conversation, phone, known, database
):
    database.run(
        "UPDATE messaging_conversation SET last_inbound_at = last_inbound_at"
        " - interval '25 hours' WHERE id = %s",
        conversation["id"],
    )
    with pytest.raises(Refused, match="reply window is closed"):
        agent.reply(conversation, "Too late")
    assert not database.messages(known, "outbound")
    assert phone.bodies(known) == []


def test_after_stop_nothing_is_sent_until_start(
    agent, database, phone, customer, account
):
    phone.add(customer)
    phone.write(customer, "Hi", line=SMS)
    conversation = database.conversation(customer)
    phone.write(customer, "STOP", line=SMS)
    with pytest.raises(Refused, match="opted out"):
        agent.reply(conversation, "Are you sure?")
    phone.write(customer, "START", line=SMS)
    agent.reply(conversation, "Welcome back")
    eventually(lambda: "Welcome back" in phone.bodies(customer))
    assert "Are you sure?" not in phone.bodies(customer)


# -- order --------------------------------------------------------------------


def test_order_is_kept_while_the_first_message_waits(
    agent, conversation, phone, known, state_of, database
):
    phone.trouble(request="429")
    (first,) = agent.reply(conversation, "First")
    (second,) = agent.reply(conversation, "Second")
    assert (state_of(first), state_of(second)) == ("queued", "queued")
    database.let_time_pass()
    eventually(lambda: state_of(second) == "delivered")
    assert phone.bodies(known) == ["First", "Second"]


def test_a_waiting_conversation_does_not_block_others(
    agent, conversation, phone, known, state_of, database, customer, webhook
):
    other = customer.replace("+34611", "+34622")
    phone.add(other)
    phone.write(other, "Me too")
    phone.trouble(request="429")
    (waiting,) = agent.reply(conversation, "Waits")
    (passing,) = agent.reply(database.conversation(other), "Passes")
    eventually(lambda: state_of(passing) == "delivered")
    assert state_of(waiting) == "queued"


# -- once ---------------------------------------------------------------------


def test_a_repeated_client_uuid_returns_the_same_ids_and_sends_nothing(
    agent, conversation, phone, known
):
    client_uuid = str(uuid.uuid4())
    first = agent.reply(conversation, "Once", client_uuid=client_uuid)
    again = agent.reply(conversation, "Once", client_uuid=client_uuid)
    assert first == again
    phone.received(known)
    assert phone.bodies(known) == ["Once"]


def test_two_requests_with_one_client_uuid_at_the_same_instant_send_once(
    agent, other_agent, conversation, phone, known, database
):
    """The browser lost the answer and repeated a request that was still running."""
    client_uuid, barrier, ids = str(uuid.uuid4()), threading.Barrier(2), []

    def reply(person):
        barrier.wait()
        ids.append(person.reply(conversation, "Once", client_uuid=client_uuid))

    threads = [
        threading.Thread(target=reply, args=[person]) for person in (agent, other_agent)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 2
    assert ids[0] == ids[1]
    assert len(database.messages(known, "outbound")) == 1
    phone.received(known)
    stays(lambda: phone.bodies(known) == ["Once"], 1)


# -- callbacks ----------------------------------------------------------------


@pytest.mark.parametrize("trouble", ["duplicate", "delay", "reorder", "early"])
def test_ticks_are_right_in_any_order_of_callbacks(
    agent, conversation, phone, known, state_of, trouble
):
    phone.trouble(callbacks=trouble)
    (message_id,) = agent.reply(conversation, "Ticks")
    eventually(lambda: state_of(message_id) == "delivered")
    phone.received(known, status="delivered")
    phone.look(known)
    eventually(lambda: state_of(message_id) == "read")


def test_a_message_with_lost_callbacks_stays_sent(
    agent, conversation, phone, known, state_of
):
    phone.trouble(callbacks="drop")
    (message_id,) = agent.reply(conversation, "Silence")
    phone.received(known, status="delivered")
    stays(lambda: state_of(message_id) == "sent", 1)
