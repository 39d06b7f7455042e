"""What every provider promises, from end to end: one table of tests for all of them."""

import base64

import pytest

from tests.e2e.support.fans import arrived, at
from tests.e2e.support.phone import file
from tests.e2e.test_media import png
from tests.waiting import eventually, stays
from tools.practice_phone import demo

# Where Meta reports what customers and colleagues do
META = at("messenger", "instagram", "whatsapp_cloud")


@pytest.fixture
def talk(fan, database):
    """Return the conversation of a customer who has written."""
    fan.write("Hello")
    arrived(database, fan)
    return database.conversation(fan.external_id)


@pytest.fixture
def outbound(database, fan):
    return lambda: database.messages(fan.external_id, "outbound")


# -- in -----------------------------------------------------------------------------


@at()
def test_a_message_that_comes_again_is_stored_once(fan, database):
    (sent,) = fan.write("Once, please")["messages"]
    fan.phone.post(f"messages/{sent['sid']}/redeliver", times=4)
    (row,) = arrived(database, fan)
    assert (row["body"], row["provider_message_id"]) == ("Once, please", sent["sid"])
    assert database.conversation(fan.external_id)["state"] == "open"


@at()
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
    (received,) = fan.received(status="delivered")
    (media,) = received["media"]
    assert (media["filename"], media["size"]) == ("a.png", len(png()))


@META
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


@META
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


@at("instagram", "whatsapp_cloud")
def test_an_unsent_message_is_deleted_with_its_file(talk, fan, database):
    fan.write("Oops", media=[file(f"{fan.place}.png", png(), "image/png")])
    row = arrived(database, fan, 2)[-1]
    eventually(
        lambda: [each["state"] for each in database.media(fan.external_id)] == ["ready"]
    )
    fan.unsend(row["provider_message_id"])
    eventually(lambda: database.message(row["id"])["data"].get("unsent"))
    assert not database.message(row["id"])["body"]
    files = "SELECT id FROM ir_attachment WHERE name = %s"
    assert database.rows(files, f"{fan.place}.png") == []


@META
def test_one_bad_event_does_not_block_the_others(fan, database):
    body = body_between_bad_ones(fan, "I am fine")
    answer = fan.phone.post("webhook", line=fan.line, body=body)["webhook"]
    assert answer["status"] == 200
    (row,) = arrived(database, fan)
    assert row["body"] == "I am fine"


def body_between_bad_ones(fan, text):
    """Return a webhook's body with a text between two events that can't be read."""
    address = fan.line.partition(":")[2]
    if fan.place == "whatsapp_cloud":
        good = {"from": fan.external_id.lstrip("+"), "id": f"wamid.{fan.external_id}"}
        good.update(timestamp="1795420000", type="text", text={"body": text})
        messages = [{"from": ["nobody"], "type": 1}, good, {"id": 7}]
        number = {"phone_number_id": demo.CLOUD_NUMBER_ID}
        value = {"messaging_product": "whatsapp", "metadata": number}
        value["messages"] = messages
        changes = [{"field": "messages", "value": value}]
        entry = {"id": demo.CLOUD_BUSINESS["sid"], "changes": changes}
        return {"object": "whatsapp_business_account", "entry": [entry]}
    good = {"sender": {"id": fan.external_id}, "recipient": {"id": address}}
    good["message"] = {"mid": f"m_good_{fan.external_id}", "text": text}
    good["timestamp"] = 1795420000000
    events = [{"sender": "nobody", "message": [1]}, good, {"message": {"mid": 7}}]
    is_instagram = fan.kind == "instagram"
    entry = {"id": address, "messaging": events}
    return {"object": "instagram" if is_instagram else "page", "entry": [entry]}


@META
def test_a_wrong_signature_leaves_no_trace(fan, nothing_is_written):
    values = {"line": fan.line, "body": {"object": "page", "entry": []}}
    answer = fan.phone.post("webhook", **values, signature=f"sha256={'0' * 64}")
    assert answer["webhook"]["status"] == 403


# -- out ----------------------------------------------------------------------------


@at()
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


@at()
def test_a_reply_after_the_window_fails_with_a_sentence(agent, talk, fan, outbound):
    fan.window("closed")
    (message_id,) = agent.reply(talk, "Too late")
    eventually(lambda: [row["state"] for row in outbound()] == ["failed"])
    (row,) = outbound()
    assert row["reason"] == "window_closed"
    fields = ["failure_reason"]
    (values,) = agent.call("messaging.message", "read", [message_id], fields)
    assert "reply window is closed" in values["failure_reason"]


@META
@pytest.mark.parametrize("trouble", ["early", "duplicate", "reorder", "drop"])
def test_reports_about_our_message_make_no_second_one(
    agent, talk, fan, outbound, trouble
):
    fan.phone.trouble(callbacks=trouble)
    agent.reply(talk, "Once")
    fan.received()
    stays(lambda: [row["body"] for row in outbound()] == ["Once"], 1)
    (row,) = outbound()
    assert row["state"] in ("sent", "delivered")


@META
def test_a_report_settles_a_send_without_an_answer(agent, talk, fan, outbound):
    fan.phone.trouble(request="timeout_after", seconds=8)
    agent.reply(talk, "Did it leave?")
    (received,) = fan.received()
    waiting = {"queued", "sending", "unknown"}
    eventually(lambda: not waiting & {row["state"] for row in outbound()})
    (row,) = outbound()
    assert row["provider_message_id"] == received["sid"]
    assert fan.bodies() == ["Did it leave?"]


@META
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


@META
def test_a_quotation_points_to_the_same_message_on_both_sides(
    agent, talk, fan, database
):
    (first,) = arrived(database, fan)
    agent.reply(talk, "About that", reply_to_id=first["id"])
    (received,) = fan.received()
    assert received["reply_to"] == first["provider_message_id"]
    fan.write("And about yours", reply_to=received["sid"])
    quoting = arrived(database, fan, 2)[-1]
    (answer,) = database.messages(fan.external_id, "outbound")
    assert quoting["reply_to_id"] == answer["id"]


@META
def test_our_reaction_reaches_the_customer_and_is_taken_away(
    agent, talk, fan, database
):
    (row,) = arrived(database, fan)
    heart = "❤️"
    agent.call("messaging.message", "action_react", [row["id"]], heart)

    def shown():
        query = {"sid": row["provider_message_id"]}
        (message,) = fan.phone.get("messages", **query)["messages"]
        return message["reactions"]

    eventually(lambda: shown() == {"us": heart})
    agent.call("messaging.message", "action_react", [row["id"]])
    eventually(lambda: shown() == {})
