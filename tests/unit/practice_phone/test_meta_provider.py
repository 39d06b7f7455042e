"""The addon's provider and the phone work together, without Odoo between them."""

import dataclasses
import json
from datetime import datetime, timedelta, timezone

import pytest
import requests
from providers.errors import Reason, Refused, Retryable, SendError, Unsettled
from providers.events import (
    ChannelRef,
    MediaRef,
    OutboundFile,
    OutboundMessage,
    WebhookRequest,
)
from providers.messenger import Messenger

from tests.unit.practice_phone.graph import IGSID, PSID, events, wait_for
from tests.unit.practice_phone.harness import VERIFY_TOKEN, WEBHOOK
from tools.practice_phone import demo

PNG = b"\x89PNG practice"
MESSENGER = f"messenger:{demo.META_PAGE_ID}"
INSTAGRAM = f"instagram:{demo.META_INSTAGRAM_ID}"


def connect(control, token=demo.META_ACCESS_TOKEN):
    credentials = {
        "app_id": demo.META_APP_ID,
        "app_secret": demo.META_APP_SECRET,
        "access_token": token,
        "verify_token": VERIFY_TOKEN,
    }
    return Messenger(credentials, requests.Session(), str(control.base_url))


@pytest.fixture
def odoo(server):
    return server[1]


@pytest.fixture
def provider(control):
    return connect(control)


@pytest.fixture
def channels(provider):
    found = provider.list_channels()
    provider.register(WEBHOOK, found)
    return {each.kind: each for each in found}


@pytest.fixture
def refs(channels, control):
    """The channels of the shop, with open reply windows."""
    for line in (MESSENGER, INSTAGRAM):
        values = {"customer": PSID, "line": line, "window": "open"}
        control.post("/control/window", json=values)
    return {
        kind: ChannelRef(kind, each.address, each.token)
        for kind, each in channels.items()
    }


def message(ref, text="Hello", **values):
    recipient = PSID if ref.kind == "messenger" else IGSID
    return OutboundMessage(ref, recipient, "5f0e.0", text=text, **values)


def parsed(provider, request):
    headers = {name.lower(): value for name, value in request.headers.items()}
    given = WebhookRequest("POST", (WEBHOOK,), headers, body=request.content)
    provider.verify(given)
    return provider.parse(given)


def test_it_connects_and_stays_healthy_until_meta_drops_the_page(
    provider, channels, control
):
    assert provider.check() == "Practice app"
    assert channels["messenger"].token == demo.META_PAGE_TOKEN
    assert channels["instagram"].reference == demo.META_PAGE_ID
    assert not any(each.problem for each in channels.values())
    assert provider.health(WEBHOOK, list(channels.values())) == []
    control.patch(f"/control/lines/{MESSENGER}", json={"subscribed_fields": []})
    assert provider.health(WEBHOOK, list(channels.values()))
    provider.register(WEBHOOK, list(channels.values()))
    assert provider.health(WEBHOOK, list(channels.values())) == []


@pytest.mark.parametrize(
    "trouble, reason, words",
    [
        ({"token_error": 460}, Reason.BAD_CREDENTIALS, "changed their password"),
        ({"scopes": ["pages_show_list"]}, Reason.NOT_PERMITTED, "pages_messaging"),
    ],
)
def test_a_revoked_token_and_a_missing_permission_are_named(
    control, trouble, reason, words
):
    control.post("/control/accounts", json={"sid": demo.META_APP_ID, **trouble})
    with pytest.raises(Refused) as refusal:
        connect(control).check()
    assert refusal.value.reason is reason
    assert words in refusal.value.detail


@pytest.mark.parametrize("kind", ["messenger", "instagram"])
def test_a_text_is_sent_and_its_echo_carries_our_reference(provider, refs, odoo, kind):
    sent = provider.send(message(refs[kind], "Grüße"))
    wait_for(odoo, "is_echo")
    (echo,) = parsed(provider, odoo.received[0])
    assert (echo.message_id, echo.reference) == (sent.message_id, "5f0e.0")
    assert echo.text == "Grüße"
    assert echo.app_id == demo.META_APP_ID


@pytest.mark.parametrize("kind", ["messenger", "instagram"])
def test_a_file_is_uploaded_and_arrives(provider, refs, control, kind):
    file = OutboundFile("", "image/png", "a.png", lambda: PNG)
    provider.send(message(refs[kind], "", file=file))
    query = "direction=outbound"
    (row,) = control.get(f"/control/messages?{query}").json()["messages"]
    assert row["media"][0]["filename"] == "a.png"
    assert row["media"][0]["size"] == len(PNG)


def test_the_provider_understands_customers_actions(provider, refs, control, odoo):
    path = f"/control/customers/{PSID}/messages"
    photo = {"filename": "a.jpg", "content_type": "image/jpeg", "data": "anBlZw=="}
    draft = {"line": MESSENGER, "body": "Look", "media": [photo]}
    (row,) = control.post(path, json=draft).json()["messages"]
    control.post(f"/control/messages/{row['sid']}/react", json={"emoji": "👍"})
    control.post(f"/control/messages/{row['sid']}/edit", json={"body": "See"})
    received, reacted, edited = (
        event for each in odoo.received for event in parsed(provider, each)
    )
    assert (received.message_id, received.external_ids) == (row["sid"], (PSID,))
    found = provider.download(received.media[0])
    assert b"".join(found.chunks) == b"jpeg"
    assert (reacted.message_id, reacted.emoji) == (row["sid"], "👍")
    assert (edited.message_id, edited.text) == (row["sid"], "See")
    assert len(events(odoo)) == 3


