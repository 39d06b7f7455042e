"""Graph as the phone plays it: tokens, Pages, subscriptions, profiles."""

import pytest

from tests.unit.practice_phone.graph import (
    APP_TOKEN,
    IGSID,
    PSID,
    ROOT,
    Graph,
    error_of,
    proof,
)
from tests.unit.practice_phone.harness import WEBHOOK
from tools.practice_phone import demo
from tools.practice_phone.meta.subscriptions import PAGE_FIELDS

PAGE = f"/{demo.META_PAGE_ID}"
MESSENGER = f"messenger:{demo.META_PAGE_ID}"


@pytest.fixture
def page(client):
    return Graph(client)


@pytest.fixture
def user(client):
    return Graph(client, demo.META_ACCESS_TOKEN)


@pytest.fixture
def app(client):
    return Graph(client, APP_TOKEN)


# -- tokens -----------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "wrong", "1|2"])
def test_a_wrong_token_is_refused(client, token):
    headers = {"Authorization": f"Bearer {token}"}
    answer = client.get(f"{ROOT}/me", headers=headers)
    assert answer.status_code == 400
    assert error_of(answer)[0] in (104, 190)


@pytest.mark.parametrize("given", [None, "", "f" * 64])
def test_a_token_without_the_secrets_proof_is_refused(client, given):
    query = {"access_token": demo.META_PAGE_TOKEN, "appsecret_proof": given}
    answer = client.get(f"{ROOT}/me", params={k: v for k, v in query.items() if v})
    assert error_of(answer) == (100, 0)
    assert "appsecret_proof" in answer.json()["error"]["message"]


def test_a_token_is_also_accepted_in_query_and_body(client):
    token = demo.META_PAGE_TOKEN
    query = {"access_token": token, "appsecret_proof": proof(token)}
    named = client.get(f"{ROOT}/me", params=query).json()
    assert named == {"id": demo.META_PAGE_ID, "name": "Bike shop"}
    body = {**query, "recipient": {"id": "1"}, "message": {"text": "Hi"}}
    assert error_of(client.post(f"{ROOT}/me/messages", json=body)) == (100, 2018001)


def test_a_revoked_token_is_refused_everywhere_and_shown_by_debug_token(
    client, page, app
):
    values = {"sid": demo.META_APP_ID, "token_error": 460}
    client.post("/control/accounts", json=values)
    assert error_of(page.get("/me")) == (190, 460)
    data = app.get("/debug_token", input_token=demo.META_PAGE_TOKEN).json()["data"]
    assert (data["is_valid"], data["error"]["subcode"]) == (False, 460)
    client.post("/control/accounts", json={**values, "token_error": 0})
    assert page.get("/me").status_code == 200


def test_debug_token_shows_owner_and_permissions_of_a_token(app):
    data = app.get("/debug_token", input_token=demo.META_ACCESS_TOKEN).json()["data"]
    assert (data["app_id"], data["type"]) == (demo.META_APP_ID, "SYSTEM_USER")
    assert "pages_messaging" in data["scopes"]
    unknown = app.get("/debug_token", input_token="nobody's").json()["data"]
    assert unknown["is_valid"] is False


def test_no_secret_is_in_the_log_of_requests(client, page, app):
    page.get("/me", access_token=demo.META_PAGE_TOKEN)
    app.get("/debug_token", input_token=demo.META_ACCESS_TOKEN)
    logged = client.get("/control/requests").text
    for secret in (demo.META_PAGE_TOKEN, demo.META_ACCESS_TOKEN):
        assert secret not in logged
        assert proof(secret) not in logged


# -- Pages and subscriptions --------------------------------------------------------


