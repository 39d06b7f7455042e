"""Replies on Messenger and Instagram: reply window, length and quotes."""

import pytest

from tests.e2e.support.fans import arrived, at
from tests.e2e.support.people import Refused
from tests.e2e.support.phone import file
from tests.e2e.test_media import png
from tests.waiting import eventually

BOTH = at("messenger", "instagram")
DAYS = {"yesterday": 25, "last week": 8 * 24}


@pytest.fixture
def talk(fan, database):
    fan.write("Hello")
    arrived(database, fan)
    return database.conversation(fan.external_id)


@pytest.fixture
def people_only(admin, meta_account):
    """Allow the account to answer as a person after 24 hours."""

    def allow(value):
        ids = [meta_account["id"]]
        admin.call("messaging.account", "write", ids, {"meta_human_agent": value})

    allow(True)
    yield
    allow(False)


@pytest.fixture
def wrote(talk, fan, database):
    """Backdate the customer's last message, in Odoo and at Meta."""

    def at(day):
        database.run(
            "UPDATE messaging_conversation SET last_inbound_at = last_inbound_at"
            f" - interval '{DAYS[day]} hours' WHERE id = %s",
            talk["id"],
        )
        fan.window("agent" if day == "yesterday" else "closed")

    return at


@BOTH
def test_a_reply_after_a_day_carries_the_human_agent_tag(
    agent, talk, fan, people_only, wrote
):
    agent.reply(talk, "In time")
    wrote("yesterday")
    agent.reply(talk, "A day later")
    found = {each["body"]: each["extra"].get("tag") for each in fan.received(2)}
    assert found == {"In time": None, "A day later": "HUMAN_AGENT"}


def test_a_reply_after_a_week_is_refused(agent, talk, fan, people_only, wrote):
    wrote("last week")
    with pytest.raises(Refused, match="reply window is closed"):
        agent.reply(talk, "Too late")
    assert fan.bodies() == []


def test_a_reply_after_a_day_is_refused_without_human_agent(agent, talk, fan, wrote):
    wrote("yesterday")
    with pytest.raises(Refused, match="reply window is closed"):
        agent.reply(talk, "Too late")
    assert fan.bodies() == []


@BOTH
def test_a_long_text_arrives_in_parts_that_meta_accepts(agent, talk, fan, database):
    text = " ".join(f"größe{number}" for number in range(300))
    ids = agent.reply(talk, text)
    assert len(ids) > 1
    fan.received(len(ids))
    assert " ".join(fan.bodies()) == text
    rows = database.messages(fan.external_id, "outbound")
    assert len({row["provider_message_id"] for row in rows}) == len(ids)


def test_one_read_event_marks_all_sent_messages_read(agent, talk, fan, database):
    for number in range(3):
        agent.reply(talk, f"Number {number}")
    fan.received(3, status="delivered")
    fan.look()

    def states():
        rows = database.messages(fan.external_id, "outbound")
        return {row["state"] for row in rows}

    eventually(lambda: states() == {"read"})


def test_a_file_behind_an_expired_link_is_reported_gone(talk, fan, database, phone):
    phone.post("settings", link_seconds=-1)
    fan.write(media=[file("late.png", png(), "image/png")])
    phone.post("settings", link_seconds=3600)

    def gone():
        return [each["state"] for each in database.media(fan.external_id)] == ["failed"]

    database.after_a_while(gone, what="the end of the tries")


@BOTH
def test_name_and_picture_are_fetched_after_the_first_message(talk, fan, database):
    def named():
        return database.conversation(fan.external_id)["contact_name"] == fan.name

    database.after_a_while(named, what="the name of the customer")


def test_a_page_that_meta_dropped_is_subscribed_again(
    admin, meta_account, fan, database, phone
):
    phone.drop(fan.line)
    fan.write("Nobody hears me")
    assert database.conversations(fan.external_id) == []
    admin.call("messaging.account", "action_check_health", [meta_account["id"]])
    fan.write("Now you do")
    arrived(database, fan)
