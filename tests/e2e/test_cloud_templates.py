"""A template of WhatsApp at Meta, from the draft to the customer who gets it."""

import base64

import pytest

from tests.e2e.support.fans import arrived, at
from tests.e2e.test_media import png
from tests.waiting import eventually


@pytest.fixture
def talk(fan, database):
    fan.write("Hello")
    arrived(database, fan)
    return database.conversation(fan.external_id)


@pytest.fixture
def decide(phone):
    """Let WhatsApp's reviewers decide; Meta reports it at once."""

    def say(reference, **values):
        path = f"/control/templates/{reference}"
        return phone._answer(phone._http.patch(path, json=values))

    return say


@pytest.fixture
def submitted(admin, cloud_account, fan, database):
    """Create and submit a template; return its row."""

    def make(**values):
        draft = {
            "account_id": cloud_account["id"],
            "name": f"bike_{fan.external_id[1:]}",
            "language": "en_US",
            "category": "utility",
            "body": "Hello {{name}}, your bike {{bike}} is ready for you.",
            "buttons": [
                {"kind": "url", "text": "Go", "value": "https://shop.example/{{bike}}"}
            ],
            "samples": {"name": "Ana", "bike": "B-1"},
            **values,
        }
        (template_id,) = admin.call("messaging.template", "create", [draft])
        action = admin.call("messaging.template", "action_submit", [template_id])
        assert action["params"]["type"] == "success", action["params"]["message"]
        return row(database, template_id)

    return make


def row(database, template_id):
    query = "SELECT * FROM messaging_template WHERE id = %s"
    (found,) = database.rows(query, template_id)
    return found


def approved(database, decide, template):
    decide(template["provider_reference"], status="APPROVED")
    eventually(lambda: row(database, template["id"])["state"] == "approved")


def send(agent, talk, template, **options):
    values = {"name": "Eve", "bike": "B-2"}
    arguments = ([talk["id"]], template["id"], values)
    return agent.call("messaging.conversation", "send_template", *arguments, **options)


@at("whatsapp_cloud")
def test_a_template_is_approved_sent_and_paused(
    agent, talk, fan, database, submitted, decide
):
    template = submitted()
    assert template["state"] == "pending"
    approved(database, decide, template)
    assert row(database, template["id"])["variable_names"] == ["name", "bike"]
    fan.window("closed")
    send(agent, talk, template)
    (received,) = fan.received(status="delivered")
    assert received["body"] == "Hello Eve, your bike B-2 is ready for you."
    (button,) = received["extra"]["template"]["buttons"]
    assert button["value"] == "https://shop.example/B-2"
    decide(template["provider_reference"], status="PAUSED", quality="RED")
    eventually(lambda: row(database, template["id"])["state"] == "paused")
    assert row(database, template["id"])["quality"] == "low"


@at("whatsapp_cloud")
def test_the_file_of_a_header_reaches_the_customer(
    admin, agent, talk, fan, database, submitted, decide
):
    picture = base64.b64encode(png()).decode()
    values = {"name": "a.png", "datas": picture, "res_model": "messaging.template"}
    (sample,) = admin.call("ir.attachment", "create", [values])
    template = submitted(media_kind="image", sample_attachment_id=sample)
    approved(database, decide, template)
    file = agent.attach("b.png", picture, "image/png")
    send(agent, talk, template, attachment_ids=[file])
    (received,) = fan.received(status="delivered")
    assert received["media"][0]["size"] == len(png())
