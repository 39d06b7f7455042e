"""The parser with broken bodies, random input, and published real requests."""

from __future__ import annotations

import dataclasses
import json

import pytest
import requests
from hypothesis import example, given
from hypothesis import strategies as st
from providers.errors import InvalidPayload
from providers.events import (
    KINDS,
    BadEvent,
    HistoryReceived,
    MessageReceived,
    MessageSent,
)
from providers.whatsapp_cloud import WhatsAppCloud
from providers.whatsapp_cloud.content import INTERACTIVE
from providers.whatsapp_cloud.content import READERS as CONTENTS
from providers.whatsapp_cloud.inbound import CHANGES
from providers.whatsapp_cloud.item import MAX_ID, MAX_MESSAGE_ID
from providers.whatsapp_cloud.parse import READERS

from ..shared_payloads import bodies, expected, ids_and_files, summary
from .samples_in import FIXTURES, body_of, message, request_for

PROVIDER = WhatsAppCloud({}, requests.Session())

UNREADABLE = {
    "an empty body": (b"", "JSON"),
    "no JSON": (b"object=whatsapp_business_account", "JSON"),
    "JSON too deep to read": (b"[" * 100_000, "JSON"),
    "a number too long to read": (b"1" * 10_000, "JSON"),
    "a list": (b"[]", "object"),
    "no entries": (b'{"object": "whatsapp_business_account"}', "entries"),
}


@pytest.mark.parametrize(("body", "words"), UNREADABLE.values(), ids=UNREADABLE)
def test_an_unreadable_body_raises_a_sentence(body, words):
    with pytest.raises(InvalidPayload, match=words) as refusal:
        PROVIDER.parse(request_for(body))
    assert len(str(refusal.value)) < 120


@pytest.mark.parametrize("entry", [None, 1, [], {}, {"id": "1", "changes": [1, {}]}])
def test_an_unreadable_entry_leaves_the_others(entry):
    body = body_of("text")
    body["entry"].insert(0, entry)
    (good,) = PROVIDER.parse(request_for(body))
    assert good.message_id == "wamid.0001"


WORDS = [*READERS, *CONTENTS, *CHANGES, *INTERACTIVE, "system", "unsupported"]
# All names that Meta's bodies of our fixtures have.
NAMES = sorted(
    set().union(*(path.read_text().split('"')[1::2] for path in FIXTURES.iterdir()))
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=20)
    | st.sampled_from([*WORDS, "1790000000", "34600000001", '{"a": NaN}']),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES), children, max_size=6)
    ),
    max_leaves=12,
)


@given(
    type_=st.sampled_from(WORDS),
    content=VALUES,
    more=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4),
)
@example(type_="text", content={"body": "\ud800"}, more={"timestamp": float("nan")})
@example(type_="text", content={"body": "a\x00b"}, more={})
def test_any_message_becomes_events_or_a_sentence(type_, content, more):
    body = body_of("text")
    messages = body["entry"][0]["changes"][0]["value"]["messages"]
    messages.insert(0, {**messages[0], "type": type_, type_: content, **more})
    *others, last = PROVIDER.parse(request_for(body))
    assert last.message_id == "wamid.0001"
    for event in others:
        _is_sound(event)


# The lists of parts that a change may hold, by its field.
PARTS = {
    path.stem: (change["field"], name, change["value"][name][0])
    for path in sorted(FIXTURES.glob("*.json"))
    for change in json.loads(path.read_text())["entry"][0]["changes"]
    for name in change["value"]
    if isinstance(change["value"][name], list) and name != "contacts"
}


@given(
    name=st.sampled_from(list(PARTS)),
    dropped=st.sets(st.sampled_from(NAMES), max_size=20),
    more=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=3),
    data=st.data(),
)
def test_any_part_becomes_events_or_a_sentence(name, dropped, more, data):
    field, kind, part = PARTS[name]
    if part:
        dropped |= data.draw(st.sets(st.sampled_from(list(part)), max_size=2))
    kept = {key: value for key, value in part.items() if key not in dropped}
    body = body_of("text")
    change = body["entry"][0]["changes"][0]
    number = change["value"]["metadata"]
    change.update(field=field, value={"metadata": number, kind: [{**kept, **more}]})
    for event in PROVIDER.parse(request_for(body)):
        _is_sound(event)


@given(field=st.sampled_from(list(READERS)), value=VALUES)
def test_any_change_becomes_events_or_a_sentence(field, value):
    number = body_of("text")["entry"][0]["changes"][0]["value"]["metadata"]
    if isinstance(value, dict):
        value = {"metadata": number, **value}
    change = {"field": field, "value": value}
    entry = {"id": "1", "time": value, "changes": [change]}
    body = {"object": "whatsapp_business_account", "entry": [entry]}
    for event in PROVIDER.parse(request_for(body)):
        _is_sound(event)


@given(body=VALUES)
def test_any_body_becomes_events_or_a_sentence(body):
    try:
        events = PROVIDER.parse(
            request_for({"object": "whatsapp_business_account", "entry": body})
        )
    except InvalidPayload as refusal:
        assert str(refusal)
        return
    for event in events:
        _is_sound(event)


def _is_sound(event):
    values = dataclasses.asdict(event)
    json.dumps(values, allow_nan=False, default=str)
    _is_storable(values)
    assert len(values.get("message_id", "")) <= MAX_MESSAGE_ID
    for external_id in values.get("external_ids", ()):
        assert 0 < len(external_id) <= MAX_ID + 1
    if isinstance(event, (MessageReceived, MessageSent)):
        assert event.kind in KINDS
        assert event.message_id and event.external_ids
    for past in event.messages if isinstance(event, HistoryReceived) else ():
        assert past.sent_at
        _is_sound(past)


def _is_storable(value):
    if isinstance(value, str):
        assert "\x00" not in value.encode().decode()
    for item in value.values() if isinstance(value, dict) else ():
        _is_storable(item)
    for item in value if isinstance(value, (tuple, list)) else ():
        _is_storable(item)


def test_a_bad_event_has_a_short_sentence():
    (event,) = PROVIDER.parse(message(id=None))
    assert isinstance(event, BadEvent) and len(event.error) < 120


def test_published_requests_are_read(shared):
    read = {}
    for name, body in bodies("whatsapp_cloud"):
        events = PROVIDER.parse(request_for(body))
        read[name] = [summary(event) for event in events]
        written = json.dumps(body)
        for event in events:
            assert all(
                json.dumps(text)[1:-1] in written for text in ids_and_files(event)
            )
    assert read == expected("whatsapp_cloud")


def test_every_reader_has_a_fixture():
    fields, types = set(), set()
    for path in FIXTURES.glob("*.json"):
        for entry in json.loads(path.read_text())["entry"]:
            for change in entry["changes"]:
                fields.add(change["field"])
                value = change["value"]
                types |= {each["type"] for each in value.get("messages", ())}
    assert set(CONTENTS) | set(CHANGES) <= types
    assert set(READERS) - fields == {
        # These are read as others are.
        "group_settings_update",
        "message_template_components_update",
        "business_capability_update",
    }
