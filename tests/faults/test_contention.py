"""Many requests for the same rows at once: each waits, none is retried."""

import hashlib
import hmac
import json
import os
import threading
import time
from contextlib import closing, contextmanager
from functools import partial
from urllib.parse import urlsplit

import pytest

from tests.e2e.support.at_once import at_once
from tests.e2e.support.webhook import text_from
from tests.waiting import eventually
from tools.practice_phone import demo

RETRIED = ("tries left", "maximum number of tries", "bad query")


@contextmanager
def nothing_is_tried_again(odoo):
    """Check Odoo's log: it names each transaction that conflicts and is retried."""
    with closing(odoo.log.open(errors="replace")) as log:
        log.seek(0, os.SEEK_END)
        yield
        lines = [line for line in log if any(word in line for word in RETRIED)]
    assert not lines, "".join(lines[:5])


@pytest.fixture
def streaming(webhook, customer):
    """Let a customer write without a pause; return the webhooks' answers."""
    statuses, stop = [], threading.Event()

    def stream():
        number = 0
        while not stop.is_set():
            number += 1
            statuses.append(
                webhook.post(text_from(customer, f"Message {number}")).status
            )

    assert webhook.post(text_from(customer, "First")).status == 200
    thread = threading.Thread(target=stream)
    thread.start()
    yield statuses
    stop.set()
    thread.join(30)


def test_an_agent_works_while_messages_stream_in(
    odoo, admin, streaming, customer, database
):
    conversation = database.conversation(customer)
    with nothing_is_tried_again(odoo):
        for number in range(8):
            admin.reply(conversation, f"Answer {number}")
            admin.conversation(conversation, "action_note", f"Note {number}")
            admin.conversation(conversation, "action_assign", admin.id)
            admin.conversation(conversation, "action_unassign")
            admin.conversation(conversation, "action_close")
    assert set(streaming) == {200}
    assert len(database.messages(customer, "note")) == 8


def test_conversations_are_deleted_while_messages_stream_in(
    odoo, admin, streaming, customer, database
):
    gone = []
    with nothing_is_tried_again(odoo):
        for _ in range(8):
            # The next message after a deletion begins a new conversation.
            (conversation,) = eventually(lambda: database.conversations(customer))
            admin.conversation(conversation, "unlink")
            gone.append(conversation["id"])
    assert set(streaming) == {200}
    left = database.rows(
        "SELECT id FROM messaging_message WHERE conversation_id = ANY(%s)", gone
    )
    assert len(set(gone)) == 8
    assert left == []
    said = database.rows(
        "SELECT id FROM bus_bus WHERE messaging_about ?| %s",
        [f"conversation:{id_}" for id_ in gone],
    )
    assert said == []


@pytest.fixture
def post_to_meta_account(odoo, webhook, meta_account, database):
    """Post a body of events of the Page, signed as Meta signs it."""
    (row,) = database.rows(
        "SELECT webhook_url FROM messaging_account WHERE id = %s", meta_account["id"]
    )
    path = urlsplit(row["webhook_url"]).path

    def post(events):
        entry = {"id": demo.META_PAGE_ID, "messaging": events}
        body = json.dumps({"object": "page", "entry": [entry]}).encode()
        key = demo.META_APP_SECRET.encode()
        digest = hmac.new(key, body, hashlib.sha256).hexdigest()
        headers = {
            "X-Hub-Signature-256": f"sha256={digest}",
            "Content-Type": "application/json",
        }
        return webhook.send(path, body, headers).status

    return post


def events_about(fans, number):
    """Return events of all sorts about each customer in turn, and a new customer."""
    for index, fan in enumerate(fans):
        about = {"sender": {"id": fan}, "recipient": {"id": demo.META_PAGE_ID}}
        now = 1795420000000 + 1000 * number
        first = f"m_first_{fan}"
        yield {
            **about,
            "timestamp": now,
            "reaction": {"mid": first, "action": "react", "emoji": "❤"},
        }
        edit = {"mid": first, "text": f"Edit {number}", "num_edit": number}
        yield {**about, "timestamp": now, "message_edit": edit}
        message = {"mid": f"m_{fan}_{number}", "text": f"Message {number}"}
        yield {**about, "timestamp": now, "message": message}
        if index == 1:
            new = {"sender": {"id": f"{fan}{number}"}, "recipient": about["recipient"]}
            message = {"mid": f"m_new_{fan}_{number}", "text": "New here"}
            yield {**new, "timestamp": now, "message": message}


def test_mixed_bodies_in_opposite_orders_wait_and_do_not_deadlock(
    odoo, post_to_meta_account, database
):
    fans = [str(8 * 10**15 + time.time_ns() % 10**12 * 10 + n) for n in range(6)]
    firsts = [
        {
            "sender": {"id": fan},
            "recipient": {"id": demo.META_PAGE_ID},
            "timestamp": 1795420000000,
            "message": {"mid": f"m_first_{fan}", "text": "First"},
        }
        for fan in fans
    ]
    assert post_to_meta_account(firsts) == 200
    with nothing_is_tried_again(odoo):
        for number in range(1, 25):
            forth = list(events_about(fans, number))
            # The same events, and others of the same customers.
            back = list(events_about(fans[::-1], number + number % 2 * 1000))
            actions = (partial(post_to_meta_account, each) for each in (forth, back))
            assert at_once(*actions) == [200, 200]
    for fan in fans:
        assert len(database.messages(fan, "inbound")) == 1 + 24 + 12
        assert database.messages(fan)[0]["data"]["reactions"] == {"customer": "❤"}
