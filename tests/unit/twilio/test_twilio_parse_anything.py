"""Any request: broken forms, random fields, and real requests."""

from __future__ import annotations

import dataclasses
import json
from urllib.parse import parse_qsl

import pytest
import requests
from hypothesis import example, given
from hypothesis import strategies as st
from providers.errors import InvalidPayload, Reason
from providers.events import KINDS, MessageReceived
from providers.twilio import Twilio
from providers.twilio.content import MAX_ID

from ..shared_payloads import expected, forms, ids_and_files, summary
from .samples import ACCOUNT_SID, FIXTURES, fixture, request_for

PROVIDER = Twilio({"twilio_account_sid": ACCOUNT_SID}, requests.Session())


def parse(request):
    (event,) = PROVIDER.parse(request)
    return event


BROKEN = {
    "no MessageSid": ({"MessageSid": None}, "no MessageSid"),
    "an empty MessageSid": ({"MessageSid": " "}, "no MessageSid"),
    "an endless MessageSid": ({"MessageSid": "S" * 5000}, "too long"),
    "no From": ({"From": None}, "no From"),
    "an empty From": ({"From": "whatsapp:"}, "no From"),
    "an endless From": ({"From": "+" * 5000}, "too long"),
    "no To": ({"To": None}, "no To"),
    "a channel that we don't read": ({"To": "rcs:agent"}, "not rcs"),
    "a NumMedia in words": ({"NumMedia": "two"}, "NumMedia"),
    "a NumMedia below zero": ({"NumMedia": "-1"}, "NumMedia"),
    "a NumMedia of other digits": ({"NumMedia": "٣"}, "NumMedia"),
    "an endless NumMedia": ({"NumMedia": "9" * 9999}, "NumMedia"),
    "too many files": ({"NumMedia": "51"}, "too many files"),
    "a file without an address": ({"NumMedia": "1"}, "MediaUrl0"),
    "a place beyond the pole": ({"Latitude": "91", "Longitude": "0"}, "Latitude"),
    "a place that is no number": ({"Latitude": "nan", "Longitude": "0"}, "Latitude"),
    "a place in words": ({"Latitude": "0", "Longitude": "here"}, "Longitude"),
    "a status of tomorrow": ({"MessageStatus": "dreamt"}, "dreamt"),
}


@pytest.mark.parametrize(("changes", "words"), BROKEN.values(), ids=BROKEN)
def test_an_unreadable_request_is_explained_in_a_sentence(changes, words):
    with pytest.raises(InvalidPayload, match=words) as refusal:
        parse(fixture("text", **changes))
    assert len(str(refusal.value)) < 120


@pytest.mark.parametrize("body", [b"", b'{"MessageSid": "SM1"}'])
def test_a_request_without_a_form_is_unreadable(body):
    with pytest.raises(InvalidPayload, match="no form"):
        PROVIDER.parse(request_for((), body=body))


def test_the_explanation_of_a_bad_request_holds_no_credentials():
    with pytest.raises(InvalidPayload) as refusal:
        parse(fixture("text", MessageSid=None))
    assert ACCOUNT_SID not in str(refusal.value)


NAMES = sorted(
    {
        name
        for path in FIXTURES.iterdir()
        for name, _ in parse_qsl(path.read_text().strip(), keep_blank_values=True)
    }
)
WORDS = st.sampled_from(
    ["0", "1", "received", "read", "failed", "whatsapp:+34600", "+1"]
)
ANY_TEXT = st.text(st.characters(), max_size=40)
FORMS = st.lists(st.tuples(st.sampled_from(NAMES), WORDS | ANY_TEXT), max_size=12)


@given(changes=FORMS)
@example(changes=[("MessageStatus", "\ud800"), ("From", ":")])
def test_any_request_gives_an_event_or_an_explanation(changes):
    request = request_for((*changes, *fixture("text").form), query=(("m", "\x00"),))
    try:
        event = parse(request)
    except InvalidPayload as refusal:
        assert str(refusal)
        return
    assert len(event.message_id) <= MAX_ID
    json.dumps(getattr(event, "data", {}), allow_nan=False)
    _is_storable(dataclasses.asdict(event))
    if isinstance(event, MessageReceived):
        assert event.kind in KINDS
        assert event.external_ids and all(event.external_ids)
    else:
        assert event.status in PROVIDER.statuses
        assert event.reason in ("", *(reason.value for reason in Reason))


def _is_storable(value):
    if isinstance(value, str):
        assert "\x00" not in value.encode().decode()
    for item in value.values() if isinstance(value, dict) else ():
        _is_storable(item)
    for item in value if isinstance(value, (tuple, list)) else ():
        _is_storable(item)


def test_real_requests_of_others_are_read(shared):
    read = {}
    for name, form in forms():
        event = parse(request_for(form))
        read[name] = [summary(event)]
        written = dict(form).values()
        for text in ids_and_files(event):
            assert any(value.endswith(text) for value in written), text
    assert read == expected("twilio_sms", "twilio_whatsapp")
