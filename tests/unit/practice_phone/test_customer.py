"""Customers' messages reach Odoo in Twilio's form."""

import base64
import json
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from twilio.request_validator import RequestValidator

from tests.unit.practice_phone.harness import WEBHOOK, is_signed
from tests.waiting import eventually
from tools.practice_phone import demo

FIXTURES = Path(__file__).parents[4] / "shared" / "fixtures"
SMS = f"sms:{demo.SMS_NUMBER}"
PIXEL = base64.b64encode(b"\x89PNG not really").decode()


def picture(name="photo.png", content_type="image/png"):
    return {"filename": name, "content_type": content_type, "data": PIXEL}


def fixture_names(name):
    path = FIXTURES / name
    if not path.exists():
        pytest.skip(f"{name} is not on this machine")
    pairs = parse_qsl(path.read_text().strip(), keep_blank_values=True)
    return {key for key, _value in pairs}


def test_a_whatsapp_text_is_posted_signed_to_the_registered_address(says, odoo):
    answer = says(body="Hola, ¿tenéis el azul?")
    (request,) = odoo.received
    form = odoo.forms()[0]
    assert str(request.url) == WEBHOOK
    assert is_signed(request)
    assert form["From"] == "whatsapp:+34600100101"
    assert form["To"] == f"whatsapp:{demo.WHATSAPP_NUMBER}"
    assert (form["Body"], form["MessageType"]) == ("Hola, ¿tenéis el azul?", "text")
    assert (form["ProfileName"], form["WaId"]) == ("Lucía Fernández", "34600100101")
    assert answer["webhooks"][0]["status"] == 200
    assert answer["webhooks"][0]["attempts"] == 1
    assert answer["messages"][0]["status"] == "received"


def test_an_sms_has_twilios_place_fields_even_if_empty(says, odoo):
    says(line=SMS, body="Hi")
    form = odoo.forms()[0]
    assert (form["From"], form["To"]) == ("+34600100101", demo.SMS_NUMBER)
    assert (form["FromCountry"], form["FromCity"]) == ("ES", "")
    assert "ProfileName" not in form
    assert is_signed(odoo.received[0])


def test_the_query_is_signed_and_the_fragment_is_not_sent(says, client, odoo):
    values = {"sid": demo.ACCOUNT_SID, "webhook_url": f"{WEBHOOK}?a=1&b=%20x#rc=2"}
    client.post("/control/accounts", json=values)
    says(body="Hi")
    (request,) = odoo.received
    assert str(request.url) == f"{WEBHOOK}?a=1&b=%20x"
    assert is_signed(request)


def test_an_album_is_one_whatsapp_message_per_picture(says, odoo):
    answer = says(body="Look", media=[picture(), picture(), picture()])
    forms = odoo.forms()
    assert [each["NumMedia"] for each in forms] == ["1", "1", "1"]
    assert sorted(each["Body"] for each in forms) == ["", "", "Look"]
    assert len({each["MessageSid"] for each in forms}) == 3
    assert len(answer["webhooks"]) == 3
    path = urlsplit(forms[0]["MediaUrl0"]).path
    assert path.startswith(f"/2010-04-01/Accounts/{demo.ACCOUNT_SID}/Messages/MM")


def test_an_mms_carries_all_its_media_in_one_message(says, odoo):
    says(line=SMS, body="Look", media=[picture(), picture("a.pdf", "application/pdf")])
    (form,) = odoo.forms()
    assert form["NumMedia"] == "2"
    assert form["MediaContentType1"] == "application/pdf"


@pytest.mark.parametrize(
    "content_type, kind",
    [
        ("image/jpeg", "image"),
        ("image/webp", "sticker"),
        ("audio/ogg", "audio"),
        ("video/mp4", "video"),
        ("application/pdf", "document"),
    ],
)
def test_a_file_decides_the_message_type(says, odoo, content_type, kind):
    says(media=[picture("file", content_type)])
    assert odoo.forms()[0]["MessageType"] == kind


def test_media_need_credentials_then_a_link_without_them(says, odoo, api, client):
    says(media=[picture()])
    url = urlsplit(odoo.forms()[0]["MediaUrl0"])
    assert url.hostname == "api.twilio.com"
    assert client.get(url.path).status_code == 401
    redirect = api.get(url.path)
    assert redirect.status_code == 307
    link = urlsplit(redirect.headers["location"])
    assert link.hostname == "mms.twiliocdn.com"
    target = f"{link.path}?{link.query}"
    assert api.get(target).status_code == 400
    assert client.get(link.path).status_code == 403
    answer = client.get(target)
    assert answer.content == b"\x89PNG not really"
    assert answer.headers["content-type"] == "image/png"


def test_a_location_has_a_place_and_no_text(says, odoo):
    place = {"latitude": 41.38, "longitude": 2.17, "label": "Shop", "address": "Rambla"}
    says(location=place)
    form = odoo.forms()[0]
    assert (form["Latitude"], form["Longitude"]) == ("41.38", "2.17")
    assert (form["Label"], form["Address"], form["Body"]) == ("Shop", "Rambla", "")
    assert fixture_names("twilio_whatsapp/captured__location.form") <= set(form)


