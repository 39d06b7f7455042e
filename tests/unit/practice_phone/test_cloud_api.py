"""Meta's Cloud API as the phone plays it: tokens, numbers, subscriptions."""

import pytest

from tests.unit.practice_phone.cloud import (
    APP_TOKEN,
    BUSINESS,
    LINE,
    NUMBER,
    Cloud,
    changes,
    error_of,
    rows,
)
from tests.unit.practice_phone.harness import WEBHOOK
from tools.practice_phone import demo

APP = demo.CLOUD_APP_ID
OTHER_URL = "http://127.0.0.1:8069/messaging/webhook/another"


@pytest.fixture
def user(client):
    return Cloud(client)


@pytest.fixture
def app(client):
    return Cloud(client, APP_TOKEN)


def change_account(client, **values):
    answer = client.post("/control/accounts", json={"sid": APP, **values})
    assert answer.status_code == 200, answer.text


def listening(client):
    lines = client.get("/control/state").json()["lines"]
    return {each["sid"]: each["webhook_url"] for each in lines}[LINE]


def test_debug_token_names_the_business_accounts_of_a_token(app):
    data = app.get("/debug_token", input_token=demo.CLOUD_ACCESS_TOKEN).json()["data"]
    assert (data["app_id"], data["is_valid"]) == (APP, True)
    granted = {
        each["scope"]: each.get("target_ids") for each in data["granular_scopes"]
    }
    assert granted["whatsapp_business_management"] == [demo.CLOUD_BUSINESS["sid"]]
    assert granted["business_management"] is None


def test_portfolios_and_business_accounts_are_listed(client, user):
    change_account(
        client,
        businesses=[{"sid": "7001", "name": "Client's", "shared": True}],
    )
    (owner,) = user.get("/me/businesses").json()["data"]
    owned = user.get(f"/{owner['id']}/owned_whatsapp_business_accounts").json()["data"]
    clients = user.get(f"/{owner['id']}/client_whatsapp_business_accounts").json()
    assert [each["id"] for each in owned] == [demo.CLOUD_BUSINESS["sid"]]
    assert [each["name"] for each in clients["data"]] == ["Client's"]


def test_a_number_reports_its_quality_and_state(user):
    (number,) = user.get(BUSINESS + "/phone_numbers").json()["data"]
    assert number["id"] == LINE
    assert number["display_phone_number"] == "+34 600 00 00 03"
    fields = (
        "status,quality_rating,name_status,whatsapp_business_manager_messaging_limit"
    )
    found = user.get(NUMBER, fields=fields).json()
    assert set(found) == {"id", *fields.split(",")}
    assert (found["status"], found["quality_rating"]) == ("CONNECTED", "GREEN")


@pytest.mark.parametrize("name", ["34600000003", "+34600000003", "1"])
def test_a_number_in_place_of_its_id_is_an_unknown_object(user, name):
    body = {"messaging_product": "whatsapp", "to": "34600100101", "type": "text"}
    answer = user.post(f"/{name}/messages", {**body, "text": {"body": "Hi"}})
    assert error_of(answer) == 100


@pytest.mark.parametrize("path", [BUSINESS, BUSINESS + "/message_templates"])
def test_a_token_without_permission_is_refused(client, user, path):
    change_account(client, scopes=["whatsapp_business_messaging"])
    answer = user.get(path)
    assert error_of(answer) == 200
    assert "whatsapp_business_management" in answer.json()["error"]["message"]


def test_apps_of_messenger_and_whatsapp_answer_at_the_same_addresses(client):
    messenger = Cloud(client, demo.META_ACCESS_TOKEN)
    answer = messenger.get("/me/businesses")
    # Its secret is another, and so is the proof.
    assert "appsecret_proof" in answer.json()["error"]["message"]


# -- registration -----------------------------------------------------------------


@pytest.fixture
def new_number(client):
    facts = {"status": "PENDING", "platform_type": "NOT_APPLICABLE"}
    line = {"kind": "whatsapp", "address": "+34600000077", "sid": "7077"}
    line |= {"page_sid": demo.CLOUD_BUSINESS["sid"], "facts": facts}
    change_account(client, lines=[line])
    return "/7077"


def register(user, number, pin):
    return user.post(
        f"{number}/register", {"messaging_product": "whatsapp", "pin": pin}
    )


def test_a_number_sends_once_it_is_registered(user, new_number):
    body = {"messaging_product": "whatsapp", "to": "34600100101", "type": "text"}
    body["text"] = {"body": "Hi"}
    assert error_of(user.post(f"{new_number}/messages", body)) == 133010
    assert register(user, new_number, "246810").json() == {"success": True}
    assert user.get(new_number, fields="status").json()["status"] == "CONNECTED"
    assert user.post(f"{new_number}/messages", body).status_code == 200
    assert error_of(register(user, new_number, "111111")) == 133005


