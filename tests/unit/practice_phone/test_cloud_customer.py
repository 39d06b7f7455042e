"""What customers of the Cloud API do, as Odoo receives it."""

import base64
import hashlib
import json

import pytest

from tests.unit.practice_phone.cloud import (
    AIKO,
    LINE,
    LUCIA,
    TOM,
    Cloud,
    changes,
    error_of,
    rows,
)
from tools.practice_phone import demo
from tools.practice_phone.meta.webhook import sign

PNG = b"\x89PNG practice"


@pytest.fixture
def user(client):
    user = Cloud(client)
    user.connect()
    return user


@pytest.fixture
def writes(client, user):
    def write(customer=f"+{LUCIA}", **draft):
        path = f"/control/customers/{customer}/messages"
        answer = client.post(path, json={"line": LINE, **draft})
        assert answer.status_code == 200, answer.text
        return answer.json()["messages"]

    return write


@pytest.fixture
def message(odoo):
    def newest():
        return rows(odoo, "messages")[-1]

    return newest


def file(name, content_type, content=PNG, **values):
    data = base64.b64encode(content).decode()
    return {"filename": name, "content_type": content_type, "data": data, **values}


def test_a_text_is_signed_and_has_metas_shape(writes, odoo):
    (row,) = writes(body="Grüße")
    (request,) = odoo.received
    digest = sign(demo.CLOUD_APP_SECRET, request.content)
    assert request.headers["X-Hub-Signature-256"] == f"sha256={digest}"
    assert b"\\u00fc" in request.content
    body = json.loads(request.content)
    assert body["object"] == "whatsapp_business_account"
    (value,) = changes(odoo)
    assert value["metadata"] == {
        "display_phone_number": "34600000003",
        "phone_number_id": LINE,
    }
    assert value["contacts"] == [
        {
            "profile": {"name": "Lucía Fernández", "username": "lucia.rides"},
            "wa_id": LUCIA,
        }
    ]
    (found,) = value["messages"]
    assert found.pop("timestamp").isdecimal()
    assert found == {
        "from": LUCIA,
        "id": row["sid"],
        "type": "text",
        "text": {"body": "Grüße"},
    }


def test_a_business_scoped_id_comes_with_or_without_a_number(writes, odoo):
    writes(f"+{TOM}", body="Hello")
    writes(AIKO, body="Hello")
    both, alone = changes(odoo)
    assert both["messages"][0]["from"] == TOM
    assert both["messages"][0]["from_user_id"] == "ES.4566546130240823"
    assert "from" not in alone["messages"][0]
    assert alone["messages"][0]["from_user_id"] == AIKO
    assert alone["contacts"] == [
        {"profile": {"name": "Aiko Tanaka", "username": "aiko.t"}, "user_id": AIKO}
    ]


@pytest.mark.parametrize(
    "draft, kind, content",
    [
        (
            {"location": {"latitude": 41.4, "longitude": 2.2, "label": "Shop"}},
            "location",
            {"latitude": 41.4, "longitude": 2.2, "name": "Shop"},
        ),
        (
            {"contact": {"name": "Ana", "phone": "+34600100999"}},
            "contacts",
            [
                {
                    "name": {"formatted_name": "Ana", "first_name": "Ana"},
                    "phones": [{"phone": "+34600100999", "type": "CELL"}],
                }
            ],
        ),
        (
            {"choice": {"type": "button", "text": "Yes", "id": "y"}},
            "interactive",
            {"type": "button_reply", "button_reply": {"id": "y", "title": "Yes"}},
        ),
        (
            {"choice": {"type": "list", "text": "Blue", "id": "b"}},
            "interactive",
            {"type": "list_reply", "list_reply": {"id": "b", "title": "Blue"}},
        ),
    ],
)
def test_contents_have_metas_shapes(writes, message, draft, kind, content):
    writes(**draft)
    assert message()["type"] == kind
    assert message()[kind] == content


@pytest.mark.parametrize(
    "given, kind, extra",
    [
        (file("a.png", "image/png"), "image", {"caption": "Look"}),
        (file("a.mp4", "video/mp4"), "video", {"caption": "Look"}),
        (file("a.ogg", "audio/ogg", voice=True), "audio", {"voice": True}),
        (file("a.webp", "image/webp"), "sticker", {"animated": False}),
        (
            file("a.pdf", "application/pdf"),
            "document",
            {"filename": "a.pdf", "caption": "Look"},
        ),
    ],
)
def test_a_file_is_named_by_an_id(writes, message, given, kind, extra):
    writes(media=[given], body="Look")
    assert message()["type"] == kind
    found = dict(message()[kind])
    digest = base64.b64encode(hashlib.sha256(PNG).digest()).decode()
    assert found.pop("sha256") == digest
    assert found.pop("id").isdecimal()
    assert found.pop("mime_type").startswith(given["content_type"])
    assert found == extra


