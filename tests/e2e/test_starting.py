"""Agents write first: the customer gets it, and the answer comes back to the writer."""

import itertools

import pytest

from tests.e2e.support.phone import SMS, WHATSAPP
from tests.e2e.support.templates import make_template
from tests.waiting import eventually

VALUES = {"1": "Ana", "model": "city bike"}
_numbers = itertools.count(1)


@pytest.fixture
def channels(database, account):
    """Return the ids of our lines by their kind."""
    rows = database.rows(
        "SELECT id, kind FROM messaging_channel WHERE account_id = %s"
        " AND address IN ('+34600000001', '+34600000002')",
        account["id"],
    )
    return {row["kind"]: row["id"] for row in rows}


@pytest.fixture
def template(phone, admin, account, customer):
    return make_template(phone, admin, account, f"first_words_{customer[1:]}")


def start(agent, channel_id, number):
    return agent.call("messaging.conversation", "action_start", channel_id, number)


def check(agent, channel_id, number):
    return agent.call("messaging.conversation", "start_check", channel_id, number)


def send(agent, id_, template):
    arguments = ([id_], template["id"], VALUES)
    return agent.call("messaging.conversation", "send_template", *arguments)[0]


def state_of(database, id_):
    (row,) = database.rows(
        "SELECT user_id, state FROM messaging_conversation WHERE id = %s", id_
    )
    return row


@pytest.mark.parametrize("spelling", ["same", "other"])
def test_a_started_conversation_gets_the_answer_in_any_spelling(
    spelling, agent, channels, template, phone, database
):
    number = f"+55119616{next(_numbers):05d}"
    phone.add(number, spelling=spelling)
    id_ = start(agent, channels["whatsapp"], number)
    message_id = send(agent, id_, template)
    phone.received(number)
    eventually(lambda: database.message(message_id)["state"] == "delivered")
    phone.write(number, "Who is this?", line=WHATSAPP)
    rows = eventually(
        lambda: database.rows(
            "SELECT body FROM messaging_message WHERE conversation_id = %s"
            " AND direction = 'inbound'",
            id_,
        )
    )
    assert [row["body"] for row in rows] == ["Who is this?"]
    assert state_of(database, id_) == {"user_id": agent.id, "state": "open"}
    agent.reply({"id": id_}, "Alba, from the bike shop")
    eventually(lambda: "Alba, from the bike shop" in phone.bodies(number))


@pytest.mark.parametrize("whatsapp", ["refused", "undelivered"])
def test_who_isnt_on_whatsapp_gets_an_sms(
    whatsapp, agent, channels, template, phone, database, customer
):
    phone.add(customer, whatsapp=whatsapp)
    id_ = start(agent, channels["whatsapp"], customer)
    message_id = send(agent, id_, template)
    eventually(lambda: database.message(message_id)["state"] == "failed")
    known = eventually(
        lambda: (
            (found := check(agent, channels["whatsapp"], customer))
            and found["not_on_channel"]
            and found
        )
    )
    assert known["sms_channel_id"]
    text_id = start(agent, channels["sms"], customer)
    assert text_id != id_
    agent.reply({"id": text_id}, "Your bike is ready")
    phone.received(customer)
    phone.write(customer, "Thank you", line=SMS)
    eventually(lambda: state_of(database, text_id)["user_id"] == agent.id)
