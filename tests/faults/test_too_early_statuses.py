"""Webhooks that arrive before what they are about: a channel, a message."""

import threading

from tests.e2e.support.webhook import new_sid, status_of, text_from
from tests.waiting import eventually

BURST = 20
NOT_OURS_YET = "+34600300001"


def create_channel(admin, account, address):
    values = {"kind": "whatsapp", "name": "Late", "address": address}
    values["account_id"] = account["id"]
    admin.call("messaging.channel", "create", [values])


def test_a_burst_of_early_statuses_costs_a_customers_message_no_attempts(
    webhook, account, admin, customer, database
):
    lost = text_from(customer, "Are you there?", To=f"whatsapp:{NOT_OURS_YET}")
    assert webhook.post(lost).status == 200
    for _ in range(BURST):
        sid = new_sid()
        assert webhook.post(status_of(sid, "delivered", customer)).status == 200
        # Each one triggers another run of the cron.
        eventually(lambda sid=sid: database.receipts(sid)[0]["attempts"])
    (receipt,) = database.receipts(lost["MessageSid"])
    assert (receipt["kind"], receipt["state"]) == ("request", "failed")
    assert 1 <= receipt["attempts"] < BURST / 4
    assert receipt["next_try_at"]
    create_channel(admin, account, NOT_OURS_YET)
    (message,) = eventually(lambda: database.messages(customer))
    assert message["body"] == "Are you there?"
    eventually(lambda: not database.receipts(lost["MessageSid"]))


def test_a_message_being_replayed_while_its_channel_is_created_is_replayed_again(
    webhook, account, admin, customer, database
):
    address = "+34600300002"
    lost = text_from(customer, "Are you there?", To=f"whatsapp:{address}")
    assert webhook.post(lost).status == 200
    claiming = (
        "UPDATE messaging_receipt SET next_try_at = now() + interval '1 hour'"
        " WHERE state = 'failed'"
    )
    with database.open_transaction(claiming) as replay:
        creating = threading.Thread(
            target=create_channel, args=(admin, account, address)
        )
        creating.start()
        eventually(lambda: database.blocked() or not creating.is_alive())
        replay.commit()
    creating.join()
    (message,) = eventually(lambda: database.messages(customer))
    assert message["body"] == "Are you there?"