def test_a_file_behind_an_expired_link_is_gone(provider, refs, control, odoo):
    control.post("/control/settings", json={"link_seconds": -1})
    photo = {"filename": "a.jpg", "content_type": "image/jpeg", "data": "anBlZw=="}
    path = f"/control/customers/{PSID}/messages"
    control.post(path, json={"line": INSTAGRAM, "media": [photo]})
    control.post("/control/settings", json={"link_seconds": 3600})
    (received,) = parsed(provider, odoo.received[0])
    with pytest.raises(SendError):
        provider.download(received.media[0])


def test_a_profile_has_name_and_picture_or_is_hidden(provider, refs, control):
    profile = provider.profile(refs["messenger"], PSID)
    assert profile.name == "Lucía Fernández"
    picture = provider.download(MediaRef(profile.picture_url))
    assert b"".join(picture.chunks).startswith(b"\x89PNG")
    assert provider.profile(refs["instagram"], IGSID).name == "Lucía Fernández"
    control.patch(f"/control/customers/{PSID}", json={"shows_profile": False})
    assert provider.profile(refs["messenger"], PSID) is None


def test_outside_the_window_a_message_needs_the_tag(provider, refs, control):
    values = {"customer": PSID, "line": MESSENGER, "window": "agent"}
    control.post("/control/window", json=values)
    with pytest.raises(Refused) as refusal:
        provider.send(message(refs["messenger"]))
    assert refusal.value.reason is Reason.WINDOW_CLOSED
    tagged = dataclasses.replace(message(refs["messenger"]), tag="HUMAN_AGENT")
    assert provider.send(tagged).message_id


@pytest.mark.parametrize(
    "fault, error",
    [
        ({"request": "429"}, Retryable),
        ({"request": "error", "code": 613}, Retryable),
        ({"request": "error", "code": 190, "subcode": 463}, Refused),
        ({"request": "error", "code": 551, "subcode": 1545041}, Refused),
        ({"request": "timeout_after", "seconds": 30}, Unsettled),
    ],
)
def test_failures_of_sending_are_told_apart(
    provider, refs, control, fault, error, monkeypatch
):
    monkeypatch.setattr("providers.call.READ_TIMEOUT", 0.5, raising=False)
    control.post("/control/faults", json=fault)
    with pytest.raises(error):
        provider.send(message(refs["messenger"]))


def test_instagrams_own_login_needs_no_page(control, odoo):
    own = {"kind": "instagram", "address": "17841400000000077", "token": "IGown"}
    subscription = {"callback_url": WEBHOOK, "fields": ["messages"]}
    values = {"sid": demo.META_APP_ID, "lines": [{**own, "name": "atelier"}]}
    values["subscriptions"] = {"instagram": subscription}
    assert control.post("/control/accounts", json=values).status_code == 200
    provider = connect(control, "IGown")
    assert provider.check() == "@atelier"
    (channel,) = provider.list_channels()
    provider.register(WEBHOOK, [channel])
    assert provider.health(WEBHOOK, [channel]) == []
    assert provider.renew() == {"access_token": "IGown"}
    path = f"/control/customers/{PSID}/messages"
    line = f"instagram:{own['address']}"
    control.post(path, json={"line": line, "body": "Hi"})
    (received,) = parsed(provider, odoo.received[0])
    ref = ChannelRef("instagram", channel.address, channel.token)
    sent = provider.send(OutboundMessage(ref, received.external_ids[0], "r.0", "Yes"))
    assert sent.message_id
    assert json.loads(odoo.received[0].content)["object"] == "instagram"


@pytest.mark.parametrize("kind", ["messenger", "instagram"])
def test_messages_that_no_webhook_brought_are_listed(provider, refs, control, kind):
    line = {"messenger": MESSENGER, "instagram": INSTAGRAM}[kind]
    who = {"messenger": PSID, "instagram": IGSID}[kind]
    photo = {"filename": "a.png", "content_type": "image/png", "data": "iVBORw0KGgo="}
    messages = [
        {"body": "Long ago", "ago": 7200},
        {"body": "Missed", "ago": 600},
        {"media": [photo], "ago": 500},
        {"body": "Ours", "ago": 400, "direction": "outbound"},
    ]
    values = {"line": line, "scoped_id": who, "messages": messages}
    assert control.post("/control/import", json=values).status_code == 200
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    since = now - timedelta(hours=1)
    found = {each.text: each for each in provider.missed(refs[kind], since, now)}
    assert set(found) == {"Missed", ""}
    assert found["Missed"].external_ids == (who,)
    assert found[""].kind == "image"
    assert found[""].media[0].url.startswith("https://")
