"""The list of templates, and each thing that a template can have."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some
from providers.errors import Reason, Refused, Retryable
from providers.events import Template, TemplateButton
from providers.whatsapp_cloud.templates import _read

from ..server import Reply
from .template_samples import (
    ACCOUNT,
    CALL,
    CAROUSEL,
    CODE,
    FOOTER,
    HANDLE,
    HEADER,
    NAMED_BODY,
    NAMED_HEADER,
    OTHER_ACCOUNT,
    PLAIN,
    REPLY,
    TRACK,
    buttons,
    header,
    template,
)

SCOPE = "whatsapp_business_management"
TEXT = Template(
    reference="1689556908129832",
    name="chair_ready",
    language="en_US",
    body="Hello {{1}}, your chair {{2}} is ready.",
    category="utility",
    state="approved",
    needs_approval=True,
    variables={"1": "Ada", "2": "A-17"},
)


def reached(*accounts):
    scopes = [
        {"scope": "whatsapp_business_messaging", "target_ids": ["1"]},
        {"scope": SCOPE, **({"target_ids": list(accounts)} if accounts else {})},
    ]
    return Reply(json={"data": {"is_valid": True, "granular_scopes": scopes}})


def listed(*found, after=""):
    paging = {"cursors": {"after": after}, "next": "https://x"} if after else {}
    return Reply(json={"data": list(found), "paging": paging})


SHOWN = {
    "a text": (PLAIN, TEXT),
    "a header with a variable, which is numbered first": (
        template(HEADER, FOOTER),
        replace(
            TEXT,
            header="Order {{1}}",
            body="Hello {{2}}, your chair {{3}} is ready.",
            footer="Blue Chairs",
            variables={"1": "860198", "2": "Ada", "3": "A-17"},
        ),
    ),
    "buttons": (
        template(buttons(REPLY, CALL, TRACK)),
        replace(
            TEXT,
            buttons=(
                TemplateButton("reply", "Thanks", payload="Thanks"),
                TemplateButton("phone", "Call", "+34600000001"),
                TemplateButton("url", "Track", "https://shop.example.com/{{3}}"),
            ),
            variables={"1": "Ada", "2": "A-17", "3": "A17"},
        ),
    ),
    "a code to copy": (
        template(buttons(CODE)),
        replace(
            TEXT,
            buttons=(TemplateButton("copy_code", "Copy offer code", "{{3}}"),),
            variables={"1": "Ada", "2": "A-17", "3": "25OFF"},
        ),
    ),
    "a file": (
        template(header("DOCUMENT", example={"header_handle": [HANDLE]})),
        replace(
            TEXT,
            media_kind="document",
            media_url="{{3}}",
            variables={"1": "Ada", "2": "A-17", "3": ""},
        ),
    ),
    "names": (
        template(NAMED_HEADER, NAMED_BODY, buttons(TRACK), parameter_format="NAMED"),
        replace(
            TEXT,
            header="For {{first_name}}",
            body="Hello {{first_name}}, your chair {{chair}} is ready.",
            buttons=(TemplateButton("url", "Track", "https://shop.example.com/{{1}}"),),
            variables={"first_name": "Ada", "chair": "A-17", "1": "A17"},
        ),
    ),
    "no samples": (
        template({"type": "BODY", "text": "Hello {{1}}."}),
        replace(TEXT, body="Hello {{1}}.", variables={"1": ""}),
    ),
}


@pytest.mark.parametrize(("found", "expected"), SHOWN.values(), ids=SHOWN)
def test_a_template_is_as_the_customer_sees_it(whatsapp, server, found, expected):
    server.plan(reached(ACCOUNT), listed(found))
    assert whatsapp.templates() == [expected]
    assert server.captured[1].path == f"/v25.0/{ACCOUNT}/message_templates"


NEVER = {
    "a carousel": template(CAROUSEL),
    "an offer that expires": template({"type": "LIMITED_TIME_OFFER"}),
    "a place": template(header("LOCATION")),
    "a product": template(header("PRODUCT")),
    "a flow": template(buttons({"type": "FLOW", "text": "Begin"})),
    "a catalog": template(buttons({"type": "CATALOG", "text": "View"})),
    "a code to log in": template(
        buttons({"type": "OTP", "text": "Copy"}), category="AUTHENTICATION"
    ),
    "something of tomorrow": template({"type": "HOLOGRAM"}),
    "no body": {**PLAIN, "components": [FOOTER]},
    "no components": {**PLAIN, "components": None},
    "two bodies": {**PLAIN, "components": PLAIN["components"] * 2},
    "rubbish": {"id": 7, "components": [None, 3, {"type": {}, "text": []}]},
}


@pytest.mark.parametrize("found", NEVER.values(), ids=NEVER)
def test_what_people_cant_fill_in_is_listed_but_never_sent(whatsapp, server, found):
    server.plan(reached(ACCOUNT), listed(found))
    (shown,) = whatsapp.templates()
    assert (shown.reference, shown.use) == (str(found["id"]), "never")


STATES = {
    ("APPROVED", "NONE"): ("approved", ""),
    ("FLAGGED", None): ("approved", ""),
    ("PENDING", None): ("pending", ""),
    ("IN_APPEAL", None): ("pending", ""),
    ("REJECTED", "INVALID_FORMAT"): ("rejected", "Invalid format"),
    ("PAUSED", "NONE"): ("paused", ""),
    ("DISABLED", None): ("disabled", ""),
    ("ARCHIVED", None): ("disabled", "Meta reports its state as Archived."),
    ("PENDING_DELETION", ""): (
        "disabled",
        "Meta reports its state as Pending deletion.",
    ),
    (None, 7): ("disabled", "7"),
}


@pytest.mark.parametrize(("said", "expected"), STATES.items())
def test_each_state_has_its_word_and_reason(said, expected):
    status, reason = said
    shown = _read({**PLAIN, "status": status, "rejected_reason": reason})
    assert (shown.state, shown.rejection_reason) == expected


@pytest.mark.parametrize(
    ("score", "quality"),
    [
        ({"score": "GREEN", "date": 1}, "high"),
        ({"score": "YELLOW"}, "medium"),
        ({"score": "RED"}, "low"),
        ({"score": "UNKNOWN"}, ""),
        ({}, ""),
        (None, ""),
    ],
)
def test_the_quality_is_as_meta_rates_it(score, quality):
    assert _read({**PLAIN, "quality_score": score}).quality == quality


ANYTHING = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=9),
    lambda inner: (
        some.lists(inner, max_size=3)
        | some.dictionaries(
            some.sampled_from(["type", "text", "format", "buttons", "example", "url"]),
            inner,
            max_size=4,
        )
    ),
)


@given(some.lists(ANYTHING, max_size=4) | ANYTHING, ANYTHING, ANYTHING)
def test_anything_becomes_a_template(components, status, form):
    found = {"id": "1", "components": components, "status": status}
    shown = _read({**found, "parameter_format": form, "quality_score": status})
    assert shown.reference == "1"
    assert shown.use in ("anytime", "never")


def test_a_list_of_several_pages_is_read_to_its_end(whatsapp, server):
    server.plan(
        reached(ACCOUNT), listed(PLAIN, after="MjQZD"), listed({**PLAIN, "id": "2"})
    )
    assert [each.reference for each in whatsapp.templates()] == [PLAIN["id"], "2"]
    assert server.captured[2].query["after"] == "MjQZD"


@pytest.mark.parametrize("page", [Reply(json={}), Reply(json={"data": {}})])
def test_a_list_that_is_none_is_an_error(whatsapp, server, page):
    server.plan(reached(ACCOUNT), page)
    with pytest.raises(Refused):
        whatsapp.templates()


def test_a_list_without_an_end_is_an_error(whatsapp, server, monkeypatch):
    monkeypatch.setattr("providers.graph.MAX_PAGES", 2)
    server.plan(reached(ACCOUNT), listed(PLAIN, after="1"), listed(PLAIN, after="2"))
    with pytest.raises(Refused):
        whatsapp.templates()


def test_templates_of_several_accounts_belong_to_their_numbers(whatsapp, server):
    server.plan(
        reached(ACCOUNT, OTHER_ACCOUNT),
        *(listed({"id": "11"}, {"id": "12"}), listed(PLAIN)),
        *(listed({"id": "21"}), listed({**PLAIN, "id": "2"})),
    )
    assert [(each.reference, each.channels) for each in whatsapp.templates()] == [
        (PLAIN["id"], ("11", "12")),
        ("2", ("21",)),
    ]


def test_a_token_for_all_accounts_finds_those_of_its_businesses(whatsapp, server):
    server.plan(reached())
    server.plan_for("me/businesses", listed({"id": "31"}))
    server.plan_for("31/owned_whatsapp", listed({"id": ACCOUNT}))
    server.plan_for("31/client_whatsapp", listed({"id": ACCOUNT}))
    server.plan_for("message_templates", listed(PLAIN))
    assert whatsapp.templates() == [TEXT]


def test_a_token_without_an_account_has_not_lost_its_templates(whatsapp, server):
    server.plan(reached(), listed())
    with pytest.raises(Refused) as refusal:
        whatsapp.templates()
    assert refusal.value.reason is Reason.NOT_PERMITTED


def test_an_error_of_one_account_is_an_error_of_the_list(whatsapp, server):
    server.plan(reached(ACCOUNT), Reply(503))
    with pytest.raises(Retryable):
        whatsapp.templates()
