"""Messaging Services: their API, where inbound messages go, sending, opt-outs."""

import pytest

from tests.unit.practice_phone.harness import WEBHOOK, is_signed
from tests.unit.practice_phone.test_api import check, spec
from tools.practice_phone import demo, demo_templates
from tools.practice_phone.twilio import services

CALLBACK = f"{WEBHOOK}?m=uuid-1.0"
OTHER = WEBHOOK.replace("token-1", "service")
SMS = f"sms:{demo.SMS_NUMBER}"
LUCIA = "+34600100101"
ROOT = "/v1/Services"


@pytest.fixture
def pool(client, connected):
    """Create a service with both lines of the demo account; return its sid."""

    def pool(lines=(demo.WHATSAPP_SID, demo.SMS_SID), **values):
        answer = client.post("/control/services", json={"lines": lines, **values})
        assert answer.status_code == 200, answer.text
        return answer.json()["service"]["sid"]

    return pool


def window(client):
    values = {"line": demo.WHATSAPP_SID, "customer": LUCIA, "window": "open"}
    client.post("/control/window", json=values)


def test_services_and_their_senders_are_listed(api, pool):
    sid = pool(name="Bike shop")
    document = spec("twilio_messaging_v1.json")
    (service,) = api.get(ROOT).json()["services"]
    check(document, "messaging.v1.service", service)
    assert (service["sid"], service["friendly_name"]) == (sid, "Bike shop")
    assert service["inbound_request_url"] is None
    (number,) = api.get(f"{ROOT}/{sid}/PhoneNumbers").json()["phone_numbers"]
    check(document, "messaging.v1.service.phone_number", number)
    assert (number["sid"], number["phone_number"]) == (demo.SMS_SID, demo.SMS_NUMBER)
    (sender,) = api.get(f"{ROOT}/{sid}/ChannelSenders").json()["senders"]
    check(document, "messaging.v1.service.channel_sender", sender)
    assert sender["sender"] == f"whatsapp:{demo.WHATSAPP_NUMBER}"


def test_the_phone_knows_exactly_the_parameters_of_a_service():
    path = spec("twilio_messaging_v1.json")["paths"]["/v1/Services/{Sid}"]
    content = path["post"]["requestBody"]["content"]
    schema = content["application/x-www-form-urlencoded"]["schema"]
    assert {*services.FIELDS, *services.IGNORED} == set(schema["properties"])


def test_a_service_is_set_to_the_numbers_webhook(api, pool):
    path = f"{ROOT}/{pool()}"
    answer = api.post(path, data={"UseInboundWebhookOnNumber": "true"})
    assert answer.status_code == 200
    assert api.get(path).json()["use_inbound_webhook_on_number"] is True


@pytest.mark.parametrize(
    "values",
    [
        {"UseInboundWebhookOnNumber": "perhaps"},
        {"UseInboundWebhook": "true"},
        {"InboundRequestUrl": "nonsense"},
    ],
)
def test_a_wrong_parameter_of_a_service_is_refused(api, pool, values):
    answer = api.post(f"{ROOT}/{pool()}", data=values)
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)


def test_an_unknown_service_is_not_found(api):
    assert api.get(f"{ROOT}/MG{'0' * 32}").status_code == 404


def test_a_service_without_a_webhook_drops_what_customers_write(says, api, pool, odoo):
    pool()
    answer = says(body="Hi")
    assert odoo.received == []
    assert "drops" in answer["webhooks"][0]["error"]
    listed = api.get(f"/2010-04-01/Accounts/{demo.ACCOUNT_SID}/Messages.json").json()
    assert listed["messages"] == []


def test_a_services_own_webhook_gets_what_customers_write(says, pool, odoo):
    sid = pool(inbound_url=OTHER)
    says(body="Hi", line=SMS)
    (request,) = odoo.received
    assert str(request.url) == OTHER and is_signed(request)
    assert odoo.forms()[0]["MessagingServiceSid"] == sid


def test_the_numbers_webhook_is_used_where_the_service_says_so(says, pool, odoo):
    sid = pool(inbound_url=OTHER, use_inbound_webhook_on_number=True)
    says(body="Hi")
    assert str(odoo.received[0].url) == WEBHOOK
    assert odoo.forms()[0]["MessagingServiceSid"] == sid


def test_a_number_outside_of_the_service_stays_as_it_was(says, pool, odoo):
    pool(lines=[demo.SMS_SID])
    says(body="Hi")
    assert str(odoo.received[0].url) == WEBHOOK
    assert "MessagingServiceSid" not in odoo.forms()[0]


def test_a_line_belongs_to_one_service_only(client, pool):
    pool()
    answer = client.post("/control/services", json={"lines": [demo.SMS_SID]})
    assert answer.status_code == 409


