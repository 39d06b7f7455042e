"""The addon's provider for WhatsApp at Meta and the phone work together."""

import base64

import pytest
import requests
from providers.errors import Reason, Refused
from providers.events import (
    UNLIMITED,
    ChannelRef,
    OutboundFile,
    OutboundMessage,
    Standing,
    WebhookRequest,
)
from providers.whatsapp_cloud import WhatsAppCloud

from tests.unit.practice_phone.cloud import AIKO, LINE, LUCIA, wait_for
from tests.unit.practice_phone.harness import VERIFY_TOKEN, WEBHOOK
from tools.practice_phone import demo

PNG = b"\x89PNG practice"
OTHER_URL = "http://127.0.0.1:8069/messaging/webhook/another"
APP = demo.CLOUD_APP_ID
ACCOUNT = demo.CLOUD_BUSINESS["sid"]
NEW = {"status": "PENDING", "platform_type": "NOT_APPLICABLE"}
SECOND = {
    "kind": "whatsapp",
    "address": "+34600000077",
    "sid": "7077",
    "name": "Workshop",
    "page_sid": ACCOUNT,
}


def connect(control, **changes):
    credentials = {
        "whatsapp_app_id": APP,
        "whatsapp_app_secret": demo.CLOUD_APP_SECRET,
        "whatsapp_access_token": demo.CLOUD_ACCESS_TOKEN,
        "whatsapp_verify_token": VERIFY_TOKEN,
        "whatsapp_pin": "",
        **changes,
    }
    return WhatsAppCloud(credentials, requests.Session(), str(control.base_url))


@pytest.fixture
def odoo(server):
    return server[1]


@pytest.fixture
def provider(control):
    return connect(control)


@pytest.fixture
def change(control):
    """Change the app at Meta."""

    def do(**values):
        answer = control.post("/control/accounts", json={"sid": APP, **values})
        assert answer.status_code == 200, answer.text

    return do


@pytest.fixture
def listening(control):
    """Return where the numbers' messages go, by their ids."""

    def look():
        lines = control.get("/control/state").json()["lines"]
        ours = [line for line in lines if line["account_sid"] == APP]
        return {line["sid"]: line["webhook_url"] for line in ours}

    return look


def listed(provider):
    return {each.reference: each for each in provider.list_channels()}


def point_app(control, url):
    """Let another program subscribe the app, and the business account to it."""
    subscription = {"callback_url": url, "fields": ["messages"]}
    account = {"sid": ACCOUNT, "subscribed": True}
    values = {"subscriptions": {"whatsapp_business_account": subscription}}
    values |= {"sid": APP, "businesses": [account]}
    assert control.post("/control/accounts", json=values).status_code == 200


# -- finding the numbers --------------------------------------------------------------


def test_the_numbers_of_all_business_accounts_are_found(provider, change):
    change(
        lines=[{**SECOND, "page_sid": "7001"}],
        businesses=[{"sid": "7001", "name": "Client's", "shared": True}],
    )
    found = listed(provider)
    assert provider.check() == "Practice WhatsApp app"
    assert set(found) == {LINE, "7077"}
    assert (found[LINE].address, found[LINE].name) == (
        demo.CLOUD_NUMBER,
        "Bike shop online",
    )
    assert not any(each.problem or each.webhook_url for each in found.values())


def test_a_token_for_all_accounts_finds_them_by_the_portfolio(
    provider, control, monkeypatch
):
    """Permissions that aren't limited to some accounts name none."""
    facts = {**provider._app.facts, "granular_scopes": []}
    monkeypatch.setitem(vars(provider._app), "facts", facts)
    assert set(listed(provider)) == {LINE}


@pytest.mark.parametrize(
    "credentials, account, reason, words",
    [
        (
            {"whatsapp_access_token": "wrong"},
            {},
            Reason.BAD_CREDENTIALS,
            "Cannot parse",
        ),
        (
            {"whatsapp_app_id": "+34 600"},
            {},
            Reason.BAD_CREDENTIALS,
            "must be a number",
        ),
        ({}, {"token_error": 463}, Reason.BAD_CREDENTIALS, "expired"),
        (
            {},
            {"scopes": ["whatsapp_business_messaging"]},
            Reason.NOT_PERMITTED,
            "lacks whatsapp_business_management",
        ),
    ],
)
def test_credentials_that_cant_be_used_are_explained(
    control, change, credentials, account, reason, words
):
    change(**account)
    with pytest.raises(Refused) as refusal:
        connect(control, **credentials).check()
    assert refusal.value.reason is reason
    assert words in refusal.value.detail


def test_a_wrong_secret_is_refused(control):
    with pytest.raises(Refused) as refusal:
        connect(control, whatsapp_app_secret="wrong").check()
    assert refusal.value.reason is Reason.BAD_CREDENTIALS


