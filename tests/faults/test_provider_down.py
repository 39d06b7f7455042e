"""The provider is unavailable for a while."""

import pytest

from tests.waiting import eventually, stays


@pytest.fixture
def provider_is_down(phone_server):
    """Stop the phone's process; yield a function that starts it again."""
    phone_server.stop()
    yield phone_server.start
    if phone_server.process.poll() is not None:
        phone_server.start()


@pytest.fixture
def two_customers(account, phone, customer):
    customers = [customer, customer.replace("+34611", "+34622")]
    for each in customers:
        phone.add(each)
        phone.write(each, "Hello")
    return customers


def test_messages_written_while_the_provider_is_down_arrive_once_and_in_order(
    two_customers, agent, database, phone, request
):
    start = request.getfixturevalue("provider_is_down")
    bodies = [f"Message {number}" for number in range(4)]
    for body in bodies:
        for customer in two_customers:
            agent.reply(database.conversation(customer), body)
    states = {
        message["state"]
        for customer in two_customers
        for message in database.messages(customer, "outbound")
    }
    assert states == {"queued"}
    start()
    database.after_a_while(
        lambda: [phone.bodies(each) for each in two_customers] == [bodies] * 2, 30
    )


def test_messages_refused_for_a_while_arrive_once_and_in_order(
    known, agent, database, phone
):
    conversation = database.conversation(known)
    phone.trouble(request="error", code=20503, status=503, times=4)
    bodies = [f"Message {number}" for number in range(3)]
    for body in bodies:
        agent.reply(conversation, body)
    database.after_a_while(lambda: phone.bodies(known) == bodies, 30)
    assert database.messages(known, "outbound")[0]["attempts"] > 1


@pytest.mark.parametrize("trouble", ["500", "503"])
def test_messages_that_a_failing_provider_may_have_accepted_are_not_sent_again(
    known, agent, database, phone, trouble
):
    phone.trouble(request=trouble)
    (message_id,) = agent.reply(database.conversation(known), "Perhaps")
    check_stays_unknown(database, message_id)
    assert phone.bodies(known) == []


def test_a_message_accepted_before_a_gateway_timeout_arrives_once(
    known, agent, database, phone
):
    """The stand-in accepts the message and answers 504."""
    phone.trouble(callbacks="drop")
    phone.trouble(request="timeout_after", seconds=0)
    (message_id,) = agent.reply(database.conversation(known), "Once")
    check_stays_unknown(database, message_id)
    assert phone.bodies(known) == ["Once"]


def check_stays_unknown(database, message_id):
    state = lambda: database.message(message_id)["state"]  # noqa: E731
    eventually(lambda: state() == "unknown")
    database.let_time_pass()
    stays(lambda: state() == "unknown", 2)


def test_a_callback_settles_a_message_after_a_gateway_timeout(
    known, agent, database, phone
):
    phone.trouble(request="timeout_after", seconds=0)
    (message_id,) = agent.reply(database.conversation(known), "Once")
    eventually(lambda: database.message(message_id)["state"] == "delivered")
    assert phone.bodies(known) == ["Once"]


def test_a_hanging_provider_blocks_no_http_worker(
    two_customers, agent, database, phone
):
    """There are two workers, and each gets a reply to send."""
    phone.trouble(callbacks="drop", times=4)
    phone.trouble(request="timeout_after", times=4, seconds=20)
    sent = []
    for customer in two_customers * 2:
        conversation = database.conversation(customer)
        (message_id,) = agent.reply(conversation, f"Message {len(sent)}")
        # The agent's request has ended; the one to the provider hasn't.
        assert database.message(message_id)["state"] in ("queued", "sending")
        sent.append(message_id)
        assert agent.conversation(conversation, "read", ["state"])
    states = lambda: {database.message(each)["state"] for each in sent}  # noqa: E731
    database.after_a_while(lambda: states() == {"unknown"}, 60)
    arrived = [body for each in two_customers for body in phone.bodies(each)]
    assert sorted(arrived) == [f"Message {number}" for number in range(4)]


def test_a_stopping_server_lets_a_request_finish(known, agent, database, phone, odoo):
    phone.trouble(request="slow", seconds=3)
    (message_id,) = agent.reply(database.conversation(known), "Goodbye")
    assert database.message(message_id)["state"] == "sending"
    odoo.stop()
    assert database.message(message_id)["state"] == "sent"
    odoo.start()
