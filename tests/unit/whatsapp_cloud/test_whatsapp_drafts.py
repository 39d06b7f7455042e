"""New templates: what Meta gets, and what comes back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from providers.errors import Reason, Refused, Retryable, Unsettled
from providers.events import Template, TemplateButton

from ..server import Reply
from .samples import APP_ID, file
from .template_samples import ACCOUNT, HANDLE, OTHER_ACCOUNT
from .test_whatsapp_templates import listed, reached

CREATED = Reply(json={"id": "17", "status": "PENDING", "category": "UTILITY"})
DRAFT = Template(
    reference="",
    name="chair_ready",
    language="en_US",
    body="Hello {{1}}, your chair {{2}} is ready.",
    category="utility",
    variables={"1": "Ada", "2": "A-17"},
)
SESSION = Reply(json={"id": "upload:MTphd?sig=ARZ"})
PICTURE = replace(
    DRAFT,
    media_kind="image",
    media_url="https://crm.example.com/messaging/media/{{3}}",
    variables={**DRAFT.variables, "3": "signed/sample.png"},
    sample=file("image/png", "sample.png"),
)


def created(whatsapp, server, draft):
    server.plan(reached(ACCOUNT), CREATED)
    found = whatsapp.create_template(draft)
    request = server.captured[-1]
    assert request.path == f"/v25.0/{ACCOUNT}/message_templates"
    return found, json.loads(request.body)


def test_a_draft_is_created_and_waits_for_approval(whatsapp, server):
    found, sent = created(whatsapp, server, DRAFT)
    assert found == replace(DRAFT, reference="17", state="pending", needs_approval=True)
    assert sent == {
        "name": "chair_ready",
        "language": "en_US",
        "category": "UTILITY",
        "parameter_format": "POSITIONAL",
        "components": [
            {
                "type": "BODY",
                "text": "Hello {{1}}, your chair {{2}} is ready.",
                "example": {"body_text": [["Ada", "A-17"]]},
            }
        ],
    }


def test_meta_numbers_each_part_anew(whatsapp, server):
    draft = replace(
        DRAFT,
        header="Order {{3}}",
        body="Chair {{2}} of {{1}}, {{1}} and {{4}} is ready.",
        footer="Blue Chairs",
        buttons=(
            TemplateButton("reply", "Thanks", payload="Thanks"),
            TemplateButton("url", "Track", "https://shop.example.com/{{5}}"),
            TemplateButton("phone", "Call", "+34600000001"),
        ),
        variables={"3": "77", "2": "A-17", "1": "Ada", "4": "Eve", "5": "A17"},
    )
    _found, sent = created(whatsapp, server, draft)
    assert sent["components"] == [
        {
            "type": "HEADER",
            "format": "TEXT",
            "text": "Order {{1}}",
            "example": {"header_text": ["77"]},
        },
        {
            "type": "BODY",
            "text": "Chair {{2}} of {{1}}, {{1}} and {{3}} is ready.",
            "example": {"body_text": [["Ada", "A-17", "Eve"]]},
        },
        {"type": "FOOTER", "text": "Blue Chairs"},
        {
            "type": "BUTTONS",
            "buttons": [
                {"type": "QUICK_REPLY", "text": "Thanks"},
                {
                    "type": "URL",
                    "text": "Track",
                    "url": "https://shop.example.com/{{1}}",
                    "example": ["A17"],
                },
                {
                    "type": "PHONE_NUMBER",
                    "text": "Call",
                    "phone_number": "+34600000001",
                },
            ],
        },
    ]


def test_names_stay_names(whatsapp, server):
    draft = replace(
        DRAFT,
        header="For {{first_name}}",
        body="Hello {{first_name}}, {{chair}} is ready.",
        buttons=(TemplateButton("url", "Track", "https://x.example/{{chair}}"),),
        variables={"first_name": "Ada", "chair": "A-17"},
    )
    _found, sent = created(whatsapp, server, draft)
    first = {"param_name": "first_name", "example": "Ada"}
    second = {"param_name": "chair", "example": "A-17"}
    assert sent["parameter_format"] == "NAMED"
    head, body, below = sent["components"]
    assert head["example"] == {"header_text_named_params": [first]}
    assert body["text"] == draft.body
    assert body["example"] == {"body_text_named_params": [first, second]}
    assert below["buttons"][0]["url"] == "https://x.example/{{1}}"
    assert below["buttons"][0]["example"] == ["A-17"]


def test_the_sample_of_a_header_is_uploaded(whatsapp, server):
    server.plan(reached(ACCOUNT), SESSION, Reply(json={"h": HANDLE}), CREATED)
    whatsapp.create_template(PICTURE)
    _facts, session, upload, create = server.captured
    assert session.path == f"/v25.0/{APP_ID}/uploads"
    assert session.query["file_length"] == "7"
    assert upload.path == "/v25.0/upload:MTphd"
    assert upload.query["sig"] == "ARZ"
    assert (upload.headers["file_offset"], upload.body) == ("0", b"picture")
    assert json.loads(create.body)["components"][0] == {
        "type": "HEADER",
        "format": "IMAGE",
        "example": {"header_handle": [HANDLE]},
    }


@pytest.mark.parametrize(
    "replies",
    [[Reply(500)], [Reply(json={})], [SESSION, Reply(503)], [SESSION, Reply(json={})]],
)
def test_a_sample_that_was_not_uploaded_created_nothing(whatsapp, server, replies):
    server.plan(reached(ACCOUNT), *replies)
    with pytest.raises(Retryable):
        whatsapp.create_template(PICTURE)


BAD = {
    "a name with capitals": replace(DRAFT, name="Chair"),
    "no category": replace(DRAFT, category=""),
    "a button of another kind": replace(
        DRAFT, buttons=(TemplateButton("copy_code", "Copy", "{{1}}"),)
    ),
}


@pytest.mark.parametrize("draft", BAD.values(), ids=BAD)
def test_what_meta_would_not_take_is_refused_here(whatsapp, server, draft):
    with pytest.raises(Refused) as refusal:
        whatsapp.create_template(draft)
    assert refusal.value.reason is Reason.TEMPLATE_REJECTED
    assert not server.captured


def test_a_header_without_its_sample_is_refused(whatsapp, server):
    server.plan(reached(ACCOUNT))
    with pytest.raises(Refused):
        whatsapp.create_template(replace(PICTURE, sample=None))


def test_meta_may_find_another_category_and_decide_at_once(whatsapp, server):
    answer = {"id": "17", "status": "REJECTED", "category": "MARKETING"}
    server.plan(reached(ACCOUNT), Reply(json=answer))
    found = whatsapp.create_template(DRAFT)
    assert (found.state, found.category) == ("rejected", "marketing")


def test_metas_own_words_say_why_it_was_not_created(whatsapp, server):
    words = {"code": 100, "error_subcode": 2388024, "message": "Invalid parameter"}
    words["error_user_msg"] = "There is already English content for this template."
    server.plan(reached(ACCOUNT), Reply(400, {"error": words}))
    with pytest.raises(Refused) as refusal:
        whatsapp.create_template(DRAFT)
    assert refusal.value.detail == words["error_user_msg"]


@pytest.mark.parametrize("reply", [Reply(json={}), Reply(500), Reply(drop=True)])
def test_an_answer_that_says_nothing_may_have_created_it(whatsapp, server, reply):
    server.plan(reached(ACCOUNT), reply)
    with pytest.raises(Unsettled):
        whatsapp.create_template(DRAFT)


def numbers_of_two_accounts(server):
    server.plan(reached(ACCOUNT, OTHER_ACCOUNT))
    server.plan_for(f"{ACCOUNT}/phone", listed({"id": "11"}, {"id": "12"}))
    server.plan_for(f"{OTHER_ACCOUNT}/phone", listed({"id": "21"}))


def test_of_several_accounts_the_one_of_its_channels_gets_it(whatsapp, server):
    numbers_of_two_accounts(server)
    server.plan_for("message_templates", CREATED)
    found = whatsapp.create_template(replace(DRAFT, channels=("21",)))
    assert found.channels == ("21",)
    path = f"/v25.0/{OTHER_ACCOUNT}/message_templates"
    assert server.captured[-1].path == path


@pytest.mark.parametrize("channels", [(), ("11", "21"), ("99",)])
def test_channels_of_one_account_must_be_chosen(whatsapp, server, channels):
    numbers_of_two_accounts(server)
    with pytest.raises(Refused):
        whatsapp.create_template(replace(DRAFT, channels=channels))