def test_a_file_is_fetched_in_two_steps_with_the_token(client, user, writes, message):
    writes(media=[file("a.png", "image/png")])
    found = user.get(f"/{message()['image']['id']}").json()
    assert found["sha256"] == hashlib.sha256(PNG).hexdigest()
    assert found["file_size"] == len(PNG)
    place = found["url"].removeprefix("https://lookaside.fbsbx.com")
    assert place != found["url"]
    assert error_of(client.get(place)) == 190
    headers = {"Authorization": f"Bearer {demo.CLOUD_ACCESS_TOKEN}"}
    answer = client.get(place, headers=headers)
    assert answer.content == PNG
    assert answer.headers["content-type"] == "image/png"


def test_a_link_to_a_file_expires(client, user, writes, message):
    client.post("/control/settings", json={"link_seconds": -1})
    writes(media=[file("a.png", "image/png")])
    found = user.get(f"/{message()['image']['id']}").json()
    place = found["url"].removeprefix("https://lookaside.fbsbx.com")
    headers = {"Authorization": f"Bearer {demo.CLOUD_ACCESS_TOKEN}"}
    assert client.get(place, headers=headers).status_code == 404


def test_a_quotation_and_a_forwarded_message(writes, message):
    (first,) = writes(body="First")
    writes(body="Second", reply_to=first["sid"])
    assert message()["context"] == {"from": LUCIA, "id": first["sid"]}
    writes(body="Third", forwarded=True)
    assert message()["context"] == {"forwarded": True}


def test_fields_can_be_replaced(writes, message):
    writes(body="Hello all", fields={"group_id": "G1", "text": None})
    assert message()["group_id"] == "G1"
    assert "text" not in message()


@pytest.mark.parametrize("emoji", ["❤️", ""])
def test_a_reaction_is_set_and_taken_away(client, writes, message, emoji):
    (row,) = writes(body="Hello")
    client.post(f"/control/messages/{row['sid']}/react", json={"emoji": emoji})
    assert message()["type"] == "reaction"
    expected = {"message_id": row["sid"], **({"emoji": emoji} if emoji else {})}
    assert message()["reaction"] == expected


def test_an_edited_and_a_deleted_message_name_the_original(client, writes, message):
    (row,) = writes(body="Helo")
    client.post(f"/control/messages/{row['sid']}/edit", json={"body": "Hello"})
    assert message()["edit"]["original_message_id"] == row["sid"]
    assert message()["edit"]["message"]["text"] == {"body": "Hello"}
    client.post(f"/control/messages/{row['sid']}/unsend", json={})
    assert message()["revoke"] == {"original_message_id": row["sid"]}
    assert message()["id"] != row["sid"]


def test_an_answer_on_the_shops_phone_comes_as_an_echo(client, user, odoo):
    values = {"line": LINE, "customer": f"+{LUCIA}", "body": "From my phone"}
    row = client.post("/control/outside", json=values).json()["message"]
    (echo,) = rows(odoo, "message_echoes", "smb_message_echoes")
    assert (echo["from"], echo["to"]) == ("34600000003", LUCIA)
    assert (echo["id"], echo["text"]) == (row["sid"], {"body": "From my phone"})


def test_a_moved_customer_is_reported(client, user, writes, message):
    values = {"line": LINE, "phone": "+34600100777"}
    client.post(f"/control/customers/+{LUCIA}/move", json=values)
    assert message()["from"] == LUCIA
    assert message()["system"]["type"] == "user_changed_number"
    assert message()["system"]["wa_id"] == "34600100777"
    client.post(f"/control/customers/{AIKO}/move", json={"line": LINE, "bsuid": "JP.1"})
    system = message()["system"]
    assert (system["previous_user_id"], system["user_id"]) == (AIKO, "JP.1")
    assert message()["from_user_id"] == "JP.1"


def test_a_customer_stops_marketing_messages(client, user, odoo):
    values = {"line": LINE, "customer": f"+{LUCIA}"}
    client.post("/control/marketing", json=values)
    (wish,) = rows(odoo, "user_preferences", "user_preferences")
    assert (wish["wa_id"], wish["value"]) == (LUCIA, "stop")


def test_any_body_can_be_posted_with_a_wrong_signature(client, user, odoo):
    values = {"line": LINE, "body": {"object": "x"}, "signature": "sha256=0"}
    assert client.post("/control/webhook", json=values).status_code == 200
    assert odoo.received[-1].headers["X-Hub-Signature-256"] == "sha256=0"


def test_a_message_is_redelivered_with_the_same_id(client, writes, odoo):
    (row,) = writes(body="Once")
    client.post(f"/control/messages/{row['sid']}/redeliver", json={"times": 2})
    assert {each["id"] for each in rows(odoo, "messages")} == {row["sid"]}
    assert len(odoo.received) == 3
