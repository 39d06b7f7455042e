"""The provider is away for a while."""

import pytest


@pytest.fixture
def provider_is_down(phone_server):
    """The phone's process ends; the function that is given starts it again."""
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


def test_what_is_written_while_the_provider_is_down_arrives_once_and_in_order(
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


def test_a_provider_that_refuses_for_a_while_gets_everything_once_and_in_order(
    known, agent, database, phone
):
    conversation = database.conversation(known)
    phone.trouble(request="500", times=4)
    bodies = [f"Message {number}" for number in range(3)]
    for body in bodies:
        agent.reply(conversation, body)
    database.after_a_while(lambda: phone.bodies(known) == bodies, 30)
    assert database.messages(known, "outbound")[0]["attempts"] > 1
