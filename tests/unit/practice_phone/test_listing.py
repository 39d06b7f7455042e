"""Past messages, as Twilio lists them."""

import time
from datetime import datetime, timedelta, timezone

import pytest

from tests.unit.practice_phone.harness import MESSAGES
from tests.unit.practice_phone.test_api import check, spec
from tests.unit.practice_phone.test_customer import picture
from tools.practice_phone import demo

DAY = 24 * 3600
LINE = f"whatsapp:{demo.WHATSAPP_NUMBER}"
LUCIA = "whatsapp:+34600100101"
DOCUMENT = "twilio_messages_min.strict-overlay.json"


@pytest.fixture
def past(client):
    """Import a message for each age in days, from the customer and to them in turn."""

    def past(*days):
        rows = [
            {
                "direction": ("inbound", "outbound")[number % 2],
                "body": f"{age} days ago",
                "ago": age * DAY,
            }
            for number, age in enumerate(days)
        ]
        values = {"line": LINE, "phone": "+34600100101", "messages": rows}
        assert client.post("/control/import", json=values).status_code == 200

    return past


def moment(days_ago, shape="%Y-%m-%dT%H:%M:%SZ"):
    return (datetime.now(timezone.utc) - timedelta(days=days_ago)).strftime(shape)


def bodies(api, **query):
    answer = api.get(MESSAGES, params=query)
    assert answer.status_code == 200, answer.text
    return [each["body"] for each in answer.json()["messages"]]


def test_past_messages_are_listed_newest_first(api, past):
    past(3, 9, 1)
    assert bodies(api) == ["1 days ago", "3 days ago", "9 days ago"]
    for each in api.get(MESSAGES).json()["messages"]:
        check(spec(DOCUMENT), "api.v2010.account.message", each)
        assert each["date_sent"] == each["date_created"]


@pytest.mark.parametrize("name", ["DateSent>", "DateSent>="])
def test_messages_since_a_moment_are_listed(api, past, name):
    past(1, 3, 9)
    assert bodies(api, **{name: moment(4)}) == ["1 days ago", "3 days ago"]
    whole_day = {name: moment(3, "%Y-%m-%d")}
    assert bodies(api, **whole_day) == ["1 days ago", "3 days ago"]
    assert bodies(api, **{"DateSent": moment(9, "%Y-%m-%d")}) == ["9 days ago"]
    assert bodies(api, **{"DateSent<": moment(4)}) == ["9 days ago"]


def test_sides_are_told_apart(api, past):
    past(1, 2)
    assert bodies(api, To=LINE) == bodies(api, From=LUCIA) == ["1 days ago"]
    assert bodies(api, From=LINE) == bodies(api, To=LUCIA) == ["2 days ago"]


def test_pages_keep_their_filter(api, past):
    past(*range(1, 8))
    query = {"DateSent>": moment(6.5), "PageSize": 2, "From": LUCIA}
    page = api.get(MESSAGES, params=query).json()
    found = page["messages"]
    while page["next_page_uri"]:
        page = api.get(page["next_page_uri"]).json()
        found += page["messages"]
    assert [each["body"][0] for each in found] == ["1", "3", "5"]


@pytest.mark.parametrize("query", [{"DateSend>": "x"}, {"DateSent>": "yesterday"}])
def test_a_wrong_filter_is_refused(api, past, query):
    past(1)
    assert api.get(MESSAGES, params=query).status_code == 400


def test_the_media_of_a_message_are_listed_and_can_be_fetched(says, api):
    sid = says(media=[picture()])["messages"][0]["sid"]
    path = MESSAGES.replace(".json", f"/{sid}")
    assert api.get(f"{path}.json").json()["num_media"] == "1"
    (media,) = api.get(f"{path}/Media.json").json()["media_list"]
    check(spec(DOCUMENT), "api.v2010.account.message.media", media)
    assert (media["parent_sid"], media["content_type"]) == (sid, "image/png")
    assert api.get(media["uri"].removesuffix(".json")).status_code == 307


def test_reading_a_message_does_not_change_when_it_was_sent(api, client, past):
    past(5)
    before = api.get(MESSAGES).json()["messages"][0]
    sid = before["sid"]
    client.post("/control/read", json={"line": LINE, "customer": "+34600100101"})
    time.sleep(0.01)
    after = api.get(MESSAGES.replace(".json", f"/{sid}.json")).json()
    assert after["date_sent"] == before["date_sent"]
