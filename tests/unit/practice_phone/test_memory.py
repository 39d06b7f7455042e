"""The phone's state: kept, reset and imported."""

import base64
import json
import signal
import socket
import subprocess
import sys

import httpx
import pytest

from tests.unit.practice_phone.harness import WEBHOOK
from tools.practice_phone import cards, demo
from tools.practice_phone.from_odoo import copy_history
from tools.practice_phone.model import Media, Message
from tools.practice_phone.store import Store

LINE = f"whatsapp:{demo.WHATSAPP_NUMBER}"
PHOTO = {
    "filename": "bike.jpg",
    "content_type": "image/jpeg",
    "data": base64.b64encode(b"jpeg").decode(),
}


def test_everything_survives_a_restart(tmp_path):
    path = tmp_path / "deep" / "phone.json"
    store = Store(path)
    customer = store.add_customer("Marta", "+34600100200")
    media = store.write_media(Media("image/png"), b"png")
    message = Message("SM1", demo.SMS_SID, customer.id, "inbound", "Hi", [media])
    store.add_message(message)
    store.line(demo.SMS_SID).webhook_url = WEBHOOK
    store.close()
    again = Store(path)
    assert again.customer("+34600100200").name == "Marta"
    assert again.message("SM1") == message
    assert again.media_path(again.message("SM1").media[0]).read_bytes() == b"png"
    assert again.line(demo.SMS_SID).webhook_url == WEBHOOK
    assert again.conversation_of(message).is_open()


def test_an_unreadable_state_file_is_kept_aside_and_reported(tmp_path, capsys):
    path = tmp_path / "phone.json"
    path.write_text('{"accounts": 3}')
    store = Store(path)
    assert len(store.customers) == len(demo.CUSTOMERS)
    assert (tmp_path / "phone.unreadable").exists()
    assert "started afresh" in capsys.readouterr().out


def test_without_a_file_nothing_stays_behind():
    store = Store()
    store.write_media(Media("image/png"), b"png")
    folder = store.folder
    store.close()
    assert not folder.exists()


def test_a_reset_keeps_the_webhooks_unless_everything_is_reset(client, says):
    says(body="Hi", media=[PHOTO])
    client.post("/control/faults", json={"request": "429"})
    client.post("/control/reset")
    state = client.get("/control/state").json()
    assert state["messages"] == []
    assert len(state["customers"]) == len(demo.CUSTOMERS)
    assert [each["webhook_url"] for each in twilio_lines(state)] == [WEBHOOK, WEBHOOK]
    assert not any(client.get("/control/faults").json().values())
    client.post("/control/reset", json={"everything": True})
    state = client.get("/control/state").json()
    assert [each["webhook_url"] for each in twilio_lines(state)] == ["", ""]


def twilio_lines(state):
    lines = state["lines"]
    return [each for each in lines if each["account_sid"] == demo.ACCOUNT_SID]


def test_the_page_never_gets_a_secret(client):
    assert demo.AUTH_TOKEN not in client.get("/control/state").text
    assert demo.API_KEY_SECRET not in client.get("/control/state").text
    assert demo.META_ACCESS_TOKEN not in client.get("/control/state").text
    assert demo.META_PAGE_TOKEN not in client.get("/control/state").text


def test_an_account_is_created_once_and_then_changed(client, odoo):
    values = {
        "name": "Second",
        "sid": "AC" + "2" * 32,
        "auth_token": "2" * 32,
        "lines": [{"kind": "whatsapp", "address": "+34600000009"}],
    }
    first = client.post("/control/accounts", json=values).json()
    again = client.post(
        "/control/accounts", json={**values, "webhook_url": WEBHOOK}
    ).json()
    assert first["account"]["auth_token"] == "2" * 32
    assert first["lines"][0]["sid"] == again["lines"][0]["sid"]
    draft = {"line": "whatsapp:+34600000009", "body": "Hi"}
    client.post("/control/customers/+34600100101/messages", json=draft)
    assert odoo.forms()[0]["AccountSid"] == "AC" + "2" * 32


