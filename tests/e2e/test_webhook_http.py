"""Customers' messages arrive once, in order and at once, whatever Twilio does."""

import json

from tests.e2e.support.webhook import new_sid, picture_from, status_of, text_from
from tests.waiting import eventually

EMPTY_TWIML = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'


def test_a_customers_message_makes_an_open_and_unassigned_conversation(
    webhook, database, customer
):
    answer = webhook.post(text_from(customer, "Hello 👋"))
    assert (answer.status, answer.body) == (200, EMPTY_TWIML)
    assert answer.content_type.startswith("text/xml")
    conversation = database.conversation(customer)
    assert (conversation["state"], conversation["user_id"]) == ("open", None)
    assert conversation["contact_phone"] == customer
    (message,) = database.messages(customer)
    assert (message["direction"], message["body"]) == ("inbound", "Hello 👋")


def test_a_webhook_creates_no_contact_and_no_lead(webhook, database, customer):
    before = database.footprint()
    webhook.post(text_from(customer))
    after = database.footprint()
    assert before["res_partner"] == after["res_partner"]
    assert before["crm_lead"] == after["crm_lead"]


def test_a_message_is_published_in_its_own_commit(webhook, database, customer):
    webhook.post(text_from(customer, "Tell them"))
    conversation = database.conversation(customer)
    rows = database.rows(
        "SELECT channel, message FROM bus_bus ORDER BY id DESC LIMIT 5"
    )
    told = [json.loads(row["message"])["payload"] for row in rows]
    bodies = [
        message["body"]
        for payload in told
        for message in payload.get("messages", [])
        if message["conversation_id"] == conversation["id"]
    ]
    assert bodies == ["Tell them"]


def test_the_same_webhook_twice_makes_one_message(webhook, database, customer):
    form = text_from(customer)
    assert [webhook.post(form).status for _ in range(2)] == [200, 200]
    assert len(database.messages(customer)) == 1


def test_the_same_webhook_at_the_same_instant_makes_one_message(
    webhook, database, customer
):
    form = text_from(customer)
    answers = webhook.post_at_once([form] * 6)
    assert {answer.status for answer in answers} == {200}
    assert len(database.conversations(customer)) == 1
    assert len(database.messages(customer)) == 1


def test_the_same_webhook_at_the_same_instant_in_a_known_conversation_makes_one_message(
    webhook, database, customer
):
    webhook.post(text_from(customer, "First"))
    answers = webhook.post_at_once([text_from(customer, "Second")] * 6)
    assert {answer.status for answer in answers} == {200}
    assert [m["body"] for m in database.messages(customer)] == ["First", "Second"]


def test_an_album_of_a_new_customer_makes_one_conversation_and_no_retry(
    odoo, webhook, database, customer
):
    before = odoo.log.read_text().count("SERIALIZATION_FAILURE")
    answers = webhook.post_at_once([text_from(customer, f"Part {n}") for n in range(3)])
    assert {answer.status for answer in answers} == {200}
    assert odoo.log.read_text().count("SERIALIZATION_FAILURE") == before
    assert len(database.conversations(customer)) == 1
    bodies = sorted(message["body"] for message in database.messages(customer))
    assert bodies == ["Part 0", "Part 1", "Part 2"]


def test_an_album_is_shown_in_commit_order(webhook, database, customer):
    webhook.post_at_once([text_from(customer, f"Part {n}") for n in range(3)])
    messages = database.messages(customer)
    conversation = database.conversation(customer)
    assert conversation["last_message_id"] == messages[-1]["id"]
    assert conversation["last_message_preview"] == messages[-1]["body"]
    times = [message["sent_at"] for message in messages]
    assert times == sorted(times)


def test_simultaneous_new_customers_each_get_a_conversation(
    webhook, database, customer
):
    customers = [f"{customer}{n:02d}" for n in range(12)]
    answers = webhook.post_at_once([text_from(each) for each in customers])
    assert {answer.status for answer in answers} == {200}
    assert all(len(database.messages(each)) == 1 for each in customers)


def test_a_customers_message_reopens_the_same_conversation(
    webhook, database, customer, agent
):
    webhook.post(text_from(customer, "First"))
    conversation = database.conversation(customer)
    agent.conversation(conversation, "action_assign", agent.id)
    agent.conversation(conversation, "action_close")
    webhook.post(text_from(customer, "Second"))
    reopened = database.conversation(customer)
    assert reopened["id"] == conversation["id"]
    assert (reopened["state"], reopened["user_id"]) == ("open", agent.id)
    events = [m["event_type"] for m in database.messages(customer, "event")]
    assert events == ["assigned", "closed", "reopened"]


