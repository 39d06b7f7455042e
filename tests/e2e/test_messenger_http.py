"""Messenger and Instagram from end to end: webhooks and requests."""

from tests.e2e.support.fans import arrived, at
from tests.waiting import eventually


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
