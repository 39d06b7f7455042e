"""Odoo's messages to Messenger and Instagram: accepted, refused, reported."""

import pytest

from tests.unit.practice_phone.graph import (
    IGSID,
    PSID,
    Graph,
    error_of,
    events,
    wait_for,
)
from tools.practice_phone import demo

PDF = b"%PDF-1.4 practice"
MESSENGER = f"messenger:{demo.META_PAGE_ID}"
INSTAGRAM = f"instagram:{demo.META_INSTAGRAM_ID}"


@pytest.fixture
def page(client):
    return Graph(client)


@pytest.fixture
def connected(page):
    page.connect()


@pytest.fixture
def open_window(client, connected):
    set_window(client, "open")


def set_window(client, word):
    for line in (MESSENGER, INSTAGRAM):
        values = {"customer": PSID, "line": line, "window": word}
        assert client.post("/control/window", json=values).status_code == 200


def test_a_text_is_answered_echoed_delivered_and_read(client, page, odoo, open_window):
    body = page.send("Good morning", message={"text": "Hi", "metadata": "u.1"}).json()
    assert set(body) == {"recipient_id", "message_id"}
    (echo,) = wait_for(odoo, "is_echo")
    assert echo["sender"]["id"] == demo.META_PAGE_ID
    assert echo["message"]["mid"] == body["message_id"]
    assert echo["message"]["app_id"] == int(demo.META_APP_ID)
    assert echo["message"]["metadata"] == "u.1"
    (delivered,) = wait_for(odoo, "delivery")
    assert delivered["delivery"]["mids"] == [body["message_id"]]
    client.post("/control/read", json={"customer": PSID, "line": MESSENGER})
    (read,) = wait_for(odoo, "read")
    assert read["sender"]["id"] == PSID
    assert read["read"]["watermark"] >= echo["timestamp"]


def test_instagram_reports_no_delivery_and_one_message_as_read(
    client, page, odoo, open_window
):
    first = page.send(recipient=IGSID, messaging_type=None).json()["message_id"]
    second = page.send(recipient=IGSID).json()["message_id"]
    wait_for(odoo, "is_echo", 2)
    for sid in (first, second):
        there = f"/control/messages?sid={sid}&status=delivered&wait=3"
        assert client.get(there).json()["messages"]
    client.post("/control/read", json={"customer": PSID, "line": INSTAGRAM})
    (read,) = wait_for(odoo, "read")
    assert read["read"] == {"mid": second}
    assert events(odoo, "delivery") == []


def test_without_read_receipts_nothing_is_reported(client, page, odoo, open_window):
    client.patch(f"/control/customers/{PSID}", json={"read_receipts": False})
    page.send()
    wait_for(odoo, "delivery")
    client.post("/control/read", json={"customer": PSID, "line": MESSENGER})
    assert events(odoo, "read") == []


@pytest.mark.parametrize(
    "changes, expected",
    [
        ({"recipient": None}, (100, 0)),
        ({"recipient": {"id": "1"}}, (100, 2018001)),
        ({"messaging_type": None}, (100, 0)),
        ({"messaging_type": "RESPONSES"}, (100, 0)),
        ({"tag": "HUMAN_AGENT"}, (100, 0)),
        ({"messaging_type": "MESSAGE_TAG"}, (100, 0)),
        ({"messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE"}, (100, 0)),
        ({"message": {}}, (100, 0)),
        ({"message": {"text": "a", "txt": "b"}}, (100, 0)),
        ({"message": {"text": "a" * 2001}}, (100, 0)),
        ({"message": {"text": "a", "metadata": "m" * 1000}}, (100, 0)),
        ({"message": {"attachment": {"type": "gif", "payload": {}}}}, (100, 0)),
        ({"reply_to": {"mid": "m_unknown"}}, (100, 0)),
        ({"reply_to": {"id": "m_unknown"}}, (100, 0)),
        ({"message": {"attachment": {"type": "image", "payload": {}}}}, (100, 2018074)),
        ({"colour": "red"}, (100, 0)),
    ],
)
def test_a_wrong_request_is_refused_with_metas_code(
    page, open_window, changes, expected
):
    values = {"recipient": {"id": PSID}, "messaging_type": "RESPONSE"}
    values |= {"message": {"text": "Hello"}, **changes}
    body = {name: value for name, value in values.items() if value is not None}
    assert error_of(page.post("/me/messages", body)) == expected


def test_instagram_counts_bytes(page, open_window):
    assert page.send("é" * 500, recipient=IGSID).status_code == 200
    assert error_of(page.send("é" * 501, recipient=IGSID)) == (100, 0)


def test_after_the_window_only_a_tagged_message_is_accepted(client, page, connected):
    tagged = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    assert error_of(page.send()) == (10, 2018278)
    assert error_of(page.send(recipient=IGSID)) == (10, 2534022)
    set_window(client, "agent")
    assert error_of(page.send()) == (10, 2018278)
    assert page.send(**tagged).status_code == 200
    set_window(client, "closed")
    assert error_of(page.send(**tagged)) == (10, 2018278)
    (message,) = client.get("/control/messages?direction=outbound").json()["messages"]
    assert message["extra"]["tag"] == "HUMAN_AGENT"