@pytest.mark.parametrize("pin", ["12345", "abcdef", "", 123456])
def test_a_pin_has_six_digits(user, new_number, pin):
    assert error_of(register(user, new_number, pin)) == 100


def test_an_unverified_number_cant_be_registered(client, user, new_number):
    values = {"code_verification_status": "NOT_VERIFIED"}
    client.post("/control/numbers/7077", json=values)
    assert error_of(register(user, new_number, "246810")) == 133006


# -- subscriptions ------------------------------------------------------------------


def test_events_come_once_app_and_business_account_are_subscribed(client, user, app):
    assert user.subscribe_app().json() == {"success": True}
    assert listening(client) == ""
    user.post(BUSINESS + "/subscribed_apps")
    assert listening(client) == WEBHOOK
    (found,) = app.get(f"/{APP}/subscriptions").json()["data"]
    assert found["object"] == "whatsapp_business_account"
    (row,) = user.get(BUSINESS + "/subscribed_apps").json()["data"]
    assert row["whatsapp_business_api_data"]["id"] == APP
    user.delete(BUSINESS + "/subscribed_apps")
    assert listening(client) == ""


def test_a_business_account_may_have_an_address_of_its_own(client, user):
    user.connect()
    values = {"override_callback_uri": OTHER_URL, "verify_token": "verify-1"}
    user.post(BUSINESS + "/subscribed_apps", values)
    assert listening(client) == OTHER_URL
    (row,) = user.get(BUSINESS + "/subscribed_apps").json()["data"]
    assert row["override_callback_uri"] == OTHER_URL
    wrong = {**values, "verify_token": "nobody's"}
    assert error_of(user.post(BUSINESS + "/subscribed_apps", wrong)) == 2200
    user.post(BUSINESS + "/subscribed_apps")
    assert listening(client) == WEBHOOK


def test_a_number_may_have_an_address_of_its_own_for_messages(client, user, odoo):
    user.connect()
    values = {"override_callback_uri": OTHER_URL, "verify_token": "verify-1"}
    user.post(NUMBER, {"webhook_configuration": values})
    assert listening(client) == OTHER_URL
    found = user.get(NUMBER, fields="webhook_configuration").json()
    assert found["webhook_configuration"] == {
        "application": WEBHOOK,
        "phone_number": OTHER_URL,
    }
    # Those about templates never go there.
    client.patch("/control/templates/order_is_ready", json={"status": "PAUSED"})
    assert str(odoo.received[-1].url) == WEBHOOK
    wrong = {"webhook_configuration": {**values, "verify_token": "nobody's"}}
    assert error_of(user.post(NUMBER, wrong)) == 2200
    user.post(NUMBER, {"webhook_configuration": {"override_callback_uri": ""}})
    assert listening(client) == WEBHOOK


def test_an_unknown_field_is_refused(user):
    assert error_of(user.subscribe_app(["mesages"])) == 100


def test_an_app_in_development_mode_gets_no_events(client, user, odoo):
    user.connect()
    change_account(client, live=False)
    write = {"line": LINE, "body": "Hello?"}
    answer = client.post("/control/customers/+34600100101/messages", json=write).json()
    assert "development mode" in answer["webhooks"][0]["error"]
    assert odoo.received == []


# -- what Meta reports of a number ----------------------------------------------------


@pytest.mark.parametrize(
    "change, event",
    [
        ({"quality_rating": "RED"}, "FLAGGED"),
        ({"whatsapp_business_manager_messaging_limit": "TIER_50"}, "DOWNGRADE"),
        ({"whatsapp_business_manager_messaging_limit": "TIER_UNLIMITED"}, "UPGRADE"),
    ],
)
def test_a_new_quality_is_posted(client, user, odoo, change, event):
    user.connect()
    client.post(f"/control/numbers/{LINE}", json=change)
    (value,) = changes(odoo, "phone_number_quality_update")
    assert (value["event"], value["display_phone_number"]) == (event, "34600000003")


def test_a_decision_about_the_name_is_posted(client, user, odoo):
    user.connect()
    client.post(f"/control/numbers/{LINE}", json={"name_status": "DECLINED"})
    (value,) = changes(odoo, "phone_number_name_update")
    assert value["decision"] == "DECLINED"
    assert rows(odoo, "messages") == []


def test_no_secret_is_in_the_log_of_requests(client, user, app):
    user.connect()
    app.get("/debug_token", input_token=demo.CLOUD_ACCESS_TOKEN)
    logged = client.get("/control/requests").text + client.get("/control/state").text
    for secret in (demo.CLOUD_ACCESS_TOKEN, demo.CLOUD_APP_SECRET):
        assert secret not in logged
