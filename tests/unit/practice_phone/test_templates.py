"""Templates as messages: what the customer sees, taps, and what WhatsApp refuses."""

import json

import pytest

from tests.unit.practice_phone.harness import WEBHOOK
from tools.practice_phone import demo, demo_templates

CALLBACK = f"{WEBHOOK}?m=uuid-1.0"
LUCIA = "+34600100101"
SMS = {"To": LUCIA, "From": demo.SMS_NUMBER}


@pytest.fixture
def send(api):
    """Send a template to Lucía, whose window is closed; return Twilio's answer."""

    def send(sid, values=None, **changes):
        if values is not None:
            changes["ContentVariables"] = json.dumps(values)
        given = {"ContentSid": sid, "Body": None, "StatusCallback": CALLBACK}
        return api.send(**given, **changes)

    return send


@pytest.fixture
def fails(send, odoo):
    """Send a template that fails; return the error code of its callback."""

    def fails(sid, values=None, status="failed", **changes):
        assert send(sid, values, **changes).status_code == 201
        assert odoo.statuses(1) == [status]
        return odoo.forms()[-1]["ErrorCode"]

    return fails


def window(client, state):
    values = {"line": demo.WHATSAPP_SID, "customer": LUCIA, "window": state}
    assert client.post("/control/window", json=values).status_code == 200


def arrived(client, answer):
    query = {"wait": "3", "status": "delivered", "sid": answer.json()["sid"]}
    (message,) = client.get("/control/messages", params=query).json()["messages"]
    return message


def approve(client, **values):
    values = {"language": "en", "status": "approved", **values}
    answer = client.post("/control/contents", json=values)
    assert answer.status_code == 200, answer.text
    return answer.json()["content"]["sid"]


def test_an_approved_template_arrives_outside_the_window(send, client, odoo):
    values = {"name": "Marta", "order": "S00007", "day": "Tuesday"}
    answer = send(demo_templates.ORDER_CONFIRMATION_EN, values)
    assert answer.json()["sid"].startswith("MM")
    assert odoo.statuses(2) == ["sent", "delivered"]
    text = "Hello Marta, thank you for your order *S00007*. You can collect your bike"
    message = arrived(client, answer)
    assert message["body"] == answer.json()["body"] == f"{text} on Tuesday."


def test_an_unset_variable_becomes_its_sample(send, client):
    answer = send(demo_templates.ORDER_CONFIRMATION_ES, {"name": "Marta"})
    text = "Hola Marta, gracias por tu pedido *S00042*. Puedes recoger tu bici el"
    assert arrived(client, answer)["body"] == f"{text} viernes."


def test_a_card_has_header_picture_footer_and_buttons(send, client):
    answer = send(
        demo_templates.OFFER, {"name": "Marta", "discount": "10%", "path": "x/7"}
    )
    message = arrived(client, answer)
    assert message["media"][0]["content_type"] == "image/png"
    drawn = message["extra"]["template"]
    assert drawn["footer"] == "Reply STOP to stop our offers"
    assert [(each["kind"], each["value"]) for each in drawn["buttons"]] == [
        ("url", "https://bikeshop.example/x/7"),
        ("phone", "+34600000001"),
    ]
    answer = send(demo_templates.CARD, {"2": "Tandem"})
    assert (
        arrived(client, answer)["extra"]["template"]["header"] == "Your Tandem is ready"
    )


def test_a_tapped_button_answers_the_template(send, client, odoo, connected):
    sid = send(demo_templates.APPOINTMENT, {"1": "Marta", "2": "Friday"}).json()["sid"]
    odoo.statuses(2)
    path = f"/control/messages/{sid}/tap"
    assert client.post(path, json={"button": "Confirm"}).status_code == 200
    form = odoo.messages()[0]
    assert (form["Body"], form["ButtonText"]) == ("Confirm", "Confirm")
    assert form["ButtonPayload"] == "appointment_confirm"
    assert form["MessageType"] == "button"
    assert form["OriginalRepliedMessageSid"] == sid
    assert form["OriginalRepliedMessageSender"] == f"whatsapp:{demo.WHATSAPP_NUMBER}"
    assert client.post(path, json={"button": 1}).status_code == 200
    assert odoo.messages()[1]["Body"] == "Another day"
    assert client.post(path, json={"button": "Perhaps"}).status_code == 400


def test_a_chosen_row_of_a_list_answers_within_the_window(
    send, client, odoo, connected
):
    window(client, "open")
    sid = send(demo_templates.LIST_PICKER, {"1": "Marta"}).json()["sid"]
    odoo.statuses(2)
    client.post(f"/control/messages/{sid}/tap", json={"button": "Repair"})
    form = odoo.messages()[0]
    assert (form["ListId"], form["ListTitle"]) == ("repair", "Repair")
    assert form["MessageType"] == "interactive"


