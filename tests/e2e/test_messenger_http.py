"""Messenger and Instagram from end to end: webhooks and requests."""

import base64

import pytest

from tests.e2e.support.meta import arrived
from tests.e2e.support.phone import file
from tests.e2e.support.waiting import eventually, stays
from tests.e2e.test_media import png

BOTH = pytest.mark.parametrize("fan", ["messenger", "instagram"], indirect=True)
INSTAGRAM = pytest.mark.parametrize("fan", ["instagram"], indirect=True)


@pytest.fixture
def talk(fan, database):
    """Return the conversation of a customer who has written."""
    fan.write("Hello")
    arrived(database, fan)
    return database.conversation(fan.external_id)


@pytest.fixture
def outbound(database, fan):
    return lambda: database.messages(fan.external_id, "outbound")


@BOTH
def test_a_reply_to_a_customer_gets_its_ticks(agent, talk, fan, outbound):
    (message_id,) = agent.reply(talk, "Yes, tomorrow.")
    # The customer can't see a message that is still under way.
    (received,) = fan.received(status="delivered")
    assert received["body"] == "Yes, tomorrow."
    fan.look()
    eventually(lambda: [row["state"] for row in outbound()] == ["read"])
    (row,) = outbound()
    assert row["id"] == message_id
    assert row["provider_message_id"] == received["sid"]
    assert "sent_outside" not in (row["data"] or {})


@BOTH
def test_a_picture_travels_both_ways(agent, talk, fan, database):
    photo = file("ours.png", png(), "image/png")
    fan.write("Look", media=[photo])
    row = arrived(database, fan, 2)[-1]
    assert row["body"] == "Look"
    eventually(
        lambda: [each["state"] for each in database.media(fan.external_id)] == ["ready"]
    )
    picture = agent.attach("a.png", base64.b64encode(png()).decode(), "image/png")
    agent.reply(talk, "", attachment_ids=[picture])
    (received,) = fan.received()
    (media,) = received["media"]
    assert (media["filename"], media["size"]) == ("a.png", len(png()))


@BOTH
@pytest.mark.parametrize("trouble", ["early", "duplicate", "reorder", "drop"])
def test_our_own_echo_makes_no_second_message(agent, talk, fan, outbound, trouble):
    fan.phone.trouble(callbacks=trouble)
    agent.reply(talk, "Once")
    fan.received()
    stays(lambda: [row["body"] for row in outbound()] == ["Once"], 1)
    (row,) = outbound()
    assert row["state"] in ("sent", "delivered")


@BOTH
def test_an_echo_settles_a_send_without_an_answer(agent, talk, fan, outbound):
    fan.phone.trouble(request="timeout_after", seconds=8)
    agent.reply(talk, "Did it leave?")
    (received,) = fan.received()
    waiting = {"queued", "sending", "unknown"}
    eventually(lambda: not waiting & {row["state"] for row in outbound()})
    (row,) = outbound()
    assert row["provider_message_id"] == received["sid"]
    assert fan.bodies() == ["Did it leave?"]


@BOTH
def test_a_reply_outside_odoo_is_shown_and_reopens_nothing(
    agent, talk, fan, outbound, database
):
    agent.conversation(talk, "action_close")
    past = fan.gets_past_odoo("From my own phone")
    (row,) = eventually(outbound)
    assert (row["body"], row["data"]["sent_outside"]) == ("From my own phone", True)
    assert row["provider_message_id"] == past["sid"]
    assert row["author_id"] is None
    assert database.conversation(fan.external_id)["state"] == "closed"


@BOTH
def test_a_reaction_and_an_edit_change_the_message_and_reopen_nothing(
    agent, talk, fan, database
):
    (row,) = arrived(database, fan)
    agent.conversation(talk, "action_close")
    fan.react(row["provider_message_id"], "❤️")
    fan.edit(row["provider_message_id"], "Hello!")

    def now():
        return database.message(row["id"])

    eventually(lambda: now()["body"] == "Hello!")
    assert now()["data"]["reactions"] == {"customer": "❤️"}
    assert now()["data"]["edited"]
    fan.react(row["provider_message_id"], "")
    eventually(lambda: not now()["data"].get("reactions"))
    assert database.conversation(fan.external_id)["state"] == "closed"


@INSTAGRAM
def test_an_unsent_message_is_deleted_with_its_file(talk, fan, database):
    fan.write("Oops", media=[file("private.png", png(), "image/png")])
    row = arrived(database, fan, 2)[-1]
    eventually(
        lambda: [each["state"] for each in database.media(fan.external_id)] == ["ready"]
    )
    fan.unsend(row["provider_message_id"])
    eventually(lambda: database.message(row["id"])["data"].get("unsent"))
    assert not database.message(row["id"])["body"]
    files = "SELECT id FROM ir_attachment WHERE name = 'private.png'"
    assert database.rows(files) == []


@INSTAGRAM
def test_an_answer_to_a_story_and_a_mention_keep_their_story(talk, fan, database):
    fan.write("Beautiful", story="reply")
    fan.write(story="mention")
    reply, mention = arrived(database, fan, 3)[1:]
    assert reply["data"]["reply_to_story"]["url"].startswith("https://")
    assert mention["data"]["story_mention"] is True
    eventually(
        lambda: [each["state"] for each in database.media(fan.external_id)] == ["ready"]
    )


@BOTH
def test_messages_of_several_customers_in_one_body_arrive(fan, other_fan, database):
    drafts = [
        {"customer": each.external_id, "line": each.line, "body": f"Number {number}"}
        for number in range(10)
        for each in (fan, other_fan)
    ]
    (webhook,) = fan.phone.post("batch", messages=drafts)["webhooks"]
    assert webhook["status"] == 200
    for each in (fan, other_fan):
        bodies = [row["body"] for row in arrived(database, each, 10)]
        assert bodies == [f"Number {number}" for number in range(10)]


@BOTH
def test_one_bad_event_does_not_block_the_others(fan, meta_account, database):
    account = fan.line.partition(":")[2]
    good = {
        "sender": {"id": fan.external_id},
        "recipient": {"id": account},
        "timestamp": 1795420000000,
        "message": {"mid": f"m_good_{fan.external_id}", "text": "I am fine"},
    }
    bad = {"sender": "nobody", "message": [1]}
    events = [bad, good, {"message": {"mid": 7}}]
    body = {"object": "page", "entry": [{"id": account, "messaging": events}]}
    if fan.kind == "instagram":
        body["object"] = "instagram"
    answer = fan.phone.post("webhook", line=fan.line, body=body)["webhook"]
    assert answer["status"] == 200
    (row,) = arrived(database, fan)
    assert row["body"] == "I am fine"


def test_a_wrong_signature_leaves_no_trace(fan, meta_account, nothing_is_written):
    values = {"line": fan.line, "body": {"object": "page", "entry": []}}
    answer = fan.phone.post("webhook", **values, signature=f"sha256={'0' * 64}")
    assert answer["webhook"]["status"] == 403
