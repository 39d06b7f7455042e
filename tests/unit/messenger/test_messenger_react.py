"""Our reactions to customers' messages: each request, and what an answer means."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from providers.errors import Reason, Refused, Retryable
from providers.events import OutboundReaction
from providers.messenger import Messenger
from providers.provider import Reactions
from providers.twilio import Twilio

from ..server import Reply
from .samples import IGSID, INSTAGRAM, PAGE, PAGE_TOKEN, PSID, fixture, proof

ACCEPTED = Reply(json={"recipient_id": PSID})
HEART = "❤️"


def reaction(emoji, **changes):
    channel = replace(PAGE, token=PAGE_TOKEN)
    return replace(OutboundReaction(channel, PSID, "m_0001", emoji), **changes)


def on_instagram(emoji):
    channel = replace(INSTAGRAM, token=PAGE_TOKEN)
    return reaction(emoji, channel=channel, recipient=IGSID)


SENT = {
    "any emoji on Messenger": (
        reaction("🎉"),
        *(PSID, "react", {"message_id": "m_0001", "reaction": "🎉"}),
    ),
    "none on Messenger": (
        reaction(""),
        *(PSID, "unreact", {"message_id": "m_0001"}),
    ),
    "the heart on Instagram": (
        on_instagram(HEART),
        *(IGSID, "react", {"message_id": "m_0001", "reaction": "love"}),
    ),
    "none on Instagram": (
        on_instagram(""),
        *(IGSID, "unreact", {"message_id": "m_0001"}),
    ),
}


@pytest.mark.parametrize("name", SENT)
def test_a_reaction_is_one_sender_action(meta, server, name):
    given, recipient, action, payload = SENT[name]
    server.plan(ACCEPTED)
    assert meta.react(given) is None
    (request,) = server.captured
    assert (request.method, request.path) == ("POST", "/v25.0/me/messages")
    assert request.headers["authorization"] == f"Bearer {PAGE_TOKEN}"
    assert request.query == {"appsecret_proof": proof(PAGE_TOKEN)}
    assert json.loads(request.body) == {
        "recipient": {"id": recipient},
        "sender_action": action,
        "payload": payload,
    }


def error(status, code, subcode=None):
    words = {"message": "Meta's words", "code": code, "error_subcode": subcode}
    return Reply(status, {"error": words})


ERRORS = {
    "the window is closed": (error(400, 10, 2018278), Refused, Reason.WINDOW_CLOSED),
    "a bad token": (error(400, 190, 463), Refused, Reason.BAD_CREDENTIALS),
    "a bad parameter": (error(400, 100), Refused, Reason.OTHER),
    "too many requests": (error(400, 4), Retryable, Reason.RATE_LIMITED),
    # Unlike a message, a reaction may be sent again without an answer.
    "a service that is down": (error(503, 2), Retryable, Reason.PROVIDER_DOWN),
    "500": (Reply(500, body=b"<html>"), Retryable, Reason.PROVIDER_DOWN),
    "200 without JSON": (Reply(body=b"OK"), Retryable, Reason.OTHER),
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_says_whether_to_try_again(meta, server, name):
    answer, kind, reason = ERRORS[name]
    server.plan(answer)
    with pytest.raises(kind) as failure:
        meta.react(reaction(HEART))
    assert failure.value.reason is reason


def test_a_message_without_an_id_at_meta_gets_no_reaction(meta, server):
    (came,) = meta.parse(fixture("postback_without_id"))
    with pytest.raises(Refused):
        meta.react(reaction(HEART, message_id=came.message_id))
    assert not server.captured


def test_providers_declare_what_they_take():
    taken = Messenger.reactions
    assert taken.keys() == {"messenger", "instagram"}
    assert taken["messenger"].takes("🎉")
    assert taken["instagram"].takes(HEART)
    assert not taken["instagram"].takes("🎉")
    assert Twilio.reactions == {}


@pytest.mark.parametrize("emoji", ["👍", "👍🏽", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "🇪🇸"])
def test_any_emoji_is_one(emoji):
    assert Reactions((), any_emoji=True).takes(emoji)


@pytest.mark.parametrize("text", ["", "a", "ok 👍", "👍a", "12", "é", "👍" * 17])
def test_other_texts_are_no_emoji(text):
    assert not Reactions((), any_emoji=True).takes(text)