@pytest.mark.parametrize(
    "path, values, status",
    [
        ("customers", {"name": ""}, 400),
        ("customers", {"phone": "600"}, 400),
        ("customers", {"phone": "+34600100101"}, 409),
        ("customers", {"bsuid": "nonsense"}, 400),
        ("customers", {"phone": "+34600100300", "colour": "red"}, 400),
        ("customers/nobody/messages", {"line": LINE, "body": "Hi"}, 404),
        ("customers/+34600100101/messages", {"body": "Hi"}, 400),
        ("customers/+34600100101/messages", {"line": "fax:1", "body": "Hi"}, 404),
        ("customers/+34600100101/messages", {"line": LINE}, 400),
        ("customers/+34600100101/messages", {"line": LINE, "boddy": "Hi"}, 400),
        ("customers/+34600100101/messages", {"line": LINE, "body": "\ud800"}, 400),
        ("customers/+34600100101/messages", {"line": LINE, "media": [{}]}, 400),
        ("customers/+34600100101/messages", {"line": LINE, "location": {"a": 1}}, 400),
        ("customers/JP.7731902256418840/messages", {"line": demo.SMS_SID}, 400),
        ("window", {"line": LINE, "customer": "+34600100101", "window": "ajar"}, 400),
        ("read", {"line": LINE}, 400),
        ("accounts", {"lines": [{"kind": "fax"}]}, 400),
        ("accounts", {"provider": "pigeon"}, 400),
        ("settings", {"pace": -1}, 400),
        ("messages/SM0/redeliver", {}, 404),
    ],
)
def test_the_control_api_refuses_in_one_sentence(client, path, values, status):
    body = json.dumps(values)
    answer = client.post(f"/control/{path}", content=body)
    assert answer.status_code == status
    assert answer.json()["error"].endswith(".")


def test_removing_a_phone_removes_its_messages(client, says):
    says(body="Hi")
    client.delete("/control/customers/+34600100101")
    assert client.get("/control/messages").json()["messages"] == []
    assert client.delete("/control/customers/+34600100101").status_code == 404


def test_history_is_shown_once_however_often_it_is_imported(client):
    past = {
        "line": LINE,
        "phone": "+34600100300",
        "name": "Noah",
        "opted_out": True,
        "messages": [
            {"sid": "SMa", "body": "Look", "ago": 60, "media": [PHOTO]},
            {"sid": "SMb", "body": "Nice", "direction": "outbound", "reply_to": "SMa"},
        ],
    }
    for _ in range(2):
        assert client.post("/control/import", json=past).status_code == 200
    found = client.get("/control/messages").json()["messages"]
    assert [each["sid"] for each in found] == ["SMa", "SMb"]
    assert found[0]["media"][0]["size"] == 4
    assert found[1]["reply_to"] == "SMa"
    (conversation,) = client.get("/control/state").json()["conversations"].values()
    assert conversation["open"] and conversation["opted_out"]


def test_a_contact_card_survives_writing_and_reading():
    contact = {"name": "Ana; López, S.A.", "phone": "+34600777777"}
    assert cards.read(cards.write(contact)) == contact


class Odoo:
    """The part of an Odoo that the history of one conversation needs."""

    rows = {
        "messaging.channel": [{"id": 1, "kind": "sms", "address": demo.SMS_NUMBER}],
        "messaging.conversation": [
            {
                "id": 2,
                "contact_name": "Noah",
                "opted_out": True,
                "opt_out_source": "customer",
            }
        ],
        "messaging.identity": [
            {"external_id": "ES.123456789"},
            {"external_id": "+34600100300"},
        ],
        "messaging.message": [
            {
                "id": 3,
                "direction": "inbound",
                "kind": "location",
                "body": False,
                "data": {"latitude": 1.5, "longitude": 2.5, "label": "Here"},
                "state": "received",
                "provider_message_id": "SMa",
                "sent_at": "2026-01-02 03:04:05",
                "error_code": False,
                "reply_to_id": False,
                "attachment_ids": [7],
            },
        ],
        "ir.attachment": [
            {"name": "a.pdf", "mimetype": "application/pdf", "datas": PHOTO["data"]}
        ],
    }

    def call(self, model, method, *arguments, **named):
        return [1] if method == "search" else self.rows[model]


