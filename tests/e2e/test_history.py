"""Messages from before a channel was connected."""

import itertools
import time

import pytest

from tests.waiting import eventually

_numbers = itertools.count(1)


@pytest.fixture
def shop(admin, phone, odoo):
    """Return the account, not connected yet, and the lines of another shop."""
    number = next(_numbers)
    sid = f"ACb{number:031x}"
    address = f"+3460000009{number}"
    line = {"kind": "whatsapp", "address": address}
    phone.post("accounts", sid=sid, auth_token="b" * 32, lines=[line])
    values = {"name": f"Past {number}", "twilio_account_sid": sid}
    values["twilio_auth_token"] = "b" * 32
    id_ = admin.call("messaging.account", "create", [values])[0]
    (account,) = admin.call("messaging.account", "read", [id_], ["webhook_url"])
    path = account["webhook_url"].partition("/messaging/")[2]
    values = {"api_base_url": phone.url}
    values["webhook_url"] = f"{odoo.http_url}/messaging/{path}"
    admin.call("messaging.account", "write", [id_], values)
    yield {"id": id_, "line": f"whatsapp:{address}", "address": address}
    admin.call("messaging.account", "write", [id_], {"active": False})


@pytest.fixture
def thread(database, shop):
    """Return the bodies of a customer's messages at the shop, and the conversation."""

    def look(customer):
        rows = database.rows(
            "SELECT m.body, m.direction, m.data, c.id, c.state, c.user_id"
            "  FROM messaging_message m"
            "  JOIN messaging_conversation c ON c.id = m.conversation_id"
            "  JOIN messaging_channel ch ON ch.id = c.channel_id"
            " WHERE ch.address = %s AND c.contact_phone = %s"
            "   AND m.direction <> 'event' ORDER BY m.id",
            shop["address"],
            customer,
        )
        return [row["body"] for row in rows], (rows[0] if rows else None)

    return look


def connect(admin, shop):
    # Only what was sent in an earlier second counts as past.
    time.sleep(1.1)
    admin.call("messaging.account", "action_connect", [shop["id"]])


def test_connecting_brings_the_past_messages_closed_and_read(
    admin, agent, shop, phone, customer, thread, database
):
    phone.add(customer)
    for body in ("Hello", "Is the blue one there?"):
        phone.write(customer, body, line=shop["line"])
    connect(admin, shop)
    past = ["Hello", "Is the blue one there?"]
    eventually(lambda: thread(customer)[0] == past)
    _bodies, conversation = thread(customer)
    assert conversation["state"] == "closed"
    rows = agent.call("messaging.conversation", "inbox_rows", [conversation["id"]])
    assert rows[0]["unread_count"] == 0
    # The customer writes again: that alone is new.
    phone.write(customer, "I'm back", line=shop["line"])
    eventually(lambda: thread(customer)[0] == [*past, "I'm back"])
    assert thread(customer)[1]["state"] == "open"
    rows = agent.call("messaging.conversation", "inbox_rows", [conversation["id"]])
    assert rows[0]["unread_count"] == 1


def test_fetching_again_adds_what_was_missed_and_doubles_nothing(
    admin, shop, phone, customer, thread, database, account
):
    connect(admin, shop)
    phone.add(customer)
    phone.write(customer, "Arrived", line=shop["line"])
    eventually(lambda: thread(customer)[0] == ["Arrived"])
    phone.point(shop["line"], "")
    phone.write(customer, "Missed", line=shop["line"])
    (channel,) = database.rows(
        "SELECT id FROM messaging_channel WHERE address = %s", shop["address"]
    )
    time.sleep(1.1)
    admin.call("messaging.channel", "action_fetch_history", [channel["id"]], 7)
    eventually(lambda: thread(customer)[0] == ["Arrived", "Missed"])
    admin.call("messaging.channel", "action_fetch_history", [channel["id"]], 7)

    def is_done():
        values = ["history_fetched_at", "history_count"]
        row = admin.call("messaging.channel", "read", [channel["id"]], values)[0]
        return row["history_fetched_at"] and row["history_count"] == 0

    eventually(is_done)
    assert thread(customer)[0] == ["Arrived", "Missed"]
