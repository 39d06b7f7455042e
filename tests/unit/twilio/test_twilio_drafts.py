"""Creating a template: its content, its submission, and what can go wrong."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from providers.errors import Reason, Refused, Retryable, Unsettled
from providers.events import Template, TemplateButton

from ..server import Reply
from .contents import SID

CREATED = Reply(201, {"sid": SID, "friendly_name": "chair_ready", "language": "en"})
RECEIVED = Reply(
    201,
    {
        "name": "chair_ready",
        "category": "UTILITY",
        "content_type": "twilio/text",
        "status": "received",
        "rejection_reason": "",
    },
)
BODY = "Hello {{1}}, your chair {{number}} is ready."
DRAFT = Template(
    reference="",
    name="chair_ready",
    language="pt_BR",
    body=BODY,
    category="utility",
    variables={"1": "Ada", "number": "A-17"},
)
YES = TemplateButton("reply", "Yes")
NO = TemplateButton("reply", "No", payload="declined")
TRACK = TemplateButton("url", "Track", "https://shop.example.com/{{number}}")
CALL = TemplateButton("phone", "Call", "+34600000001")
COPY = TemplateButton("copy_code", "Copy", "SAVE10")
PICTURE = {"media_url": "https://cdn.example.com/offer.jpg", "media_kind": "image"}
YES_ACTION = {"type": "QUICK_REPLY", "title": "Yes", "id": "Yes"}
TRACK_ACTION = {"type": "URL", "title": "Track", "url": TRACK.value}

DRAFTS = {
    "a text": ({}, "twilio/text", {}),
    "a picture": (PICTURE, "twilio/media", {"media": [PICTURE["media_url"]]}),
    "replies": (
        {"buttons": (YES, NO)},
        "twilio/quick-reply",
        {
            "actions": [
                YES_ACTION,
                {"type": "QUICK_REPLY", "title": "No", "id": "declined"},
            ]
        },
    ),
    "a link, a call and a code": (
        {"buttons": (TRACK, CALL, COPY)},
        "twilio/call-to-action",
        {
            "actions": [
                TRACK_ACTION,
                {"type": "PHONE_NUMBER", "title": "Call", "phone": "+34600000001"},
                {"type": "COPY_CODE", "title": "Copy", "code": "SAVE10"},
            ]
        },
    ),
    "a reply and a link": (
        {"buttons": (YES, TRACK)},
        "whatsapp/card",
        {"actions": [YES_ACTION, TRACK_ACTION]},
    ),
    "a header": ({"header": "Hello"}, "whatsapp/card", {"header_text": "Hello"}),
    "a footer": ({"footer": "Bye"}, "whatsapp/card", {"footer": "Bye"}),
    "a picture with a button": (
        {**PICTURE, "buttons": (YES,)},
        "whatsapp/card",
        {"media": [PICTURE["media_url"]], "actions": [YES_ACTION]},
    ),
}


def posted(server):
    return [json.loads(request.body) for request in server.captured]


@pytest.mark.parametrize(
    ("changes", "name", "values"), DRAFTS.values(), ids=DRAFTS.keys()
)
def test_a_draft_is_created_as_the_plainest_type_and_submitted(
    twilio, server, changes, name, values
):
    server.plan(CREATED, RECEIVED)
    found = twilio.create_template(replace(DRAFT, **changes))
    assert posted(server) == [
        {
            "friendly_name": "chair_ready",
            "language": "pt_BR",
            "variables": {"1": "Ada", "number": "A-17"},
            "types": {name: {"body": BODY, **values}},
        },
        {"name": "chair_ready", "category": "UTILITY"},
    ]
    assert [request.path for request in server.captured] == [
        "/v1/Content",
        f"/v1/Content/{SID}/ApprovalRequests/whatsapp",
    ]
    assert (found.reference, found.state) == (SID, "pending")
    assert (found.body, found.category, found.language) == (BODY, "utility", "pt_BR")
    assert found.variables == DRAFT.variables
    assert found.media_kind == changes.get("media_kind", "")


def test_a_created_card_needs_approval_even_in_the_window(twilio, server):
    server.plan(CREATED, RECEIVED)
    found = twilio.create_template(replace(DRAFT, footer="Bye", buttons=(YES,)))
    assert found.needs_approval
    assert found.footer == "Bye"
    assert found.buttons == (replace(YES, payload="Yes"),)


@pytest.mark.parametrize(
    ("word", "state"),
    [("received", "pending"), ("unsubmitted", "pending"), ("rejected", "rejected")],
)
def test_the_answer_gives_the_state(twilio, server, word, state):
    server.plan(CREATED, Reply(201, {"status": word, "category": "MARKETING"}))
    found = twilio.create_template(DRAFT)
    assert (found.state, found.category) == (state, "marketing")


FAILED_SUBMISSIONS = {
    "a refusal": (
        Reply(400, {"code": 63040, "message": "Two variables are adjacent."}),
        "Two variables are adjacent.",
    ),
    "no answer": (Reply(504), "HTTP 504"),
    "a limit": (Reply(429, {"code": 20429, "message": "Too many"}), "Too many"),
}


@pytest.mark.parametrize(
    ("reply", "words"), FAILED_SUBMISSIONS.values(), ids=FAILED_SUBMISSIONS
)
def test_a_failed_submission_keeps_the_content_and_says_why(
    twilio, server, reply, words
):
    server.plan(CREATED, reply)
    found = twilio.create_template(DRAFT)
    assert (found.reference, found.state) == (SID, "unsubmitted")
    assert found.rejection_reason == words
    assert found.category == "utility"


def test_a_template_that_exists_is_only_submitted(twilio, server):
    server.plan(RECEIVED)
    found = twilio.create_template(replace(DRAFT, reference=SID))
    assert [request.path for request in server.captured] == [
        f"/v1/Content/{SID}/ApprovalRequests/whatsapp"
    ]
    assert (found.reference, found.state) == (SID, "pending")


def test_a_second_submission_of_the_same_content_is_pending(twilio, server):
    server.plan(Reply(400, {"code": 92009, "message": "Already submitted"}))
    found = twilio.create_template(replace(DRAFT, reference=SID))
    assert (found.state, found.rejection_reason) == ("pending", "")


FAILED_CREATIONS = {
    "a refusal": (Reply(400, {"code": 92002, "message": "Too many"}), Refused),
    "too many requests": (Reply(429, {"code": 20429}), Retryable),
    "a gateway": (Reply(502), Unsettled),
    "no id": (Reply(201, {}), Unsettled),
    "half an answer": (Reply(201, body=b'{"sid": "HX'), Unsettled),
    "no answer": (Reply(drop=True), Unsettled),
}


@pytest.mark.parametrize(
    ("reply", "kind"), FAILED_CREATIONS.values(), ids=FAILED_CREATIONS
)
def test_a_creation_is_never_repeated(twilio, server, reply, kind):
    server.plan(reply)
    with pytest.raises(kind) as failure:
        twilio.create_template(DRAFT)
    assert type(failure.value) is kind
    assert len(server.captured) == 1


IMPOSSIBLE = {
    "capitals": {"name": "Chair_ready"},
    "a space": {"name": "chair ready"},
    "an accent": {"name": "cadeira_pronta_já"},
    "no name": {"name": ""},
    "a line more": {"name": "chair_ready\n"},
    "a long name": {"name": "a" * 513},
    "no category": {"category": ""},
    "a row of a list": {"buttons": (TemplateButton("item", "Monday"),)},
}


@pytest.mark.parametrize("changes", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_an_impossible_draft_never_reaches_twilio(twilio, server, changes):
    with pytest.raises(Refused) as refusal:
        twilio.create_template(replace(DRAFT, **changes))
    assert refusal.value.reason is Reason.TEMPLATE_REJECTED
    assert refusal.value.detail
    assert not server.captured
