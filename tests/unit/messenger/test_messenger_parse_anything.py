"""The parser with broken bodies, random input, and published real requests."""

from __future__ import annotations

import dataclasses
import json

import pytest
import requests
from hypothesis import example, given
from hypothesis import strategies as st
from providers.errors import InvalidPayload
from providers.events import KINDS, BadEvent, MessageReceived, MessageSent
from providers.messenger import Messenger
from providers.messenger.item import MAX_MESSAGE_ID
from providers.messenger.parse import READERS

from ..shared_payloads import bodies, expected, ids_and_files, summary
from .samples import APP_ID, FIXTURES, PSID, body_of, fixture, message, request_for

PROVIDER = Messenger({"app_id": APP_ID}, requests.Session())

UNREADABLE = {
    "an empty body": (b"", "JSON"),
    "no JSON": (b"object=page", "JSON"),
    "JSON cut short": (b'{"object": "page"', "JSON"),
    "undecodable bytes": (b"\xff\xfe\x00", "JSON"),
    "JSON too deep to read": (b"[" * 100_000, "JSON"),
    "a number too long to read": (b"1" * 10_000, "JSON"),
    "a list": (b"[]", "object"),
    "no entries": (b'{"object": "page"}', "entries"),
    "entries that are not a list": (b'{"object": "page", "entry": {}}', "entries"),
}


@pytest.mark.parametrize(("body", "words"), UNREADABLE.values(), ids=UNREADABLE)
def test_an_unreadable_body_raises_a_sentence(body, words):
    with pytest.raises(InvalidPayload, match=words) as refusal:
        PROVIDER.parse(request_for(body))
    assert len(str(refusal.value)) < 120


BAD = {
    "no mid": (message(mid=None), "no mid"),
    "an empty mid": (message(mid=""), "no mid"),
    "an overlong mid": (message(mid="m" * 5000), "too long"),
    "a message that is not an object": (fixture("text", message=[]), "no mid"),
    "no sender": (fixture("text", sender=None), "no id of the customer"),
    "a sender without an id": (
        fixture("text", sender={"user_ref": "1"}),
        "no id of the customer",
    ),
    "an overlong sender": (fixture("text", sender={"id": "1" * 999}), "too long"),
    "an echo without a recipient": (
        fixture("echo_of_ours", recipient=None),
        "no id of the customer",
    ),
    "a reaction without an id": (fixture("reaction", reaction={}), "no mid"),
    "an edit without an id": (fixture("edit", message_edit={"text": "a"}), "no mid"),
    "an empty delivery": (fixture("delivery", delivery={}), "delivery"),
    "a read event without a time": (
        fixture("read", read={"watermark": "soon"}),
        "read",
    ),
}


@pytest.mark.parametrize(("request_", "words"), BAD.values(), ids=BAD)
def test_an_unreadable_event_carries_a_sentence(request_, words):
    (event,) = PROVIDER.parse(request_)
    assert isinstance(event, BadEvent)
    assert words in event.error
    assert len(event.error) < 120


@pytest.mark.parametrize("entry", [None, 1, [], {}, {"id": ""}, {"id": "1" * 999}])
def test_an_unreadable_entry_leaves_the_others(entry):
    body = body_of("text")
    body["entry"].insert(0, entry)
    bad, good = PROVIDER.parse(request_for(body))
    assert isinstance(bad, BadEvent)
    assert good.message_id == "m_0001"


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=20)
    | st.sampled_from(
        ["image", "location", "template", "share", "https://a.fbcdn.net"]
    ),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *(
                        "id",
                        "mid",
                        "text",
                        "attachments",
                        "type",
                        "payload",
                        "url",
                        "title",
                    ),
                    *("is_echo", "reply_to", "story", "referral", "watermark", "mids"),
                    *("quick_reply", "coordinates", "lat", "long", "elements", "emoji"),
                    *(
                        "product",
                        "ads_context_data",
                        "app_id",
                        "metadata",
                        "is_deleted",
                    ),
                ]
            ),
            children,
            max_size=6,
        )
    ),
    max_leaves=12,
)
KEYS = [*READERS, "sender", "recipient", "timestamp"]
EVENTS = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=5)


@given(event=EVENTS, of_page=st.booleans(), standby=st.booleans())
@example(event={"timestamp": float("nan")}, of_page=True, standby=False)
@example(event={"message": {"mid": "\ud800"}}, of_page=False, standby=True)
def test_any_event_becomes_events_or_a_sentence(event, of_page, standby):
    good = body_of("text" if of_page else "instagram_text")
    entry = good["entry"][0]
    (usual,) = entry.pop("messaging")
    entry["standby" if standby else "messaging"] = [{**usual, **event}, usual]
    *others, last = PROVIDER.parse(request_for(good))
    assert last.message_id == usual["message"]["mid"]
    for found in others:
        _is_sound(found)


@given(body=VALUES)
def test_any_body_becomes_events_or_a_sentence(body):
    try:
        events = PROVIDER.parse(request_for({"object": "page", "entry": body}))
    except InvalidPayload as refusal:
        assert str(refusal)
        return
    for event in events:
        _is_sound(event)


def test_an_event_without_an_id_gets_one_that_an_index_takes():
    (event,) = PROVIDER.parse(fixture("referral", timestamp="9" * 5000))
    assert len(event.message_id) == MAX_MESSAGE_ID
    assert event.message_id.startswith(f"referral.{PSID}.9")


def _is_sound(event):
    values = dataclasses.asdict(event)
    json.dumps(values, allow_nan=False, default=str)
    _is_storable(values)
    assert len(values.get("message_id", "")) <= MAX_MESSAGE_ID
    assert all(values.get("external_ids", (True,)))
    if isinstance(event, (MessageReceived, MessageSent)):
        assert event.kind in KINDS
        assert event.message_id and event.external_ids


def _is_storable(value):
    if isinstance(value, str):
        assert "\x00" not in value.encode().decode()
    for item in value.values() if isinstance(value, dict) else ():
        _is_storable(item)
    for item in value if isinstance(value, (tuple, list)) else ():
        _is_storable(item)


def test_published_requests_are_read(shared):
    read = {}
    for name, body in bodies("messenger", "instagram"):
        events = PROVIDER.parse(request_for(body))
        read[name] = [summary(event) for event in events]
        written = json.dumps(body)
        for event in events:
            assert all(
                json.dumps(text)[1:-1] in written for text in ids_and_files(event)
            )
    assert read == expected("messenger", "instagram")


def test_every_reader_has_a_fixture():
    written = {
        key
        for path in FIXTURES.glob("*.json")
        for entry in json.loads(path.read_text())["entry"]
        for event in entry.get("messaging", entry.get("standby", ()))
        for key in event
    }
    # An older document writes it with a hyphen.
    assert set(READERS) - written == {"policy-enforcement"}