def test_a_token_without_accounts_and_an_account_without_numbers_are_explained(
    control, change, provider
):
    token = "EAAanotherSystemUser"
    scopes = list(demo.CLOUD_SCOPES)
    other = {"sid": "104030201000099", "provider": "whatsapp_cloud", "scopes": scopes}
    other |= {"auth_token": "s3cret", "access_token": token}
    control.post("/control/accounts", json=other)
    credentials = {"whatsapp_app_id": other["sid"], "whatsapp_app_secret": "s3cret"}
    credentials["whatsapp_access_token"] = token
    with pytest.raises(Refused) as refusal:
        connect(control, **credentials).list_channels()
    assert refusal.value.reason is Reason.NOT_PERMITTED
    assert "reaches no WhatsApp account" in refusal.value.detail
    businesses = [{"sid": "7002", "name": "Empty"}]
    control.post("/control/accounts", json={**other, "businesses": businesses})
    with pytest.raises(Refused, match="bad_sender") as refusal:
        connect(control, **credentials).list_channels()
    assert "7002 has no number" in refusal.value.detail


# -- connecting -----------------------------------------------------------------------


def test_it_connects_and_stays_healthy_until_the_account_is_unsubscribed(
    provider, control, change, listening
):
    channels = provider.list_channels()
    assert provider.register(WEBHOOK, channels) == {}
    assert listening() == {LINE: WEBHOOK}
    assert provider.health(WEBHOOK, channels) == []
    assert listed(provider)[LINE].webhook_url == WEBHOOK
    change(businesses=[{"sid": ACCOUNT, "subscribed": False}])
    assert provider.health(WEBHOOK, channels) == channels
    provider.register(WEBHOOK, channels)
    assert provider.health(WEBHOOK, channels) == []


def test_a_webhook_that_cant_be_verified_is_refused(control, listening):
    provider = connect(control, whatsapp_verify_token="nobody's")
    with pytest.raises(Refused) as refusal:
        provider.register(WEBHOOK, provider.list_channels())
    assert refusal.value.reason is Reason.BAD_CALLBACK
    assert listening() == {LINE: ""}


def test_an_app_of_another_program_keeps_its_address(
    provider, control, change, listening
):
    """Only the chosen number moves, and goes back when asked."""
    change(lines=[SECOND])
    point_app(control, OTHER_URL)
    found = listed(provider)
    assert {each.webhook_url for each in found.values()} == {OTHER_URL}
    assert provider.register(WEBHOOK, [found[LINE]]) == {}
    assert listening() == {LINE: WEBHOOK, "7077": OTHER_URL}
    assert provider.health(WEBHOOK, [found[LINE]]) == []
    assert provider.register(OTHER_URL, [found[LINE]]) == {}
    assert listening() == {LINE: OTHER_URL, "7077": OTHER_URL}


def test_an_account_of_another_program_keeps_its_address(
    provider, control, change, listening
):
    change(lines=[SECOND], businesses=[{"sid": ACCOUNT, "subscribed": True}])
    change(businesses=[{"sid": ACCOUNT, "override_url": OTHER_URL}])
    found = listed(provider)
    assert provider.register(WEBHOOK, [found[LINE]]) == {}
    assert listening() == {LINE: WEBHOOK, "7077": OTHER_URL}


def test_a_number_that_another_program_took_comes_back(
    provider, control, change, listening
):
    channels = provider.list_channels()
    provider.register(WEBHOOK, channels)
    control.post(f"/control/numbers/{LINE}", json={"override_url": OTHER_URL})
    with pytest.raises(Refused) as refusal:
        provider.health(WEBHOOK, channels)
    assert OTHER_URL in refusal.value.detail
    assert provider.register(WEBHOOK, channels) == {}
    assert listening() == {LINE: WEBHOOK}


def test_our_address_moves_to_another_host(provider, listening):
    channels = provider.list_channels()
    provider.register(WEBHOOK, channels)
    moved = WEBHOOK.replace("127.0.0.1:8069", "localhost:8069")
    assert provider.register(moved, channels) == {}
    assert listening() == {LINE: moved}


@pytest.mark.parametrize("pin, words", [("", "enter a PIN"), ("246810", "")])
def test_a_new_number_needs_a_pin_to_be_registered(control, change, pin, words):
    change(lines=[{**SECOND, "facts": NEW}])
    provider = connect(control, whatsapp_pin=pin)
    number = listed(provider)["7077"]
    assert words in number.problem
    errors = provider.register(WEBHOOK, [number])
    if not pin:
        assert errors[number].reason is Reason.NOT_REGISTERED
        return
    assert errors == {}
    assert provider.health(WEBHOOK, [number]) == []
    ref = ChannelRef(number.kind, number.address, reference=number.reference)
    assert provider.send(OutboundMessage(ref, f"+{LUCIA}", "r.0", "Hi")).message_id


