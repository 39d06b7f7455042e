"""Templates reach the customer, also after the reply window, and answers come back."""

import base64
import uuid

import pytest

from tests.e2e.support.at_once import at_once
from tests.e2e.support.people import Refused
from tests.e2e.support.templates import make_template
from tests.e2e.support.waiting import eventually
from tests.e2e.test_media import png

VALUES = {"1": "Ana", "model": "city bike"}
TEXT = "Hello Ana, your city bike is ready. Does Friday suit you?"


@pytest.fixture(scope="session")
def template(account, phone_server, database):
    from tests.e2e.support.phone import Phone

    with Phone(phone_server.url) as phone:
        return make_template(phone, database, account, "bike_ready")


@pytest.fixture(scope="session")
def with_picture(account, phone_server, database):
    from tests.e2e.support.phone import Phone

    with Phone(phone_server.url) as phone:
        return make_template(phone, database, account, "bike_picture", file=True)


@pytest.fixture
def late(database, conversation):
    """Return a conversation whose reply window is closed in Odoo."""
    database.run(
        "UPDATE messaging_conversation"
        " SET last_inbound_at = last_inbound_at - interval '2 days' WHERE id = %s",
        conversation["id"],
    )
    return conversation


def send(agent, conversation, template_id, **options):
    ids = [conversation["id"]]
    arguments = (ids, template_id, options.pop("values", VALUES))
    return agent.call("messaging.conversation", "send_template", *arguments, **options)


def test_a_template_arrives_after_the_reply_window(
    agent, late, template, phone, known, database
):
    with pytest.raises(Refused, match="reply window is closed"):
        agent.reply(late, "Too late")
    (message_id,) = send(agent, late, template[0])
    (received,) = phone.received(known)
    assert received["body"] == TEXT
    eventually(lambda: database.message(message_id)["state"] == "delivered")
    phone.look(known)
    eventually(lambda: database.message(message_id)["state"] == "read")


def test_the_provider_fetches_the_chosen_picture(
    agent, late, with_picture, phone, known, database
):
    picture = agent.attach("rad ñ.png", base64.b64encode(png()).decode(), "image/png")
    (message_id,) = send(agent, late, with_picture[0], attachment_ids=[picture])
    eventually(lambda: database.message(message_id)["state"] == "delivered")
    (received,) = phone.received(known)
    assert received["media"][0]["size"] == len(png())
    assert received["body"] == TEXT


def test_what_the_customer_taps_comes_back_as_a_reply(
    agent, late, template, phone, known, database
):
    (message_id,) = send(agent, late, template[0])
    (received,) = phone.received(known)
    phone.post(f"messages/{received['sid']}/tap", button="Yes, please")

    def answer():
        page = agent.call("messaging.conversation", "inbox_open", late["id"])
        last = page["messages"][-1]
        return last["direction"] == "inbound" and last

    answer = eventually(answer)
    assert (answer["kind"], answer["body"]) == ("reply_choice", "Yes, please")
    assert answer["reply_to"]["id"] == message_id
    agent.reply(late, "See you on Friday")


def test_the_same_template_clicked_twice_at_once_arrives_once(
    agent, late, template, phone, known
):
    client_uuid = str(uuid.uuid4())

    def click():
        return send(agent, late, template[0], client_uuid=client_uuid)

    first, second = at_once(click, click)
    assert first == second
    phone.received(known)
    assert phone.bodies(known) == [TEXT]


def test_a_template_that_the_provider_paused_is_explained(
    agent, late, account, phone, known, database
):
    paused, sid = make_template(phone, database, account, f"paused_{known[1:]}")
    phone._answer(
        phone._http.patch(f"/control/contents/{sid}", json={"status": "paused"})
    )
    (message_id,) = send(agent, late, paused)
    eventually(lambda: database.message(message_id)["state"] == "failed")
    (values,) = agent.call(
        "messaging.message", "read", [message_id], ["failure_reason"]
    )
    assert "paused" in values["failure_reason"]
