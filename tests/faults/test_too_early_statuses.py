"""Statuses that arrive too early must not block customers' messages."""

from tests.e2e.support.webhook import new_sid, status_of, text_from
from tests.waiting import eventually

BURST = 20
NOT_OURS_YET = "+34600300001"


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
    values = {"kind": "whatsapp", "name": "Late", "address": NOT_OURS_YET}
    values["account_id"] = account["id"]
    admin.call("messaging.channel", "create", [values])
    (message,) = eventually(lambda: database.messages(customer))
    assert message["body"] == "Are you there?"
    eventually(lambda: not database.receipts(lost["MessageSid"]))