def test_a_contact_card_is_a_vcard_file(says, odoo, api, client):
    says(contact={"name": "Ana; López", "phone": "+34600777777"})
    form = odoo.forms()[0]
    assert form["MessageType"] == "contacts"
    assert form["MediaContentType0"] == "text/vcard"
    link = api.get(urlsplit(form["MediaUrl0"]).path).headers["location"]
    card = client.get(link.removeprefix("https://mms.twiliocdn.com")).text
    assert "FN:Ana\\; López" in card
    assert "+34600777777" in card
    assert fixture_names("twilio_whatsapp/captured__contact_vcard.form") <= set(form)


def test_a_tap_on_a_button_has_text_payload_and_the_quoted_message(says, client, odoo):
    client.patch("/control/customers/+34600100102", json={"username": ""})
    choice = {"type": "button", "text": "Confirm", "id": "confirm-1"}
    says(choice=choice, reply_to="MM" + "5" * 32, customer="+34600100102")
    form = odoo.forms()[0]
    assert (form["ButtonText"], form["ButtonPayload"]) == ("Confirm", "confirm-1")
    assert (form["Body"], form["MessageType"]) == ("Confirm", "interactive")
    assert form["OriginalRepliedMessageSid"] == "MM" + "5" * 32
    context = json.loads(form["ChannelMetadata"])["data"]["context"]
    assert context["ButtonText"] == "Confirm"
    name = "twilio_whatsapp/real__button_reply_with_channel_metadata.form"
    assert set(form) == fixture_names(name)


def test_a_choice_from_a_list_has_its_id(says, odoo):
    says(choice={"type": "list", "text": "Size M", "id": "m"})
    form = odoo.forms()[0]
    assert (form["ListId"], form["ListTitle"], form["Body"]) == (
        "m",
        "Size M",
        "Size M",
    )


def test_a_quote_of_the_customers_own_message_names_the_customer(says, odoo):
    own = says(body="First")["messages"][0]["sid"]
    says(body="Second", reply_to=own)
    form = odoo.forms()[1]
    assert form["OriginalRepliedMessageSid"] == own
    assert form["OriginalRepliedMessageSender"] == "whatsapp:+34600100101"


def test_forwarding_is_reported(says, odoo):
    says(body="News", forwarded=True)
    assert odoo.forms()[0]["Forwarded"] == "true"


def test_a_customer_with_a_hidden_number_has_a_scoped_id(says, odoo):
    says(customer="JP.7731902256418840", body="Hi")
    form = odoo.forms()[0]
    assert form["From"] == "whatsapp:JP.7731902256418840"
    assert form["ExternalUserId"] == "whatsapp:JP.7731902256418840"
    assert "WaId" not in form


def test_a_customer_with_number_and_scoped_id_shows_both(says, odoo):
    says(customer="+34600100102", body="Hi")
    form = odoo.forms()[0]
    assert form["From"] == "whatsapp:+34600100102"
    assert form["ExternalUserId"] == "whatsapp:ES.4566546130240823"


def test_a_test_can_replace_any_field_and_the_signature_still_fits(says, odoo):
    says(body="x", fields={"MessageSid": None, "NewThing": "1", "Body": "nul\x00"})
    form = odoo.forms()[0]
    assert "MessageSid" not in form
    assert (form["NewThing"], form["Body"]) == ("1", "nul\x00")
    assert is_signed(odoo.received[0])


def test_the_same_webhook_can_be_delivered_many_times_at_once(says, client, odoo):
    sid = says(body="Twice")["messages"][0]["sid"]
    answer = client.post(f"/control/messages/{sid}/redeliver", json={"times": 3})
    assert len(answer.json()["webhooks"]) == 3
    assert [each["MessageSid"] for each in odoo.forms()] == [sid] * 4


def test_a_refusal_by_odoo_shows_on_the_message(says, odoo):
    odoo.answers = [httpx.Response(403)]
    answer = says(body="Hi")
    assert answer["messages"][0]["status"] == "failed"
    assert answer["webhooks"][0]["alert"] == 11200


def test_an_answer_of_the_wrong_type_raises_twilios_alert(says, odoo):
    odoo.answers = [httpx.Response(200, json={})]
    assert says(body="Hi")["webhooks"][0]["alert"] == 12300


@pytest.mark.parametrize(
    "answer, text",
    [
        (httpx.Response(200, text="OK", headers={"content-type": "text/plain"}), "OK"),
        (
            httpx.Response(
                200,
                text="<Response><Message>Thanks</Message></Response>",
                headers={"content-type": "text/xml"},
            ),
            "Thanks",
        ),
    ],
)
def test_a_text_in_the_answer_reaches_the_customer(says, client, odoo, answer, text):
    odoo.answers = [answer]
    says(body="Hi")
    found = client.get("/control/messages?direction=outbound").json()["messages"]
    assert [each["body"] for each in found] == [text]