def test_a_service_sends_by_the_right_sender(api, client, pool, odoo):
    window(client)
    sid = pool(use_inbound_webhook_on_number=True)
    form = {"MessagingServiceSid": sid, "From": None, "StatusCallback": CALLBACK}
    body = api.send(**form).json()
    assert (body["status"], body["from"]) == ("accepted", None)
    assert body["messaging_service_sid"] == sid
    assert odoo.statuses(3) == ["queued", "sent", "delivered"]
    last = odoo.forms()[-1]
    assert last["From"] == f"whatsapp:{demo.WHATSAPP_NUMBER}"
    assert last["MessagingServiceSid"] == sid
    assert api.send(**form, To=LUCIA).json()["messaging_service_sid"] == sid


def test_a_sender_of_the_service_may_be_named(api, client, pool):
    window(client)
    body = api.send(MessagingServiceSid=pool()).json()
    assert body["from"] == f"whatsapp:{demo.WHATSAPP_NUMBER}"


@pytest.mark.parametrize(
    ("lines", "changes", "code"),
    [
        ([], {"From": None}, 21704),
        ([demo.SMS_SID], {"From": None}, 21703),
        ([demo.SMS_SID], {}, 21711),
        ([demo.SMS_SID], {"MessagingServiceSid": "MG" + "0" * 32}, 21701),
        ([demo.SMS_SID], {"MessagingServiceSid": "nonsense"}, 21705),
    ],
)
def test_a_service_that_can_not_send_is_refused(api, pool, lines, changes, code):
    answer = api.send(**{"MessagingServiceSid": pool(lines=lines), **changes})
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_services_status_address_is_used(api, client, pool, odoo):
    window(client)
    sid = pool(status_callback_url=OTHER)
    api.send(MessagingServiceSid=sid)
    odoo.statuses(3)
    assert {str(each.url) for each in odoo.received} == {OTHER}


def test_plain_opt_out_says_nothing_in_the_webhook(says, api, odoo):
    says(line=SMS, body="Stop")
    assert "OptOutType" not in odoo.forms()[0]
    ends = {"To": LUCIA, "From": demo.SMS_NUMBER}
    assert api.send(**ends).json()["code"] == 21610
    says(line=SMS, body="START")
    assert api.send(**ends).status_code == 201


@pytest.mark.parametrize(
    ("body", "word"), [("stop", "STOP"), ("BAJA", "STOP"), ("help", "HELP")]
)
def test_advanced_opt_out_names_the_wish(says, pool, odoo, body, word):
    pool(inbound_url=OTHER, advanced_opt_out=True, keywords={"STOP": ["Baja"]})
    says(line=SMS, body=body)
    assert odoo.forms()[0]["OptOutType"] == word
    says(line=SMS, body="I want to stop by")
    assert "OptOutType" not in odoo.forms()[1]


def test_advanced_opt_out_stops_all_lines_of_the_service(says, api, pool, odoo):
    pool(inbound_url=OTHER, advanced_opt_out=True)
    says(body="STOP")
    assert odoo.forms()[0]["OptOutType"] == "STOP"
    assert api.send().json()["code"] == 21610
    assert api.send(To=LUCIA, From=demo.SMS_NUMBER).json()["code"] == 21610
    says(line=SMS, body="START")
    assert odoo.forms()[-1]["OptOutType"] == "START"
    assert api.send().status_code == 201


def test_stop_on_whatsapp_is_only_a_word(says, api, client, odoo):
    says(body="STOP")
    assert api.send().status_code == 201


def test_the_control_api_blocks_and_unblocks_at_twilio(api, client):
    values = {"customer": LUCIA, "line": demo.SMS_SID}
    answer = client.post("/control/opt-out", json=values)
    assert answer.json() == {"opted_out": True}
    ends = {"To": LUCIA, "From": demo.SMS_NUMBER}
    assert api.send(**ends).json()["code"] == 21610
    client.post("/control/opt-out", json={**values, "opted_out": False})
    assert api.send(**ends).status_code == 201


def test_the_console_is_reset(api, client, pool):
    pool()
    key = {"sid": demo.ACCOUNT_SID, "shared_key": {"secret": "x"}}
    client.post("/control/accounts", json=key)
    client.delete(f"/control/contents/{demo_templates.OFFER}")
    added = {"language": "en", "types": {"twilio/text": {"body": "x"}}}
    sid = client.post("/control/contents", json=added).json()["content"]["sid"]
    assert client.delete("/control/console").status_code == 200
    assert api.get(f"/v1/Content/{sid}").status_code == 200
    assert api.get(ROOT).json()["services"] == []
    assert api.get(f"/v1/Content/{demo_templates.OFFER}").status_code == 200
    account = client.post("/control/accounts", json={"sid": demo.ACCOUNT_SID}).json()
    assert account["account"]["shared_key"] == {}
