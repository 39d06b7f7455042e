"""Numbers in another spelling, and numbers that are not on WhatsApp."""

import pytest

from tests.unit.practice_phone.harness import WEBHOOK
from tools.practice_phone import demo
from tools.practice_phone.spelling import other_spelling

CALLBACK = f"{WEBHOOK}?m=uuid-1.0"
LONG, SHORT = "+5511987654321", "+551187654321"


@pytest.fixture
def add(client):
    def add(phone, **values):
        answer = client.post("/control/customers", json={"phone": phone, **values})
        assert answer.status_code == 200, answer.text
        return answer.json()["customer"]["id"]

    return add


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LONG, SHORT),
        ("+5215512345678", "+525512345678"),
        ("+5491123456789", "+541123456789"),
    ],
)
def test_both_spellings_lead_to_each_other(one, other):
    assert (other_spelling(one), other_spelling(other)) == (other, one)


def test_other_numbers_have_one_spelling():
    assert other_spelling("+34600100101") == other_spelling("+551133334444") == ""
    assert other_spelling("") == ""


def test_a_customer_answers_in_the_other_spelling(says, add, odoo):
    add(LONG)
    says(customer=LONG, body="Oi", spelling="other")
    form = odoo.forms()[0]
    assert (form["From"], form["WaId"]) == (f"whatsapp:{SHORT}", SHORT.lstrip("+"))
    says(customer=LONG, body="Oi")
    assert odoo.forms()[1]["From"] == f"whatsapp:{LONG}"


def test_a_customer_can_always_answer_in_the_other_spelling(says, client, add, odoo):
    add(LONG)
    path = f"/control/customers/{LONG}"
    assert client.patch(path, json={"spelling": "other"}).status_code == 200
    says(customer=LONG, body="Oi")
    says(customer=LONG, body="Oi", line=f"sms:{demo.SMS_NUMBER}")
    froms = [form["From"] for form in odoo.forms()]
    assert froms == [f"whatsapp:{SHORT}", LONG]


def test_a_number_without_another_spelling_is_refused(client):
    path = "/control/customers/+34600100101"
    assert client.patch(path, json={"spelling": "other"}).status_code == 400
    draft = {"line": demo.WHATSAPP_SID, "body": "Hi", "spelling": "other"}
    assert client.post(f"{path}/messages", json=draft).status_code == 400


def test_both_spellings_reach_the_same_phone_and_keep_their_address(
    says, add, api, client, odoo
):
    add(LONG)
    says(customer=LONG, body="Oi")
    body = api.send(To=f"whatsapp:{SHORT}", StatusCallback=CALLBACK).json()
    assert body["to"] == f"whatsapp:{SHORT}"
    assert odoo.statuses(2) == ["sent", "delivered"]
    assert odoo.forms()[-1]["To"] == f"whatsapp:{SHORT}"
    assert len(client.get("/control/state").json()["customers"]) == 6


def test_two_spellings_may_write_in_the_same_moment(client, add, odoo, connected):
    add(LONG)
    usual = {"customer": LONG, "line": demo.WHATSAPP_SID}
    rows = [{**usual, "body": word, "spelling": word} for word in ("same", "other")]
    found = client.post("/control/batch", json={"messages": rows}).json()
    assert {each["status"] for each in found["webhooks"]} == {200}
    forms = {form["From"] for form in odoo.forms()}
    assert forms == {f"whatsapp:{LONG}", f"whatsapp:{SHORT}"}


def test_a_number_not_on_whatsapp_is_refused_at_once(add, api, client):
    add("+34600100301", whatsapp="refused")
    answer = api.send(To="whatsapp:+34600100301")
    assert (answer.status_code, answer.json()["code"]) == (400, 63003)
    assert client.get("/control/messages").json()["messages"] == []


def test_a_number_not_on_whatsapp_fails_later(add, api, odoo):
    add("+34600100302", whatsapp="undelivered")
    answer = api.send(To="whatsapp:+34600100302", StatusCallback=CALLBACK)
    assert answer.status_code == 201
    assert odoo.statuses(1) == ["undelivered"]
    assert odoo.forms()[0]["ErrorCode"] == "63024"


def test_a_number_not_on_whatsapp_still_gets_sms(add, api, says, odoo):
    add("+34600100303", whatsapp="refused")
    ends = {"To": "+34600100303", "From": demo.SMS_NUMBER}
    assert api.send(**ends, StatusCallback=CALLBACK).status_code == 201
    assert odoo.statuses(2) == ["sent", "delivered"]
    says(customer="+34600100303", line=f"sms:{demo.SMS_NUMBER}", body="Hi")


def test_a_customer_not_on_whatsapp_can_not_write_there(client, add):
    add("+34600100304", whatsapp="undelivered")
    draft = {"line": demo.WHATSAPP_SID, "body": "Hi"}
    path = "/control/customers/+34600100304"
    assert client.post(f"{path}/messages", json=draft).status_code == 400
    client.patch(path, json={"whatsapp": "on"})
    assert client.post(f"{path}/messages", json=draft).status_code == 200
    assert client.patch(path, json={"whatsapp": "maybe"}).status_code == 400