def test_a_pin_that_isnt_the_numbers_is_refused(control, change):
    change(lines=[{**SECOND, "facts": {**NEW, "pin": "111111"}}])
    provider = connect(control, whatsapp_pin="246810")
    number = listed(provider)["7077"]
    (error,) = provider.register(WEBHOOK, [number]).values()
    assert error.code.startswith("133005")
    assert "PIN" in error.detail


@pytest.mark.parametrize(
    "facts, words",
    [
        ({**NEW, "code_verification_status": "NOT_VERIFIED"}, "Verify this number"),
        ({"status": "BANNED"}, "banned"),
        ({"status": "MIGRATED"}, "moved to another"),
    ],
)
def test_a_number_that_cant_be_used_says_why(control, provider, facts, words):
    control.post(f"/control/numbers/{LINE}", json=facts)
    assert words in listed(provider)[LINE].problem


def test_a_number_that_is_gone_is_named(provider, change, control):
    (channel,) = provider.list_channels()
    provider.register(WEBHOOK, [channel])
    gone = type(channel)("whatsapp", "+34600000078", "Gone", "7999")
    assert provider.health(WEBHOOK, [channel, gone]) == [gone]
    (error,) = provider.register(WEBHOOK, [gone]).values()
    assert "no longer reaches" in error.detail


def test_quality_limit_and_name_of_a_number_are_read(control, provider):
    (channel,) = provider.list_channels()
    assert channel.standing == Standing("high", 250, "approved")
    values = {"quality_rating": "RED", "name_status": "DECLINED"}
    values["whatsapp_business_manager_messaging_limit"] = "TIER_UNLIMITED"
    control.post(f"/control/numbers/{LINE}", json=values)
    found = provider.standings([channel])
    assert found == {channel: Standing("low", UNLIMITED, "declined")}


# -- messages -------------------------------------------------------------------------


@pytest.fixture
def ref(provider, control):
    """Return the connected number; its customers have written."""
    (channel,) = provider.list_channels()
    provider.register(WEBHOOK, [channel])
    for customer in (f"+{LUCIA}", AIKO):
        values = {"customer": customer, "line": LINE, "window": "open"}
        control.post("/control/window", json=values)
    return ChannelRef(channel.kind, channel.address, reference=channel.reference)


def parsed(provider, odoo):
    """Return the events of all webhooks."""
    return [
        event for request in list(odoo.received) for event in _events(provider, request)
    ]


def _events(provider, request):
    headers = {name.lower(): value for name, value in request.headers.items()}
    given = WebhookRequest("POST", (WEBHOOK,), headers, body=request.content)
    provider.verify(given)
    return provider.parse(given)


@pytest.mark.parametrize("customer", [f"+{LUCIA}", AIKO])
def test_a_text_reaches_a_number_or_an_id(provider, ref, control, customer):
    provider.send(OutboundMessage(ref, customer, "r.0", text="Grüße"))
    query = {"direction": "outbound", "customer": customer, "wait": "3"}
    (row,) = control.get("/control/messages", params=query).json()["messages"]
    assert (row["body"], row["extra"]["reference"]) == ("Grüße", "r.0")


def test_a_file_is_uploaded_and_arrives(provider, ref, control):
    file = OutboundFile("", "image/png", "a.png", lambda: PNG)
    provider.send(OutboundMessage(ref, f"+{LUCIA}", "r.0", "Look", file=file))
    (row,) = control.get("/control/messages?direction=outbound").json()["messages"]
    assert row["body"] == "Look"
    assert row["media"][0]["size"] == len(PNG)


def test_a_customers_file_is_downloaded_in_two_steps(provider, ref, control, odoo):
    data = base64.b64encode(PNG).decode()
    photo = {"filename": "a.png", "content_type": "image/png", "data": data}
    path = f"/control/customers/+{LUCIA}/messages"
    control.post(path, json={"line": LINE, "body": "Look", "media": [photo]})
    (received,) = parsed(provider, odoo)
    assert (received.text, received.external_ids[0]) == ("Look", f"+{LUCIA}")
    assert b"".join(provider.download(received.media[0]).chunks) == PNG


def test_statuses_name_our_reference(provider, ref, odoo):
    sent = provider.send(OutboundMessage(ref, f"+{LUCIA}", "r.0", text="Hi"))
    wait_for(odoo, "statuses", 2)
    found = [(each.message_id, each.status) for each in parsed(provider, odoo)]
    assert found == [(sent.message_id, "sent"), (sent.message_id, "delivered")]