def test_without_a_registered_webhook_the_message_fails(client):
    draft = {"line": SMS, "body": "Hi"}
    answer = client.post("/control/customers/+34600100101/messages", json=draft).json()
    assert answer["messages"][0]["status"] == "failed"
    assert "No webhook is registered" in answer["webhooks"][0]["error"]


def test_the_phone_never_leaves_the_local_network(says, client, odoo):
    values = {"sid": demo.ACCOUNT_SID, "webhook_url": "http://8.8.8.8/webhook"}
    client.post("/control/accounts", json=values)
    assert "local network" in says(body="Hi")["webhooks"][0]["error"]
    assert odoo.received == []


def test_retries_follow_the_fragment_with_one_token(says, client, odoo):
    values = {"sid": demo.ACCOUNT_SID, "webhook_url": f"{WEBHOOK}#rc=3&rp=ct,rt,5xx"}
    client.post("/control/accounts", json=values)
    odoo.answers = [httpx.Response(503), httpx.ConnectError("refused")]
    outcome = says(body="Hi")["webhooks"][0]
    assert (outcome["status"], outcome["attempts"]) == (200, 3)
    tokens = {each.headers["I-Twilio-Idempotency-Token"] for each in odoo.received}
    assert len(tokens) == 1


def test_by_default_only_a_failed_connection_is_retried_once(says, odoo):
    odoo.answers = [httpx.Response(500)]
    assert says(body="Hi")["webhooks"][0]["attempts"] == 1
    odoo.answers = [httpx.ConnectError("no"), httpx.ConnectError("no")]
    outcome = says(body="Hi")["webhooks"][0]
    assert (outcome["attempts"], outcome["alert"]) == (2, 11205)


def test_a_failed_webhook_is_delivered_again_for_as_long_as_the_phone_was_asked(
    says, client, odoo
):
    client.post("/control/settings", json={"redelivery": 30})
    odoo.answers = [httpx.Response(500), httpx.Response(404)]
    outcome = says(body="Hi")["webhooks"][0]
    assert (outcome["status"], outcome["attempts"]) == (200, 3)


def test_a_webhook_delivered_again_is_signed_with_the_current_token(
    says, client, phone, odoo
):
    class TokenChanges(list):
        def pop(self, index):
            phone.store.accounts[demo.ACCOUNT_SID].auth_token = "new"
            return super().pop(index)

    client.post("/control/settings", json={"redelivery": 30})
    odoo.answers = TokenChanges([httpx.Response(503)])
    assert says(body="Hi")["webhooks"][0]["status"] == 200
    first, second = odoo.received
    assert is_signed(first) and is_signed(second, "new")
    token = "I-Twilio-Idempotency-Token"
    assert first.headers[token] == second.headers[token]


@pytest.mark.parametrize(
    ("word", "copies"), [("twice", 2), ("again", 2), ("unanswered", 2), ("late", 1)]
)
def test_webhooks_meet_the_injected_fault(says, client, odoo, word, copies):
    fault = {"webhooks": word, "seconds": 0.05}
    assert client.post("/control/faults", json=fault).status_code == 200
    outcome = says(body="Hi")["webhooks"][0]
    assert (outcome["status"], outcome["attempts"]) == (200, 1)
    assert says(body="Ho")["webhooks"][0]["status"] == 200
    eventually(lambda: len(odoo.messages()) > copies, what="the last copy")
    bodies = [each["Body"] for each in odoo.messages()]
    assert sorted(bodies) == ["Hi"] * copies + ["Ho"]


def test_a_whatsapp_username_is_posted(says, client, odoo):
    says(body="Hi")
    assert odoo.forms()[0]["ProfileUsername"] == "lucia.rides"
    client.patch("/control/customers/+34600100101", json={"username": ""})
    says(body="Hi")
    assert "ProfileUsername" not in odoo.forms()[1]


@pytest.mark.parametrize("algorithm", ["HMAC_SHA256", "HMAC_SHA1"])
def test_a_shared_key_signs_instead_of_the_token(says, client, odoo, algorithm):
    values = {"secret": "my-shared-secret", "algorithm": algorithm}
    answer = client.post(
        "/control/accounts", json={"sid": demo.ACCOUNT_SID, "shared_key": values}
    )
    key = answer.json()["account"]["shared_key"]
    says(body="Hi")
    (request,) = odoo.received
    settings = request.headers["X-Twilio-Webhooks-Signature-Settings"]
    assert settings == f"key={key['sid']},algorithm={algorithm}"
    given, form = request.headers["X-Twilio-Signature"], odoo.forms()[0]
    validator = RequestValidator("my-shared-secret")
    assert validator.validate(str(request.url), form, given, algorithm)
    assert not is_signed(request)
    assert "my-shared-secret" not in client.get("/control/state").text
    client.post("/control/accounts", json={"sid": demo.ACCOUNT_SID, "shared_key": {}})
    says(body="Hi")
    assert is_signed(odoo.received[1])


def test_a_wrong_shared_key_is_refused(client):
    for values in ({"algorithm": "MD5"}, {"key": "x"}):
        body = {"sid": demo.ACCOUNT_SID, "shared_key": values}
        assert client.post("/control/accounts", json=body).status_code == 400
