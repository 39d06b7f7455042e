"""Webhooks that are signed but malformed, or not even a form."""

import os
from contextlib import closing
from urllib.parse import urlencode

import pytest

from tests.e2e.support.webhook import sign, status_of, text_from
from tests.waiting import eventually

MANY = 70 * 1024


def test_a_message_without_a_sid_becomes_a_failed_webhook(webhook, database, customer):
    answer = webhook.post(text_from(customer, MessageSid=None))
    assert answer.status == 200
    (receipt,) = database.receipts(customer)
    assert receipt["state"] == "failed"
    assert "MessageSid" in receipt["error"]
    assert not database.conversations(customer)


@pytest.mark.parametrize("field", ["From", "To"])
def test_a_message_without_sender_or_recipient_becomes_a_failed_webhook(
    webhook, database, customer, field
):
    form = text_from(customer, **{field: None})
    assert webhook.post(form).status == 200
    (receipt,) = database.receipts(form["MessageSid"])
    assert field in receipt["error"]


def test_an_unknown_status_becomes_a_failed_webhook(webhook, database, customer):
    form = status_of("SM" + "e" * 32, "teleported", customer, Body=customer)
    assert webhook.post(form).status == 200
    (receipt,) = database.receipts("teleported")
    assert "teleported" in receipt["error"]


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "text/plain", None],
    ids=["json", "text", "no type"],
)
@pytest.mark.usefixtures("nothing_is_written")
def test_an_unsigned_body_that_is_not_a_form_is_forbidden(
    webhook, customer, content_type
):
    form = text_from(customer)
    headers = {"X-Twilio-Signature": sign(webhook.url, form)}
    headers["Content-Type"] = content_type
    answer = webhook.send(webhook.path, b'{"Body": "Hello"}', headers)
    assert (answer.status, answer.body) == (403, b"")


def test_a_signed_empty_form_becomes_a_failed_webhook(webhook, database):
    before = len(database.rows("SELECT id FROM messaging_receipt"))
    answer = webhook.post({})
    assert answer.status == 200
    assert len(database.rows("SELECT id FROM messaging_receipt")) == before + 1


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"%", id="a lone percent"),
        pytest.param(b"&&&===&", id="separators"),
        pytest.param(b"Body=%FF%FE%FA", id="no UTF-8"),
        pytest.param(b"&".join(b"a%d=1" % n for n in range(3000)), id="many fields"),
    ],
)
@pytest.mark.usefixtures("nothing_is_written")
def test_a_malformed_form_is_forbidden(webhook, body):
    answer = webhook.send(
        webhook.path, body, {"X-Twilio-Signature": sign(webhook.url, {})}
    )
    assert (answer.status, answer.body) == (403, b"")


@pytest.mark.usefixtures("nothing_is_written")
def test_undecodable_bytes_are_refused_by_odoo_itself(webhook):
    signature = {"X-Twilio-Signature": sign(webhook.url, {})}
    answer = webhook.send(webhook.path, b"\xff\x00\x01" * 100, signature)
    assert answer.status in (400, 413)


def test_nul_bytes_are_dropped_from_a_text(webhook, database, customer):
    answer = webhook.post(text_from(customer, "Do\x00es it\x00 work?"))
    assert answer.status == 200
    assert [m["body"] for m in database.messages(customer)] == ["Does it work?"]


def test_nul_bytes_are_dropped_from_a_name(webhook, database, customer):
    answer = webhook.post(text_from(customer, ProfileName="An\x00a"))
    assert answer.status == 200
    assert database.conversation(customer)["contact_name"] == "Ana"


@pytest.mark.usefixtures("nothing_is_written")
def test_a_lone_surrogate_is_forbidden(webhook, customer):
    """UTF-8 cannot encode one: Twilio's own library refuses to sign it."""
    form = text_from(customer, "half X character")
    body = urlencode(form).replace("half+X", "half+%ED%A0%BD").encode()
    answer = webhook.send(
        webhook.path, body, {"X-Twilio-Signature": sign(webhook.url, form)}
    )
    assert (answer.status, answer.body) == (403, b"")


def test_seventy_kilobytes_of_text_are_kept_in_full(webhook, database, customer):
    text = "é" * MANY
    assert webhook.post(text_from(customer, text)).status == 200
    (message,) = database.messages(customer)
    assert message["body"] == text
    assert len(database.conversation(customer)["last_message_preview"]) == 200


@pytest.mark.usefixtures("nothing_is_written")
def test_a_body_over_the_limit_is_refused(webhook, customer):
    answer = webhook.post(text_from(customer, "x" * (4 * 1024 * 1024 + 1)))
    assert answer.status == 413


def test_a_name_of_a_thousand_characters_does_not_lose_the_message(
    webhook, database, customer
):
    assert webhook.post(text_from(customer, ProfileName="n" * 1000)).status == 200
    assert len(database.messages(customer)) == 1


def test_a_script_tag_is_plain_text(webhook, database, customer):
    text = "<script>alert(1)</script> %s {{ 7*7 }} '; DROP TABLE x; --"
    assert webhook.post(text_from(customer, text)).status == 200
    assert [m["body"] for m in database.messages(customer)] == [text]


def test_a_verified_request_that_cannot_be_processed_can_be_replayed(
    webhook, database, customer, admin
):
    """The number had no channel yet; the message appears once it has one."""
    address = f"+1{customer[1:]}"
    webhook.post(text_from(customer, "Replay me", To=f"whatsapp:{address}"))
    (receipt,) = database.receipts(customer.lstrip("+"))
    ids = admin.call("messaging.account", "search", [("webhook_url", "=", webhook.url)])
    channel = {"account_id": ids[0], "kind": "whatsapp", "name": address}
    admin.call("messaging.channel", "create", [{**channel, "address": address}])
    admin.call("messaging.receipt", "action_replay", [receipt["id"]])
    assert [m["body"] for m in database.messages(customer)] == ["Replay me"]
    (receipt,) = database.rows(
        "SELECT * FROM messaging_receipt WHERE id = %s", receipt["id"]
    )
    assert (receipt["state"], receipt["body_stored"]) == ("done", None)


def test_the_access_log_contains_neither_token_nor_customers_words(
    odoo, webhook, customer
):
    with closing(odoo.log.open(errors="replace")) as log:
        log.seek(0, os.SEEK_END)
        assert webhook.post(text_from(customer, "My secret")).status == 200
        said = eventually(lambda: _lines_until(log, "/messaging/webhook/"))
    token = webhook.path.rpartition("/")[2]
    assert "POST /messaging/webhook/… HTTP" in said
    assert token not in said
    assert "My secret" not in said


def _lines_until(log, word):
    """Read a log until it contains the word; return the text."""
    start = log.tell()
    said = log.read()
    if word in said:
        return said
    log.seek(start)
    return None
