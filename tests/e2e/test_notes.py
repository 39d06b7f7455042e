"""Notes on a linked contact: several workers write them soon, once and completely."""

import re
import threading
import time

import pytest

from tests.e2e.support.webhook import text_from
from tests.waiting import eventually, stays


@pytest.fixture
def contact(admin):
    return admin.call("res.partner", "create", {"name": "Ana Núñez"})


@pytest.fixture
def linked(webhook, database, agent, customer, contact):
    """Return the id of a conversation that is linked to the contact."""
    webhook.post(text_from(customer, "Before"))
    conversation = database.conversation(customer)
    link(agent, conversation["id"], contact)
    return conversation["id"]


def link(agent, conversation_id, contact):
    agent.call(
        "messaging.conversation", "action_link", [conversation_id], partner_id=contact
    )


def notes(database, contact):
    """Return the texts of each note."""
    rows = database.rows(
        "SELECT body FROM mail_message WHERE model = 'res.partner' AND res_id = %s"
        " AND body LIKE '%%/odoo/messaging/%%' ORDER BY id",
        contact,
    )
    return [re.findall(r"</strong>: (.*?)</li>", row["body"]) for row in rows]


def test_the_note_is_there_when_linking_returns(linked, database, contact):
    assert notes(database, contact) == [["Before"]]


def test_a_new_message_is_added_to_the_note(
    linked, webhook, database, customer, contact
):
    webhook.post(text_from(customer, "After"))
    expected = [["Before", "After"]]
    eventually(lambda: notes(database, contact) == expected, what="the note")


def test_simultaneous_messages_are_in_one_note_once(
    linked, webhook, database, customer, contact
):
    texts = [f"m{number}" for number in range(12)]
    answers = webhook.post_at_once([text_from(customer, text) for text in texts])
    assert {answer.status for answer in answers} == {200}

    def complete():
        found = notes(database, contact)
        return [sorted(note) for note in found] == [sorted(["Before", *texts])]

    eventually(complete, what="the note")
    stays(complete, 1, "a message came twice")


def test_a_message_at_the_end_of_a_run_is_written_by_the_next_run(
    linked, webhook, database, customer, contact
):
    """A trigger that a run has taken wakes nothing: the next run is a minute away."""
    expected = ["Before"]
    for number in range(16):
        for part in ("first", "second"):
            expected.append(f"{part} {number}")
            webhook.post(text_from(customer, expected[-1]))
            # The second message arrives a little later in the first's run each time.
            time.sleep(number * 0.02)
        eventually(lambda: notes(database, contact) == [expected], what="the note")


@pytest.fixture
def start_cron(admin):
    """Return a function that runs the cron of the notes in a thread."""
    name = "Messaging: write notes on linked records"
    cron = admin.call("ir.cron", "search", [("cron_name", "=", name)])

    def start():
        working = threading.Thread(
            target=admin.call, args=("ir.cron", "method_direct_trigger", cron)
        )
        working.start()
        return working

    return start


def test_the_cron_returns_to_a_locked_conversation(linked, start_cron, database):
    """A message that finds the flag set wakes no cron: its row must not be skipped."""
    due = "UPDATE messaging_conversation SET notes_due = TRUE WHERE id = %s"
    database.run(due, linked)
    with database.open_transaction(due, linked) as message:
        working = start_cron()
        stays(working.is_alive, 3, "the cron left a note behind")
        message.commit()
    working.join()
    still_due = "SELECT notes_due FROM messaging_conversation WHERE id = %s"
    assert database.rows(still_due, linked) == [{"notes_due": False}]


def test_a_message_does_not_wait_while_notes_are_written(
    linked, webhook, database, customer, contact
):
    """The cron waits for the note, and the next message doesn't wait for the cron."""
    editing = (
        "UPDATE mail_message SET body = body WHERE model = 'res.partner'"
        " AND res_id = %s"
    )
    with database.open_transaction(editing, contact):
        webhook.post(text_from(customer, "First"))
        eventually(database.blocked, what="waiting for the note")
        assert webhook.post(text_from(customer, "Second")).status == 200
        assert database.blocked()
    expected = [["Before", "First", "Second"]]
    eventually(lambda: notes(database, contact) == expected, what="the note")


def test_a_message_while_somebody_links_is_in_the_note_once(
    webhook, database, agent, customer, contact
):
    webhook.post(text_from(customer, "Before"))
    conversation_id = database.conversation(customer)["id"]
    linking = threading.Thread(target=link, args=(agent, conversation_id, contact))
    linking.start()
    texts = [f"m{number}" for number in range(8)]
    for text in texts:
        webhook.post(text_from(customer, text))
    linking.join()
    webhook.post(text_from(customer, "Last"))
    expected = [["Before", *texts, "Last"]]
    eventually(lambda: notes(database, contact) == expected, what="the note")


def test_notes_outlive_the_conversation(linked, admin, database, contact):
    admin.call("messaging.conversation", "unlink", [linked])
    assert notes(database, contact) == [["Before"]]


def test_an_open_chatter_shows_the_note_without_a_reload(
    linked, webhook, database, customer, contact, window, agent, odoo
):
    page = window(agent).new_page()
    page.goto(f"{odoo.url}/odoo/res.partner/{contact}")
    notes_shown = page.locator(".o-mail-Message", has_text="Open the conversation")
    notes_shown.filter(has_text="Before").wait_for()
    webhook.post(text_from(customer, "In the same note"))
    notes_shown.filter(has_text="In the same note").wait_for()
    assert notes_shown.count() == 1
    past = "started_at - interval '2 days'"
    database.run(
        f"UPDATE messaging_note_window SET started_at = {past}"
        " WHERE conversation_id = %s",
        linked,
    )
    webhook.post(text_from(customer, "In the next note"))
    notes_shown.filter(has_text="In the next note").wait_for()
    assert notes_shown.count() == 2
