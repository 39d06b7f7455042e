"""Customers see that an Agent has read and types, where the channel wants it."""

import pytest

from tests.e2e.support.fans import arrived, at
from tests.waiting import eventually, stays


@pytest.fixture
def talk(fan, database):
    fan.write("Hello")
    arrived(database, fan)
    return database.conversation(fan.external_id)


@pytest.fixture
def shows_reading(admin, talk):
    """Let the conversation's channel show its customers that we read and type."""

    def show(value):
        ids, values = [talk["channel_id"]], {"shows_reading": value}
        admin.call("messaging.channel", "write", ids, values)

    show(True)
    yield
    show(False)


def is_read(fan):
    rows = fan.phone.get("messages", customer=fan.external_id, direction="inbound")
    return [bool(row["extra"].get("read_by_shop")) for row in rows["messages"]]


@at("whatsapp_cloud")
def test_reading_and_typing_reach_the_phone(agent, talk, fan, database, shows_reading):
    agent.call("messaging.conversation", "action_mark_read", [talk["id"]])
    eventually(lambda: is_read(fan) == [True])
    fan.write("And a helmet")
    arrived(database, fan, 2)
    assert is_read(fan) == [True, False]
    agent.call("messaging.conversation", "inbox_presence", talk["id"], "typing")
    eventually(lambda: is_read(fan) == [True, True])


@at("whatsapp_cloud")
def test_without_the_setting_nothing_is_shown(agent, talk, fan):
    agent.call("messaging.conversation", "action_mark_read", [talk["id"]])
    agent.call("messaging.conversation", "inbox_presence", talk["id"], "typing")
    stays(lambda: is_read(fan) == [False], 2)
