"""Odoo's messages by the Cloud API: accepted, refused, reported."""

import pytest

from tests.unit.practice_phone.cloud import (
    AIKO,
    LINE,
    LUCIA,
    TOM,
    Cloud,
    error_of,
    rows,
    wait_for,
)

TEXT = {"messaging_product": "whatsapp", "type": "text", "text": {"body": "Hi"}}
OGG = "audio/ogg"


@pytest.fixture
def user(client):
    user = Cloud(client)
    user.connect()
    return user


@pytest.fixture
def written(client, user):
    """Let the three customers write, which opens their windows."""
    for customer in (f"+{LUCIA}", f"+{TOM}", AIKO):
        draft = {"line": LINE, "body": "Hello"}
        path = f"/control/customers/{customer}/messages"
        assert client.post(path, json=draft).status_code == 200


def shown(client, **query):
    query = {"direction": "outbound", **query}
    return client.get("/control/messages", params=query).json()["messages"]


def states(odoo, count):
    return [each["status"] for each in wait_for(odoo, "statuses", count)]


def test_a_text_is_answered_and_its_statuses_come(client, user, odoo, written):
    body = user.send(biz_opaque_callback_data="u.1").json()
    assert body["contacts"] == [{"input": LUCIA, "wa_id": LUCIA}]
    sid = body["messages"][0]["id"]
    assert sid.startswith("wamid.")
    sent, delivered = wait_for(odoo, "statuses", 2)
    assert (sent["status"], delivered["status"]) == ("sent", "delivered")
    assert {each["id"] for each in (sent, delivered)} == {sid}
    assert delivered["recipient_id"] == LUCIA
    assert delivered["biz_opaque_callback_data"] == "u.1"
    assert delivered["pricing"]["category"] == "service"
    client.post("/control/read", json={"customer": f"+{LUCIA}", "line": LINE})
    assert states(odoo, 3)[-1] == "read"


def test_without_read_receipts_nothing_is_reported(client, user, odoo, written):
    client.patch(f"/control/customers/+{LUCIA}", json={"read_receipts": False})
    user.send()
    wait_for(odoo, "statuses", 2)
    client.post("/control/read", json={"customer": f"+{LUCIA}", "line": LINE})
    assert len(rows(odoo, "statuses")) == 2


def test_a_voice_note_is_played_after_it_is_read(client, user, odoo, written):
    user.send_file("audio", b"OggS practice", OGG, voice=True)
    wait_for(odoo, "statuses", 2)
    (row,) = shown(client)
    assert row["media"][0]["voice"] is True
    client.post("/control/read", json={"customer": f"+{LUCIA}", "line": LINE})
    assert states(odoo, 4)[2:] == ["read", "played"]


@pytest.mark.parametrize(
    "changes, code",
    [
        ({"to": None}, 100),
        ({"recipient": AIKO}, 100),
        ({"to": "+34 600"}, 131009),
        ({"to": None, "recipient": LUCIA}, 131009),
        ({"messaging_product": None}, 100),
        ({"recipient_type": "group"}, 100),
        ({"type": "gif"}, 100),
        ({"text": None}, 131008),
        ({"text": {}}, 131008),
        ({"text": {"body": ""}}, 100),
        ({"text": {"body": "a" * 4097}}, 100),
        ({"text": {"body": "a", "preview": True}}, 100),
        ({"context": {"id": "wamid.x"}}, 100),
        ({"biz_opaque_callback_data": "a" * 513}, 100),
        ({"type": "image", "text": None, "image": {"id": "1"}}, 131009),
        ({"type": "image", "text": None, "image": {}}, 100),
        ({"type": "image", "text": None, "image": {"id": "1", "filename": "a"}}, 100),
        (
            {
                "type": "reaction",
                "text": None,
                "reaction": {"message_id": "wamid.x", "emoji": "👍"},
            },
            131009,
        ),
        ({"colour": "red"}, 100),
    ],
)
def test_a_wrong_request_is_refused_with_metas_code(user, written, changes, code):
    assert error_of(user.send(**changes)) == code


@pytest.mark.parametrize("address", [{"to": TOM}, {"recipient": "ES.4566546130240823"}])
def test_a_number_or_an_id_reaches_the_same_customer(
    client, user, odoo, written, address
):
    body = user.send(**{"to": None, **address}).json()
    assert body["contacts"][0]["user_id"] == "ES.4566546130240823"
    wait_for(odoo, "statuses", 2)
    (row,) = shown(client, status="delivered")
    assert row["body"] == "Hello"


def test_a_customer_without_a_number_is_named_by_the_id_alone(user, odoo, written):
    assert user.send(to=None, recipient=AIKO).json()["contacts"] == [
        {"input": AIKO, "user_id": AIKO}
    ]
    sent, _delivered = wait_for(odoo, "statuses", 2)
    assert sent["recipient_user_id"] == AIKO
    assert "recipient_id" not in sent


def test_an_id_in_place_of_the_number_is_accepted_and_dropped(client, user, written):
    answer = user.send(to=AIKO)
    assert answer.status_code == 200
    assert answer.json()["messages"][0]["id"]
    assert shown(client) == []