def test_the_history_of_an_odoo_is_copied_to_the_phones(monkeypatch):
    told = []
    monkeypatch.setattr(
        "tools.practice_phone.from_odoo._post", lambda *each: told.append(each)
    )
    copy_history(Odoo().call, "http://127.0.0.1:8070")
    ((url, past),) = told
    assert url == "http://127.0.0.1:8070/control/import"
    assert (past["line"], past["phone"]) == ("sms:+34600000002", "+34600100300")
    assert past["bsuid"] == "ES.123456789"
    (message,) = past["messages"]
    assert message["location"]["label"] == "Here"
    assert message["media"][0]["filename"] == "a.pdf"
    assert message["ago"] > 0
    assert past["opted_out"] is True


@pytest.mark.parametrize(
    ("kind", "source"), [("sms", "agent"), ("whatsapp", "customer")]
)
def test_an_opt_out_that_twilio_does_not_know_is_not_copied(monkeypatch, kind, source):
    told, odoo = [], Odoo()
    monkeypatch.setattr(
        "tools.practice_phone.from_odoo._post", lambda *each: told.append(each)
    )
    channel = {**Odoo.rows["messaging.channel"][0], "kind": kind}
    row = {**Odoo.rows["messaging.conversation"][0], "opt_out_source": source}
    changed = {"messaging.channel": [channel], "messaging.conversation": [row]}
    odoo.rows = {**Odoo.rows, **changed}
    copy_history(odoo.call, "http://127.0.0.1:8070")
    assert told[0][1]["opted_out"] is False


def test_a_template_is_copied_with_its_buttons(monkeypatch, client):
    told, odoo = [], Odoo()
    monkeypatch.setattr(
        "tools.practice_phone.from_odoo._post", lambda *each: told.append(each)
    )
    rows = [
        {"kind": kind, "text": text, "value": "", "payload": text}
        for kind, text in (("other", "Services"), ("item", "Wash"))
    ]
    template = {"reference": "HX1", "header": "Hi", "footer": "Bye", "buttons": rows}
    message = {
        **Odoo.rows["messaging.message"][0],
        "kind": "text",
        "direction": "outbound",
        "data": {"template": template},
    }
    odoo.rows = {**Odoo.rows, "messaging.message": [message]}
    copy_history(odoo.call, "http://127.0.0.1:8070")
    (copied,) = client.post("/control/import", json=told[0][1]).json()["messages"]
    drawn = copied["extra"]["template"]
    assert (drawn["header"], drawn["footer"], drawn["list"]) == (
        "Hi",
        "Bye",
        "Services",
    )
    assert [each["text"] for each in drawn["buttons"]] == ["Wash"]


def test_senders_that_are_no_phones_are_left_out(monkeypatch):
    told = []
    monkeypatch.setattr(
        "tools.practice_phone.from_odoo._post", lambda *each: told.append(each)
    )
    odoo = Odoo()
    odoo.rows = {**Odoo.rows, "messaging.identity": [{"external_id": "BANCO"}]}
    copy_history(odoo.call, "http://127.0.0.1:8070")
    assert told == []


def test_ctrl_c_stops_it_quietly_and_at_once_even_with_an_open_page(tmp_path):
    command = [sys.executable, "-m", "tools.practice_phone", "--port", "0"]
    command += ["--state", str(tmp_path / "phone.json")]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process:
        address = process.stdout.readline().split()[-1]
        with httpx.stream("GET", f"{address}/control/events", trust_env=False):
            process.send_signal(signal.SIGINT)
            assert process.wait(5) == 0
        assert process.stderr.read() == ""


def test_a_taken_port_is_reported_in_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "tools.practice_phone", "--port", port]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert ended.returncode == 1
    assert ended.stderr.strip().endswith("Address already in use.")
    assert len(ended.stderr.strip().splitlines()) == 1
