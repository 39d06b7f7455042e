"""Messages whose webhooks never arrived, fetched from the provider's list."""

import pytest

from tests.e2e.support.fans import PLACES, at
from tests.waiting import eventually

MISSED = [
    {"body": "Is anybody there?", "ago": 900},
    {"body": "Hello?", "ago": 600},
]


@pytest.fixture
def account_id(fan, database, request):
    """Return the id of the account, whose channels have been here for 20 hours."""
    account_id = request.getfixturevalue(PLACES[fan.place][1])["id"]

    def has_history():
        return not database.rows(
            "SELECT 1 FROM messaging_channel WHERE account_id = %s"
            " AND history_since IS NOT NULL",
            account_id,
        )

    # A new channel first fetches its history, which isn't unread.
    eventually(has_history, 60, "the end of the history")
    # No multiple of the six hours that are compared at a time: otherwise the last piece
    # would end when the channel was made, up to ten minutes ago.
    database.run(
        "UPDATE messaging_channel SET create_date = create_date - interval '20 hours'"
        " WHERE account_id = %s",
        account_id,
    )
    return account_id


@at("twilio", "messenger", "instagram")
def test_what_no_webhook_brought_is_fetched_once(
    fan, phone, admin, agent, database, account_id
):
    who = "phone" if fan.kind == "whatsapp" else "scoped_id"
    phone.post("import", line=fan.line, messages=MISSED, **{who: fan.external_id})

    def bodies():
        rows = database.messages(fan.external_id, "inbound")
        return [row["body"] for row in rows]

    def is_compared():
        refused = "SELECT address, compare_error FROM messaging_channel WHERE active"
        refused += " AND account_id = %s AND compare_error IS NOT NULL"
        assert not database.rows(refused, account_id)
        rows = database.rows(
            "SELECT 1 FROM messaging_channel WHERE account_id = %s AND active"
            " AND (compare_at IS NULL OR compared_until"
            "      < now() AT TIME ZONE 'UTC' - interval '5 minutes')",
            account_id,
        )
        return not rows

    for _time in range(2):
        admin.call("messaging.account", "action_fetch_missed", [account_id])
        # The one cron worker may be busy for long with what other tests began.
        eventually(is_compared, 120, "the end of the comparison")
        assert bodies() == [each["body"] for each in MISSED]
    conversation = database.conversation(fan.external_id)
    (row,) = agent.call("messaging.conversation", "inbox_rows", [conversation["id"]])
    assert (row["state"], row["unread_count"]) == ("open", len(MISSED))
    words = admin.call("messaging.account", "read", [account_id], ["missed"])
    assert "were missed and fetched" in words[0]["missed"]