def test_outside_the_window_a_message_fails_by_a_status(client, user, odoo, written):
    values = {"customer": f"+{LUCIA}", "line": LINE, "window": "closed"}
    client.post("/control/window", json=values)
    user.send()
    (status,) = wait_for(odoo, "statuses")
    assert status["status"] == "failed"
    assert status["errors"][0]["code"] == 131047
    assert "24 hours" in status["errors"][0]["error_data"]["details"]


def test_a_number_that_isnt_on_whatsapp_fails_by_a_status(client, user, odoo, written):
    client.patch(f"/control/customers/+{LUCIA}", json={"whatsapp": "undelivered"})
    user.send()
    (status,) = wait_for(odoo, "statuses")
    assert status["errors"][0]["code"] == 131026


def test_the_pair_rate_is_refused_on_demand(client, user, written):
    client.post("/control/faults", json={"request": "error", "code": 131056})
    answer = user.send()
    assert error_of(answer) == 131056
    assert user.send().status_code == 200


@pytest.mark.parametrize("word", ["duplicate", "drop", "fail"])
def test_faults_hit_the_statuses(client, user, odoo, written, word):
    fault = {"callbacks": word, "error_code": 131049}
    client.post("/control/faults", json=fault)
    user.send()
    expected = {"duplicate": 4, "drop": 0, "fail": 1}[word]
    found = wait_for(odoo, "statuses", expected)
    assert len(found) == expected
    if word == "fail":
        assert found[0]["errors"][0]["code"] == 131049


def test_a_quotation_and_a_reaction_show_on_the_phone(client, user, written):
    (theirs,) = client.get(f"/control/messages?customer=%2B{LUCIA}").json()["messages"]
    user.send(context={"message_id": theirs["sid"]})
    reaction = {"message_id": theirs["sid"], "emoji": "👍"}
    user.send(type="reaction", text=None, reaction=reaction)
    (row,) = shown(client)
    assert row["reply_to"] == theirs["sid"]
    (theirs,) = client.get(f"/control/messages?sid={theirs['sid']}").json()["messages"]
    assert theirs["reactions"] == {"us": "👍"}
    user.send(type="reaction", text=None, reaction={**reaction, "emoji": ""})
    (theirs,) = client.get(f"/control/messages?sid={theirs['sid']}").json()["messages"]
    assert theirs["reactions"] == {}


def test_a_read_mark_and_typing_show_on_the_phone(client, user, written):
    query = f"customer=%2B{LUCIA}"
    (theirs,) = client.get(f"/control/messages?{query}").json()["messages"]
    mark = {"messaging_product": "whatsapp", "status": "read"}
    mark |= {"message_id": theirs["sid"], "typing_indicator": {"type": "text"}}
    path = f"/{LINE}/messages"
    assert user.post(path, mark).json() == {"success": True}
    (theirs,) = client.get(f"/control/messages?{query}").json()["messages"]
    assert theirs["extra"]["read_by_shop"] is True
    state = client.get("/control/state").json()["conversations"]
    key = f"{LINE}/{theirs['customer_id']}"
    assert state[key]["typing_until"] > 0
    assert error_of(user.post(path, {**mark, "message_id": "wamid.x"})) == 131009
    assert error_of(user.post(path, {**mark, "typing_indicator": True})) == 100
    user.send()
    shown(client, wait="3", status="delivered")
    state = client.get("/control/state").json()["conversations"]
    assert state[key]["typing_until"] == 0


# -- files ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind, content_type, values",
    [
        ("image", "image/png", {"caption": "Blue"}),
        ("document", "application/pdf", {"filename": "offer.pdf", "caption": "Here"}),
        ("video", "video/mp4", {}),
        ("sticker", "image/webp", {}),
        ("audio", "audio/mpeg", {}),
    ],
)
def test_a_file_is_uploaded_and_sent(
    client, user, odoo, written, kind, content_type, values
):
    assert user.send_file(kind, b"practice", content_type, **values).status_code == 200
    wait_for(odoo, "statuses", 2)
    (row,) = shown(client, status="delivered")
    assert row["body"] == values.get("caption", "")
    (media,) = row["media"]
    assert media["filename"] == values.get("filename", "a.bin")
    assert client.get(f"/control/media/{media['sid']}").content == b"practice"


def test_a_file_of_another_type_fails_by_a_status(user, odoo, written):
    user.send_file("image", b"practice", "audio/mpeg")
    (status,) = wait_for(odoo, "statuses")
    assert status["errors"][0]["code"] == 131053


@pytest.mark.parametrize("content_type", ["image/gif", "application/zip"])
def test_a_type_that_whatsapp_doesnt_take_cant_be_uploaded(user, content_type):
    assert error_of(user.upload(b"practice", content_type)) == 100


def test_a_file_that_is_too_big_cant_be_uploaded(user):
    assert error_of(user.upload(b"a" * (5 * 2**20 + 1), "image/png")) == 131053