def test_the_same_webhook_again_does_not_reopen_a_conversation(
    webhook, database, customer, agent
):
    form = text_from(customer)
    webhook.post(form)
    agent.conversation(database.conversation(customer), "action_close")
    webhook.post(form)
    assert database.conversation(customer)["state"] == "closed"


def test_a_status_does_not_reopen_a_conversation(
    webhook, database, known, agent, phone
):
    phone.trouble(callbacks="drop")
    conversation = database.conversation(known)
    (message_id,) = agent.reply(conversation, "Tomorrow.")
    sent = eventually(lambda: database.message(message_id)["provider_message_id"])
    agent.conversation(conversation, "action_close")
    webhook.post(status_of(sent, "read", known))
    assert database.message(message_id)["state"] == "read"
    assert database.conversation(known)["state"] == "closed"


def test_a_status_never_moves_a_message_backwards(
    webhook, database, known, agent, phone
):
    phone.trouble(callbacks="drop")
    (message_id,) = agent.reply(database.conversation(known), "Tomorrow.")
    sent = eventually(lambda: database.message(message_id)["provider_message_id"])
    for status in ("read", "delivered", "sent", "failed"):
        assert webhook.post(status_of(sent, status, known)).status == 200
    assert database.message(message_id)["state"] == "read"


def test_a_status_that_arrives_before_our_own_commit_is_applied(
    database, known, agent, phone
):
    """Twilio's callbacks can overtake its own answer to our request."""
    phone.trouble(callbacks="early")
    (message_id,) = agent.reply(database.conversation(known), "Tomorrow.")
    message = database.message(message_id)
    assert message["state"] == "delivered"
    assert not database.receipts(message["provider_message_id"])


def test_a_status_of_an_unknown_message_is_parked_and_applied_by_replay(
    webhook, database, customer, agent, admin
):
    webhook.post(text_from(customer))
    sid = new_sid()
    assert webhook.post(status_of(sid, "delivered", customer)).status == 200
    (receipt,) = database.receipts(sid)
    assert (receipt["state"], receipt["kind"]) == ("failed", "status")
    message_id = database.rows(
        "INSERT INTO messaging_message (conversation_id, channel_id, direction, kind,"
        " state, body, provider_message_id, sent_at) SELECT id, channel_id, 'outbound',"
        " 'text', 'sent', 'Late', %s, now() FROM messaging_conversation WHERE id = %s"
        " RETURNING id",
        sid,
        database.conversation(customer)["id"],
    )[0]["id"]
    admin.call("messaging.receipt", "action_replay", [receipt["id"]])
    assert database.message(message_id)["state"] == "delivered"
    assert not database.receipts(sid)


def test_an_address_without_a_channel_becomes_a_failed_webhook(
    webhook, database, customer
):
    form = text_from(customer, To="whatsapp:+34999999999")
    assert webhook.post(form).status == 200
    assert not database.conversations(customer)
    (receipt,) = database.receipts(form["MessageSid"])
    assert receipt["state"] == "failed"
    assert "+34999999999" in receipt["error"]


def test_a_redelivery_does_not_restore_a_deleted_conversation(
    webhook, database, customer, admin
):
    form = text_from(customer)
    webhook.post(form)
    admin.conversation(database.conversation(customer), "unlink")
    assert webhook.post(form).status == 200
    assert not database.messages(customer)
    assert not [
        row for row in database.conversations(customer) if row["last_message_id"]
    ]


def test_a_deleted_customer_who_writes_again_gets_a_new_unassigned_conversation(
    webhook, database, customer, admin
):
    webhook.post(text_from(customer, "Old"))
    old = database.conversation(customer)
    admin.conversation(old, "action_assign", admin.id)
    admin.conversation(old, "unlink")
    webhook.post(text_from(customer, "New"))
    new = database.conversation(customer)
    assert (new["id"] > old["id"], new["user_id"]) == (True, None)
    assert [m["body"] for m in database.messages(customer)] == ["New"]


def test_a_picture_is_downloaded_after_its_webhook(webhook, database, customer, phone):
    url = "https://api.twilio.com/2010-04-01/Accounts/ACx/Messages/MMx/Media/MEx"
    answer = webhook.post(picture_from(customer, url))
    assert answer.status == 200
    assert [media["url"] for media in database.media(customer)] == [url]