def test_the_pages_are_listed_with_token_and_instagram_account(client, user):
    line = {"kind": "messenger", "address": "2002", "name": "Workshop", "token": "EAA2"}
    values = {"sid": demo.META_APP_ID, "lines": [line]}
    client.post("/control/accounts", json=values)
    fields = "id,name,access_token,instagram_business_account{id,username}"
    first = user.get("/me/accounts", fields=fields, limit=1).json()
    (shop,) = first["data"]
    assert shop["access_token"] == demo.META_PAGE_TOKEN
    assert shop["instagram_business_account"]["id"] == demo.META_INSTAGRAM_ID
    after = first["paging"]["cursors"]["after"]
    second = user.get("/me/accounts", fields=fields, limit=1, after=after).json()
    assert [each["name"] for each in second["data"]] == ["Workshop"]
    assert "next" not in second["paging"]


def test_the_callback_is_verified_before_it_is_stored(page, app, odoo):
    assert page.subscribe_app("page", PAGE_FIELDS).json() == {"success": True}
    (found,) = app.get(f"/{demo.META_APP_ID}/subscriptions").json()["data"]
    assert (found["object"], found["callback_url"]) == ("page", WEBHOOK)
    refused = page.subscribe_app("page", PAGE_FIELDS, token="another")
    assert error_of(refused) == (2200, 0)
    assert "403" in refused.json()["error"]["message"]
    assert odoo.received == []


@pytest.mark.parametrize(
    "name, fields, code",
    [("page", ["mesages"], 100), ("pages", ["messages"], 100), ("page", [], 100)],
)
def test_a_subscription_with_an_unknown_field_is_refused(page, name, fields, code):
    assert error_of(page.subscribe_app(name, fields)) == (code, 0)


def test_a_subscription_needs_the_token_of_the_app(client, user, page):
    path = f"/{demo.META_APP_ID}/subscriptions"
    assert error_of(user.get(path)) == (15, 0)
    assert error_of(user.get(f"{PAGE}/subscribed_apps")) == (210, 0)


def test_a_page_lists_its_subscribed_fields(page):
    assert page.get(f"{PAGE}/subscribed_apps").json() == {"data": []}
    words = {"subscribed_fields": "messages,message_echoes"}
    page.post(f"{PAGE}/subscribed_apps", data=words)
    (app,) = page.get(f"{PAGE}/subscribed_apps").json()["data"]
    assert app["id"] == demo.META_APP_ID
    assert app["subscribed_fields"] == ["messages", "message_echoes"]
    wrong = page.post(f"{PAGE}/subscribed_apps", data={"subscribed_fields": "mesages"})
    assert error_of(wrong) == (100, 0)


def test_a_line_has_a_webhook_once_app_and_page_are_subscribed(client, page):
    def listening():
        lines = client.get("/control/state").json()["lines"]
        meta = [each for each in lines if each["account_sid"] == demo.META_APP_ID]
        return [each["webhook_url"] for each in meta]

    page.subscribe_app("page", PAGE_FIELDS)
    assert listening() == ["", ""]
    page.connect()
    assert listening() == [WEBHOOK, WEBHOOK]
    dropped = {"subscribed_fields": []}
    client.patch(f"/control/lines/{MESSENGER}", json=dropped)
    assert listening() == ["", ""]


# -- who it is ------------------------------------------------------------------------


def test_a_profile_has_a_name_and_a_picture_behind_a_link(client, page):
    fields = "first_name,last_name,profile_pic"
    body = page.get(f"/{PSID}", fields=fields).json()
    assert (body["first_name"], body["last_name"]) == ("Lucía", "Fernández")
    host, _, path = body["profile_pic"].removeprefix("https://").partition("/")
    assert host.endswith(".fbsbx.com")
    picture = client.get(f"/{path}")
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")


def test_instagram_gives_a_username(page):
    body = page.get(f"/{IGSID}", fields="name,username").json()
    assert body == {"id": IGSID, "name": "Lucía Fernández", "username": "lucia.rides"}


def test_a_customer_with_a_hidden_profile_is_an_unknown_object(client, page):
    values = {"shows_profile": False}
    assert client.patch(f"/control/customers/{PSID}", json=values).status_code == 200
    assert error_of(page.get(f"/{PSID}")) == (100, 33)
