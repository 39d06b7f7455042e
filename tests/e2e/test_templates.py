"""Templates reach the customer, also after the reply window, and answers come back."""

import base64
import uuid

import pytest

from tests.e2e.support.at_once import at_once
from tests.e2e.support.people import Refused
from tests.e2e.support.templates import make_template
from tests.e2e.test_media import png
from tests.waiting import eventually

VALUES = {"1": "Ana", "model": "city bike"}
TEXT = "Hello Ana, your city bike is ready. Does Friday suit you?"


@pytest.fixture
def template(phone, admin, account, customer):
    return make_template(phone, admin, account, f"bike_ready_{customer[1:]}")


def send(agent, conversation, template, **options):
    ids = [conversation["id"]]
    arguments = (ids, template["id"], options.pop("values", VALUES))
    return agent.call("messaging.conversation", "send_template", *arguments, **options)


def test_a_template_arrives_after_the_reply_window(
    agent, late, template, phone, known, database
):
    with pytest.raises(Refused, match="reply window is closed"):
        agent.reply(late, "Too late")
    (message_id,) = send(agent, late, template)
    (received,) = phone.received(known)
    assert received["body"] == TEXT
    eventually(lambda: database.message(message_id)["state"] == "delivered")
    phone.look(known)
    eventually(lambda: database.message(message_id)["state"] == "read")


def test_the_provider_fetches_the_chosen_picture(
    agent, admin, late, account, phone, known, database
):
    name = f"bike_picture_{known[1:]}"
    template = make_template(phone, admin, account, name, file=True)
    picture = agent.attach("rad ñ.png", base64.b64encode(png()).decode(), "image/png")
    (message_id,) = send(agent, late, template, attachment_ids=[picture])
    eventually(lambda: database.message(message_id)["state"] == "delivered")
    (received,) = phone.received(known)
    assert received["media"][0]["size"] == len(png())
    assert received["body"] == TEXT


def test_what_the_customer_taps_comes_back_as_a_reply(
    agent, late, template, phone, known, database
):
    (message_id,) = send(agent, late, template)
    (received,) = phone.received(known)
    phone.tap(received["sid"], "Yes, please")

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
        return send(agent, late, template, client_uuid=client_uuid)

    first, second = at_once(click, click)
    assert first == second
    phone.received(known)
    assert phone.bodies(known) == [TEXT]


def test_a_template_that_the_provider_paused_is_explained_and_not_sent_again(
    agent, admin, late, template, phone, database
):
    phone.decide(template["provider_reference"], "paused")
    (message_id,) = send(agent, late, template)
    eventually(lambda: database.message(message_id)["state"] == "failed")
    fields = ["failure_reason"]
    (values,) = agent.call("messaging.message", "read", [message_id], fields)
    assert "paused" in values["failure_reason"]

    def state():
        ids = [template["id"]]
        return admin.call("messaging.template", "read", ids, ["state"])[0]["state"]

    database.after_a_while(lambda: state() == "paused")
    with pytest.raises(Refused, match="paused"):
        send(agent, late, template)
