"""What leaves for each message, and what each answer means for it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some
from providers import call
from providers.errors import Reason, Refused, Retryable, Unsettled
from providers.events import OutboundReaction, Place, Sent
from providers.whatsapp_cloud.codes import ERROR_TABLE, meaning_of
from providers.whatsapp_cloud.limits import LIMITS
from providers.whatsapp_cloud.recipient import recipient_of

from ..graph_form import parts
from ..server import Reply
from .samples import (
    ACCESS_TOKEN,
    CHANNEL,
    CUSTOMER,
    CUSTOMER_DIGITS,
    NUMBER_ID,
    REFERENCE,
    SCOPED_ID,
    WAMID,
    file,
    outbound,
)

ACCEPTED = Reply(
    json={
        "messaging_product": "whatsapp",
        "contacts": [{"input": CUSTOMER_DIGITS, "wa_id": CUSTOMER_DIGITS}],
        "messages": [{"id": WAMID}],
    }
)
UPLOADED = Reply(json={"id": "4490709327384033"})
OPUS = b"OggS" + bytes(24) + b"OpusHead" + bytes(40)
COMMON = {
    "messaging_product": "whatsapp",
    "recipient_type": "individual",
    "to": CUSTOMER_DIGITS,
}


def body(captured):
    return json.loads(captured.body)


def test_a_text_is_sent_with_our_reference_and_a_link_preview(whatsapp, server):
    server.plan(ACCEPTED)
    assert whatsapp.send(outbound()) == Sent(WAMID, "sent")
    (request,) = server.captured
    assert (request.method, request.path) == ("POST", f"/v25.0/{NUMBER_ID}/messages")
    assert request.headers["authorization"] == f"Bearer {ACCESS_TOKEN}"
    assert body(request) == {
        **COMMON,
        "type": "text",
        "text": {"body": "Tomorrow.", "preview_url": True},
        "biz_opaque_callback_data": REFERENCE,
    }


@pytest.mark.parametrize("content", [{"text": "Hello"}, {"text": "", "file": file()}])
def test_a_channel_without_an_id_at_meta_cannot_send(whatsapp, server, content):
    channel = replace(CHANNEL, reference="")
    with pytest.raises(Refused) as refusal:
        whatsapp.send(outbound(channel=channel, **content))
    assert refusal.value.reason is Reason.BAD_SENDER
    assert not server.captured


def test_a_reply_names_the_quoted_message(whatsapp, server):
    server.plan(ACCEPTED)
    whatsapp.send(outbound(reply_to="wamid.1"))
    assert body(server.captured[0])["context"] == {"message_id": "wamid.1"}


def test_a_business_scoped_id_is_no_number(whatsapp, server):
    server.plan(ACCEPTED)
    whatsapp.send(outbound(recipient=SCOPED_ID))
    sent = body(server.captured[0])
    assert sent["recipient"] == SCOPED_ID
    assert "to" not in sent


RECIPIENTS = {
    "+34600000002": {"to": "34600000002"},
    "34600000002": {"to": "34600000002"},
    " +34 600 00 00 02 ": {"to": "34600000002"},
    "+34-600-000-002": {"to": "34600000002"},
    "+1 (650) 555-1234": {"to": "16505551234"},
    "+55.11.98765.4321": {"to": "5511987654321"},
    "+5511987654321": {"to": "5511987654321"},
    "+49123456": {"to": "49123456"},
    "+123456789012345": {"to": "123456789012345"},
    "US.13491208655302741918": {"recipient": "US.13491208655302741918"},
    "US.ENT.11815799212886844830": {"recipient": "US.ENT.11815799212886844830"},
    "CO.1047385771169864": {"recipient": "CO.1047385771169864"},
    "ES.aB3dE5": {"recipient": "ES.aB3dE5"},
    "ES.600000002": {"recipient": "ES.600000002"},
}
IMPOSSIBLE = (
    *("", " ", "+", "12345", "+0034600000002", "1234567890123456", "+3460000000a"),
    *("@ada", "ada", "whatsapp:+34600000002", "us.134912", "USA.134912", "US.", "US"),
    *("US.13-4", "US.1 3", "+٣٤٦٠٠٠٠٠٠٠٢", "group-1@g.us", "+34600000002,+34600000003"),
)


@pytest.mark.parametrize(("given_id", "field"), RECIPIENTS.items())
def test_numbers_and_business_scoped_ids_have_fields_of_their_own(given_id, field):
    assert recipient_of(given_id) == field


@pytest.mark.parametrize("recipient", IMPOSSIBLE)
def test_an_impossible_recipient_is_refused_before_a_request(
    whatsapp, server, recipient
):
    with pytest.raises(Refused) as refusal:
        whatsapp.send(outbound(recipient=recipient))
    assert refusal.value.reason is Reason.BAD_RECIPIENT
    assert not server.captured


@given(some.text(max_size=30))
def test_a_recipient_is_one_field_or_none(anything):
    try:
        ((name, value),) = recipient_of(anything).items()
    except Refused:
        return
    assert (name == "to") == value.isdecimal()


FILES = {
    "image/jpeg": ("image", {}),
    "image/webp": ("sticker", {}),
    "video/mp4": ("video", {}),
    "audio/mpeg": ("audio", {}),
    "application/pdf": ("document", {"filename": "blue – 1.jpg"}),
    "text/plain": ("document", {"filename": "blue – 1.jpg"}),
}


@pytest.mark.parametrize(
    ("content_type", "kind", "more"), [(name, *row) for name, row in FILES.items()]
)
def test_a_file_is_uploaded_then_sent_by_its_id(
    whatsapp, server, content_type, kind, more
):
    server.plan(UPLOADED, ACCEPTED)
    attached = file(content_type, "blue – 1.jpg")
    assert whatsapp.send(outbound(text="", file=attached)) == Sent(WAMID)
    upload, message = server.captured
    assert upload.path == f"/v25.0/{NUMBER_ID}/media"
    assert parts(upload) == {
        "messaging_product": "whatsapp",
        "type": content_type,
        "file": {
            "filename": "blue – 1.jpg",
            "content_type": content_type,
            "content": "picture",
        },
    }
    assert body(message) == {
        **COMMON,
        "type": kind,
        kind: {"id": "4490709327384033", **more},
        "biz_opaque_callback_data": REFERENCE,
    }


@pytest.mark.parametrize(
    ("named", "shown"),
    [
        (("Shop", "Gran Via 1"), {"name": "Shop", "address": "Gran Via 1"}),
        (("", ""), {}),
    ],
)
def test_a_place_is_sent_with_what_is_known_of_it(whatsapp, server, named, shown):
    server.plan(ACCEPTED)
    whatsapp.send(outbound(text="", place=Place(41.3874, -2.1686, *named)))
    sent = body(server.captured[0])
    point = {"latitude": "41.387400", "longitude": "-2.168600"}
    assert sent["type"] == "location"
    assert sent["location"] == {**point, **shown}


def test_a_caption_goes_with_its_file(whatsapp, server):
    server.plan(UPLOADED, ACCEPTED)
    whatsapp.send(outbound(text="The blue one", file=file("application/pdf")))
    document = body(server.captured[1])["document"]
    assert document["caption"] == "The blue one"


def test_opus_is_a_voice_note(whatsapp, server):
    server.plan(UPLOADED, ACCEPTED)
    whatsapp.send(outbound(text="", file=file("audio/ogg", "note.ogg", OPUS)))
    upload, message = server.captured
    assert parts(upload)["type"] == "audio/ogg; codecs=opus"
    assert body(message)["audio"] == {"id": "4490709327384033", "voice": True}


@pytest.mark.parametrize(
    ("content_type", "content"),
    [("audio/ogg", b"OggS\x01vorbis"), ("audio/mp4", OPUS)],
)
def test_other_sounds_are_no_voice_notes(whatsapp, server, content_type, content):
    server.plan(UPLOADED, ACCEPTED)
    whatsapp.send(outbound(text="", file=file(content_type, "song", content)))
    assert "voice" not in body(server.captured[1])["audio"]


def test_only_what_has_a_text_on_whatsapp_takes_a_caption():
    limits = LIMITS["whatsapp"]
    without = {"image/webp", *(name for name in limits.files if "audio/" in name)}
    assert set(limits.captions) == set(limits.files) - without
    assert set(limits.voice) <= set(limits.files)


@pytest.mark.parametrize("emoji", ["👍", "🏳️‍🌈", ""])
def test_a_reaction_is_set_and_taken_away(whatsapp, server, emoji):
    server.plan(ACCEPTED)
    whatsapp.react(OutboundReaction(CHANNEL, CUSTOMER, "wamid.1", emoji))
    assert body(server.captured[0]) == {
        **COMMON,
        "type": "reaction",
        "reaction": {"message_id": "wamid.1", "emoji": emoji},
    }


def test_a_reaction_without_an_answer_may_be_repeated(whatsapp, server):
    server.plan(Reply(500))
    with pytest.raises(Retryable):
        whatsapp.react(OutboundReaction(CHANNEL, SCOPED_ID, "wamid.1", "👍"))


# --------------------------------------------------------------------------
# errors
# --------------------------------------------------------------------------


def error(status, code, subcode=None, message="Meta's words", **more):
    words = {"message": message, "type": "OAuthException", "code": code, **more}
    if subcode:
        words["error_subcode"] = subcode
    return Reply(status, {"error": words})


MEANINGS = {
    0: (Refused, Reason.BAD_CREDENTIALS),
    1: (Unsettled, Reason.PROVIDER_DOWN),
    2: (Unsettled, Reason.PROVIDER_DOWN),
    3: (Refused, Reason.NOT_PERMITTED),
    4: (Retryable, Reason.RATE_LIMITED),
    10: (Refused, Reason.NOT_PERMITTED),
    190: (Refused, Reason.BAD_CREDENTIALS),
    200: (Refused, Reason.NOT_PERMITTED),
    299: (Refused, Reason.NOT_PERMITTED),
    368: (Refused, Reason.NOT_PERMITTED),
    470: (Refused, Reason.WINDOW_CLOSED),
    80007: (Retryable, Reason.RATE_LIMITED),
    130429: (Retryable, Reason.RATE_LIMITED),
    130472: (Refused, Reason.HELD_BACK),
    130497: (Refused, Reason.NOT_PERMITTED),
    131000: (Unsettled, Reason.PROVIDER_DOWN),
    131005: (Refused, Reason.NOT_PERMITTED),
    131016: (Unsettled, Reason.PROVIDER_DOWN),
    131021: (Refused, Reason.BAD_RECIPIENT),
    131026: (Refused, Reason.NOT_ON_CHANNEL),
    131030: (Refused, Reason.SANDBOX),
    131031: (Refused, Reason.NOT_PERMITTED),
    131037: (Refused, Reason.BAD_SENDER),
    131042: (Refused, Reason.BAD_SENDER),
    131045: (Refused, Reason.NOT_REGISTERED),
    131047: (Refused, Reason.WINDOW_CLOSED),
    131048: (Retryable, Reason.HELD_BACK),
    131049: (Refused, Reason.HELD_BACK),
    131050: (Refused, Reason.MARKETING_STOPPED),
    131051: (Refused, Reason.CONTENT_REFUSED),
    131052: (Refused, Reason.FILE_NOT_FETCHED),
    131053: (Retryable, Reason.FILE_REFUSED),
    131056: (Retryable, Reason.RATE_LIMITED),
    131057: (Retryable, Reason.PROVIDER_DOWN),
    131062: (Refused, Reason.TEMPLATE_REFUSED),
    131063: (Refused, Reason.NOT_PERMITTED),
    131064: (Refused, Reason.DAILY_LIMIT),
    132000: (Refused, Reason.TEMPLATE_VARIABLES),
    132001: (Refused, Reason.TEMPLATE_MISSING),
    132005: (Refused, Reason.TOO_LONG),
    132007: (Refused, Reason.TEMPLATE_REJECTED),
    132008: (Refused, Reason.TEMPLATE_VARIABLES),
    132012: (Refused, Reason.TEMPLATE_VARIABLES),
    132015: (Refused, Reason.TEMPLATE_PAUSED),
    132016: (Refused, Reason.TEMPLATE_REJECTED),
    132018: (Refused, Reason.TEMPLATE_VARIABLES),
    132068: (Refused, Reason.TEMPLATE_REFUSED),
    132069: (Refused, Reason.TEMPLATE_REFUSED),
    133010: (Refused, Reason.NOT_REGISTERED),
    # Codes that only keep Meta's words
    100: (Refused, Reason.OTHER),
    131008: (Refused, Reason.OTHER),
    131009: (Refused, Reason.OTHER),
    135000: (Refused, Reason.OTHER),
    137000: (Refused, Reason.OTHER),
}


def test_every_code_of_whatsapp_has_its_row():
    own = {code for code in ERROR_TABLE if code >= 130000 or code in (0, 470)}
    assert own <= set(MEANINGS)


@pytest.mark.parametrize(
    ("code", "kind", "reason"), [(code, *row) for code, row in MEANINGS.items()]
)
def test_every_code_raises_its_error(whatsapp, server, code, kind, reason):
    server.plan(error(400, code))
    with pytest.raises(kind) as failure:
        whatsapp.send(outbound())
    assert type(failure.value) is kind
    assert failure.value.reason is reason
    assert failure.value.code == (str(code) if code else "400")
    assert meaning_of(str(code)).reason is reason


@pytest.mark.parametrize("code", ["", "x", "-1", "٣", "9" * 5000])
def test_what_is_no_code_has_no_reason(code):
    assert meaning_of(code).reason is Reason.OTHER


@pytest.mark.parametrize("subcode", [460, 463, 467])
def test_a_dead_token_says_why(whatsapp, server, subcode):
    server.plan(error(401, 190, subcode))
    with pytest.raises(Refused) as refusal:
        whatsapp.send(outbound())
    assert refusal.value.reason is Reason.BAD_CREDENTIALS
    assert refusal.value.code == f"190/{subcode}"


def test_the_details_of_an_error_come_before_its_name(whatsapp, server):
    data = {"messaging_product": "whatsapp", "details": "More than 24 hours."}
    server.plan(error(400, 131047, message="(#131047) …", error_data=data))
    with pytest.raises(Refused) as refusal:
        whatsapp.send(outbound())
    assert refusal.value.detail == "More than 24 hours."


@pytest.mark.parametrize("data", ["words", [], {"details": ""}, {}, None])
def test_an_error_without_details_keeps_its_name(whatsapp, server, data):
    server.plan(error(400, 131009, error_data=data))
    with pytest.raises(Refused) as refusal:
        whatsapp.send(outbound())
    assert refusal.value.detail == "Meta's words"


UNSURE = {
    "no id": Reply(json={}),
    "no messages": Reply(json={"messages": []}),
    "a message that is none": Reply(json={"messages": ["wamid.1"]}),
    "no JSON": Reply(body=b"OK"),
    "500": Reply(500, body=b"<html>"),
    "no answer": Reply(drop=True),
}


@pytest.mark.parametrize("reply", UNSURE.values(), ids=UNSURE)
def test_an_answer_that_says_nothing_is_unsettled(whatsapp, server, reply):
    server.plan(reply)
    with pytest.raises(Unsettled):
        whatsapp.send(outbound())
    assert len(server.captured) == 1


@pytest.mark.parametrize(
    "reply",
    [Reply(drop=True), Reply(hang=5), Reply(json={}), Reply(500)],
    ids=["drop", "hang", "no id", "500"],
)
def test_a_failed_upload_has_sent_nothing(whatsapp, server, monkeypatch, reply):
    monkeypatch.setattr("providers.whatsapp_cloud.media.UPLOAD_TIMEOUT", 0.1)
    monkeypatch.setattr(call, "READ_TIMEOUT", 0.1)
    server.plan(reply)
    with pytest.raises(Retryable):
        whatsapp.send(outbound(text="", file=file()))
    assert len(server.captured) == 1