def test_a_location_arrives_within_the_window(send, client):
    window(client, "open")
    answer = send(demo_templates.LOCATION)
    message = arrived(client, answer)
    assert message["location"]["label"] == message["body"] == "Bike shop"


@pytest.mark.parametrize(
    ("sid", "code"),
    [
        (demo_templates.LIST_PICKER, "63016"),
        (demo_templates.LOCATION, "63016"),
        (demo_templates.PENDING, "63016"),
        (demo_templates.REJECTED, "63040"),
        (demo_templates.PAUSED, "63041"),
    ],
)
def test_a_template_that_may_not_open_a_conversation_fails_later(fails, sid, code):
    assert fails(sid) == code


@pytest.mark.parametrize(
    ("sid", "code"),
    [(demo_templates.REJECTED, "63040"), (demo_templates.PAUSED, "63041")],
)
def test_a_refused_template_fails_even_within_the_window(fails, client, sid, code):
    window(client, "open")
    assert fails(sid) == code


def test_a_disabled_template_fails(fails, client):
    path = f"/control/contents/{demo_templates.OFFER}"
    client.patch(path, json={"status": "disabled"})
    assert fails(demo_templates.OFFER) == "63042"


def test_an_unapproved_template_arrives_within_the_window(send, client):
    window(client, "open")
    answer = send(demo_templates.PENDING)
    assert arrived(client, answer)["media"][0]["filename"] == "invoice.pdf"


def test_an_unapproved_card_fails_even_within_the_window(fails, client):
    window(client, "open")
    client.patch(
        f"/control/contents/{demo_templates.CARD}", json={"status": "unsubmitted"}
    )
    assert fails(demo_templates.CARD) == "63021"


def test_a_variable_that_the_template_does_not_have_fails(fails):
    assert fails(demo_templates.OFFER, {"nome": "Marta"}) == "63028"


@pytest.mark.parametrize("value", ["a\nb", "a\tb", "a     b"])
def test_a_variable_with_a_line_break_fails(fails, value):
    assert fails(demo_templates.OFFER, {"name": value}) == "63013"


def test_a_template_deleted_before_it_left_fails(fails, phone, monkeypatch):
    spawn, sid = phone.spawn, demo_templates.ORDER_CONFIRMATION_EN

    def delete_first(work):
        phone.store.contents.pop(sid, None)
        return spawn(work)

    monkeypatch.setattr(phone, "spawn", delete_first)
    assert fails(sid) == "63027"


def test_a_too_long_text_fails(fails, client):
    types = {"twilio/text": {"body": "Hello {{1}}, " + "x" * 1000 + " bye"}}
    sid = approve(client, types=types, variables={"1": "Emma"})
    assert fails(sid, {"1": "y" * 100}) == "63021"


@pytest.mark.parametrize(
    ("found", "status", "code"),
    [
        (("image/png", "p.png"), "undelivered", "63021"),
        (("application/pdf", "missing.pdf"), "undelivered", "63019"),
    ],
)
def test_another_kind_of_file_than_the_approved_one_fails(
    fails, client, odoo, found, status, code
):
    content_type, name = found
    odoo.files["/f/p.png"] = (b"x", content_type)
    types = {
        "twilio/media": {"body": "Hello there", "media": ["http://127.0.0.1/f/{{1}}"]}
    }
    sid = approve(client, types=types, variables={"1": "invoice.pdf"})
    assert fails(sid, {"1": name}, status) == code


def test_the_file_of_a_variable_address_is_fetched(send, client, odoo):
    odoo.files["/f/a7/invoice.pdf"] = (b"%PDF", "application/pdf")
    types = {
        "twilio/media": {"body": "Hello there", "media": ["http://127.0.0.1/f/{{1}}"]}
    }
    sid = approve(client, types=types, variables={"1": "invoice.pdf"})
    answer = send(sid, {"1": "a7/invoice.pdf"})
    (media,) = arrived(client, answer)["media"]
    assert (media["filename"], media["size"]) == ("invoice.pdf", 4)


def test_an_sms_shows_the_text_of_a_template(send, client, odoo):
    answer = send(demo_templates.APPOINTMENT, {"1": "Marta", "2": "Friday"}, **SMS)
    assert odoo.statuses(2) == ["sent", "delivered"]
    message = arrived(client, answer)
    assert (
        message["body"] == "Hello Marta, your appointment at the workshop is on Friday."
    )
    assert "template" not in message["extra"]
    answer = send(demo_templates.LIST_PICKER, **SMS)
    assert (answer.status_code, answer.json()["code"]) == (400, 21655)


def test_another_accounts_template_is_refused(send, client):
    types = {"twilio/text": {"body": "x"}}
    sid = approve(client, types=types, account="AC" + "7" * 32)
    assert send(sid).json()["code"] == 21655