def test_a_file_is_uploaded_then_sent(client, page, odoo, open_window):
    found = page.upload("offer.pdf", PDF, "application/pdf").json()["attachment_id"]
    assert found.isdigit()
    payload = {"type": "file", "payload": {"attachment_id": found}}
    assert page.send(message={"attachment": payload}).status_code == 200
    (message,) = client.get("/control/messages?direction=outbound").json()["messages"]
    (media,) = message["media"]
    assert (media["filename"], media["size"]) == ("offer.pdf", len(PDF))
    (echo,) = wait_for(odoo, "is_echo")
    assert echo["message"]["attachments"][0]["type"] == "file"


@pytest.mark.parametrize(
    "content, content_type, kind",
    [
        (b"text", "text/plain", "image"),
        (b"", "image/png", "image"),
        (b"x" * (8 * 1024 * 1024 + 1), "image/png", "image"),
    ],
)
def test_a_file_that_meta_does_not_accept_is_refused(page, content, content_type, kind):
    answer = page.upload("a", content, content_type, kind)
    assert error_of(answer) == (100, 2018047)


def test_instagram_accepts_few_types_of_files(page, open_window):
    found = page.upload("notes.txt", b"text", "text/plain").json()["attachment_id"]
    payload = {"type": "file", "payload": {"attachment_id": found}}
    assert page.send(message={"attachment": payload}).status_code == 200
    refused = page.send(recipient=IGSID, message={"attachment": payload})
    assert error_of(refused) == (100, 2018047)


# -- ordered trouble ----------------------------------------------------------------


@pytest.mark.parametrize(
    "fault, status, code",
    [
        ({"request": "429"}, 403, (4, 0)),
        ({"request": "500"}, 500, (1, 0)),
        ({"request": "404"}, 400, (100, 33)),
        ({"request": "error", "code": 613}, 400, (613, 0)),
        ({"request": "error", "code": 190, "subcode": 463}, 400, (190, 463)),
        ({"request": "error", "code": 551, "subcode": 1545041}, 400, (551, 1545041)),
    ],
)
def test_the_next_send_meets_the_injected_fault(
    client, page, open_window, fault, status, code
):
    assert client.post("/control/faults", json=fault).status_code == 200
    answer = page.send()
    assert (answer.status_code, error_of(answer)) == (status, code)
    assert page.send().status_code == 200


def test_an_early_echo_comes_before_the_answer(client, page, odoo, open_window):
    client.post("/control/faults", json={"callbacks": "early"})
    page.send()
    assert len(events(odoo, "is_echo")) == 1
    assert len(events(odoo, "delivery")) == 1


@pytest.mark.parametrize("kind, count", [("duplicate", 2), ("drop", 0)])
def test_reports_come_twice_or_never(client, page, odoo, open_window, kind, count):
    client.post("/control/faults", json={"callbacks": kind})
    page.send()
    page.send()
    wait_for(odoo, "delivery", count + 1)
    assert len(events(odoo, "is_echo")) == count + 1


def react(page, sid, action="react", recipient=PSID, reaction=None, **values):
    payload = {"message_id": sid}
    if reaction:
        payload["reaction"] = reaction
    body = {"recipient": {"id": recipient}, "sender_action": action, "payload": payload}
    return page.post("/me/messages", {**body, **values})


def written(client, line=MESSENGER):
    path = f"/control/customers/{PSID}/messages"
    draft = {"line": line, "body": "Thanks"}
    return client.post(path, json=draft).json()["messages"][0]["sid"]


def reactions(client, sid):
    found = client.get(f"/control/messages?sid={sid}&direction=inbound")
    return found.json()["messages"][0]["reactions"]


@pytest.mark.parametrize(
    ("line", "recipient", "words"),
    [(MESSENGER, PSID, {"🎉": "🎉", "👍": "👍"}), (INSTAGRAM, IGSID, {"love": "❤️"})],
)
def test_the_shops_reaction_is_shown_replaced_and_taken_away(
    client, page, open_window, line, recipient, words
):
    sid = written(client, line)
    for word, emoji in words.items():
        answer = react(page, sid, recipient=recipient, reaction=word)
        assert answer.json() == {"recipient_id": recipient}
        assert reactions(client, sid) == {"us": emoji}
    assert react(page, sid, "unreact", recipient).status_code == 200
    assert reactions(client, sid) == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"reaction": "love"},
        {"reaction": ""},
        {"action": "unreact", "reaction": "🎉"},
        {"reaction": "🎉", "messaging_type": "RESPONSE"},
        {"reaction": "🎉", "sid": "m_unknown"},
    ],
)
def test_a_wrong_reaction_is_refused(client, page, open_window, changes):
    values = {"sid": written(client), **changes}
    assert error_of(react(page, **values)) == (100, 0)


def test_instagram_takes_the_heart_alone(client, page, open_window):
    answer = react(page, written(client, INSTAGRAM), recipient=IGSID, reaction="🎉")
    assert error_of(answer) == (100, 0)


def test_a_reaction_after_the_window_is_refused(client, page, open_window):
    sid = written(client)
    set_window(client, "agent")
    assert error_of(react(page, sid, reaction="🎉")) == (10, 2018278)
