"""Messenger and Instagram from end to end: webhooks and requests."""

from tests.e2e.support.fans import arrived, at
from tests.e2e.support.waiting import eventually


@at("instagram")
def test_an_answer_to_a_story_and_a_mention_keep_their_story(fan, database):
    fan.write("Beautiful", story="reply")
    fan.write(story="mention")
    reply, mention = arrived(database, fan, 2)
    assert reply["data"]["reply_to_story"]["url"].startswith("https://")
    assert mention["data"]["story_mention"] is True
    eventually(
        lambda: [each["state"] for each in database.media(fan.external_id)] == ["ready"]
    )


@at("messenger", "instagram")
def test_one_bad_event_does_not_block_the_others(fan, database):
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
