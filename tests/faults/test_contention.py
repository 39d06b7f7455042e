"""Many requests want the same rows at once: each waits, none starts over."""

import os
import threading
from contextlib import closing, contextmanager

import pytest

from tests.e2e.support.door import text_from
from tests.e2e.support.waiting import eventually

RETRIED = ("tries left", "maximum number of tries", "bad query")


@contextmanager
def nothing_is_tried_again(odoo):
    """Odoo logs each transaction that fails at another's and is tried again."""
    with closing(odoo.log.open(errors="replace")) as log:
        log.seek(0, os.SEEK_END)
        yield
        lines = [line for line in log if any(word in line for word in RETRIED)]
    assert not lines, "".join(lines[:5])


@pytest.fixture
def streaming(door, customer):
    """A customer whose messages come in without a pause; returns their answers."""
    statuses, stop = [], threading.Event()

    def stream():
        number = 0
        while not stop.is_set():
            number += 1
            statuses.append(door.post(text_from(customer, f"Message {number}")).status)

    assert door.post(text_from(customer, "First")).status == 200
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
            # The next message after a deletion begins a new one.
            (conversation,) = eventually(lambda: database.conversations(customer))
            admin.conversation(conversation, "unlink")
            gone.append(conversation["id"])
    assert set(streaming) == {200}
    left = database.rows(
        "SELECT id FROM messaging_message WHERE conversation_id = ANY(%s)", gone
    )
    assert len(set(gone)) == 8
    assert left == []
