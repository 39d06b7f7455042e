"""Each of Twilio's types of content, and the template that it becomes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some
from providers.errors import Refused, Retryable
from providers.events import Template, TemplateButton
from providers.twilio import Twilio
from providers.twilio.templates import _safely_read

from ..server import Reply
from .contents import BODY, PATH, SID, TYPES, content, listed
from .samples import outbound

YES = TemplateButton("reply", "Yes", payload="yes")
TRACK = TemplateButton("url", "Track", "https://shop.example.com/{{3}}")
TEXT = Template(
    reference=SID,
    name="chair_ready",
    language="en",
    body=BODY,
    category="utility",
    state="approved",
    variables={"1": "Ada", "2": "A-17"},
)
THIRD = {"1": "Ada", "2": "A-17", "3": ""}

EXPECTED = {
    "twilio/text": TEXT,
    "twilio/media": replace(
        TEXT,
        media_url="https://cdn.example.com/{{3}}",
        media_kind="image",
        variables=THIRD,
    ),
    "twilio/location": replace(
        TEXT,
        body="Blue Chairs\nCarrer {{1}}",
        variables={"1": "Ada"},
        use="in_window",
    ),
    "twilio/quick-reply": replace(TEXT, buttons=(YES,)),
    "twilio/call-to-action": replace(TEXT, buttons=(TRACK,), variables=THIRD),
    "twilio/list-picker": replace(
        TEXT,
        buttons=(
            TemplateButton("other", "Times"),
            TemplateButton("item", "Monday", "From {{3}}", "mo"),
            TemplateButton("item", "Friday", payload="fr"),
        ),
        variables=THIRD,
        use="in_window",
    ),
    "twilio/card": replace(
        TEXT,
        footer="Blue Chairs",
        media_url="https://cdn.example.com/offer.jpg",
        media_kind="image",
        buttons=(YES, TRACK),
        variables=THIRD,
        needs_approval=True,
    ),
    "twilio/carousel": replace(
        TEXT,
        body=f"{BODY}\n\nOak\nFrom {{{{3}}}}\n\nAsh\nFrom {{{{5}}}}",
        media_url="https://cdn.example.com/{{4}}",
        media_kind="image",
        buttons=(YES,),
        variables={**THIRD, "4": "", "5": ""},
        needs_approval=True,
    ),
    "twilio/catalog": replace(
        TEXT,
        header="Chairs",
        footer="All of oak",
        buttons=(TemplateButton("other", "View catalog"),),
    ),
    "twilio/flows": replace(
        TEXT,
        footer="Two questions",
        buttons=(TemplateButton("other", "Begin"),),
        needs_approval=True,
    ),
    "whatsapp/flows": replace(TEXT, buttons=(TemplateButton("other", "Begin"),)),
    "whatsapp/card": replace(
        TEXT,
        header="Order {{number}}",
        footer="Blue Chairs",
        buttons=(YES, TRACK),
        variables={**THIRD, "number": ""},
        needs_approval=True,
    ),
    "whatsapp/authentication": replace(
        TEXT,
        body="{{1}} is your verification code. For your security, do not share this"
        " code.",
        footer="This code expires in 10 minutes.",
        buttons=(TemplateButton("copy_code", "Copy the code", "{{1}}"),),
        variables={"1": "Ada"},
        needs_approval=True,
    ),
}


def test_every_type_has_its_row():
    assert set(EXPECTED) == set(TYPES)


@pytest.mark.parametrize("name", TYPES)
def test_every_type_that_whatsapp_shows_becomes_a_template(twilio, server, name):
    server.plan(listed(content(name)))
    assert twilio.templates() == [EXPECTED[name]]
    assert server.captured[0].path == PATH


@pytest.mark.parametrize(
    ("types", "shown"),
    [
        (("twilio/text", "twilio/location"), "twilio/location"),
        (("twilio/quick-reply", "twilio/text"), "twilio/quick-reply"),
        (("twilio/card", "twilio/call-to-action"), "twilio/card"),
        (("whatsapp/card", "twilio/carousel", "twilio/text"), "whatsapp/card"),
        (("whatsapp/card", "whatsapp/authentication"), "whatsapp/authentication"),
    ],
)
def test_of_several_types_the_richest_counts(twilio, server, types, shown):
    server.plan(listed(content(*types)))
    assert twilio.templates() == [EXPECTED[shown]]


@pytest.mark.parametrize(
    "types",
    [
        {},
        {"twilio/pay": {"body": "Pay {{1}}"}},
        {"twilio/schedule": {"title": "When?"}},
        {"twilio/text": {"body": "Hello"}, "whatsapp/of-tomorrow": {"body": "Hello"}},
        {"twilio/catalog": {"body": "Hello", "dynamic_items": "{{1}}"}},
    ],
)
def test_a_type_that_we_cant_send_is_listed_but_never_sent(twilio, server, types):
    server.plan(listed(content(types=types)))
    (found,) = twilio.templates()
    assert (found.reference, found.use) == (SID, "never")


def test_an_unknown_type_beside_a_known_one_changes_nothing(twilio, server):
    types = {"twilio/of-tomorrow": {"body": "?"}, "twilio/text": {"body": BODY}}
    server.plan(listed(content(types=types)))
    assert twilio.templates() == [TEXT]


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("unsubmitted", "unsubmitted"),
        ("received", "pending"),
        ("pending", "pending"),
        ("approved", "approved"),
        ("rejected", "rejected"),
        ("paused", "paused"),
        ("disabled", "disabled"),
        ("APPROVED", "approved"),
        ("", "unsubmitted"),
        (None, "unsubmitted"),
    ],
)
def test_the_approval_gives_the_state(twilio, server, word, state):
    server.plan(listed(content(status=word)))
    (found,) = twilio.templates()
    assert (found.state, found.rejection_reason) == (state, "")


def test_a_state_of_tomorrow_is_disabled_and_says_so(twilio, server):
    server.plan(listed(content(status="locked")))
    (found,) = twilio.templates()
    assert found.state == "disabled"
    assert found.rejection_reason == "Twilio reports its state as locked."


@pytest.mark.parametrize("approval", [None, {}])
def test_a_content_that_was_never_submitted_is_unsubmitted(twilio, server, approval):
    server.plan(listed(content(approval_requests=approval)))
    assert twilio.templates() == [replace(TEXT, state="unsubmitted", category="")]


def test_a_rejection_keeps_its_reason(twilio, server):
    reason = {"rejection_reason": "INVALID_FORMAT. The variables are adjacent."}
    server.plan(listed(content(status="rejected", approval=reason)))
    (found,) = twilio.templates()
    assert found.rejection_reason == "INVALID_FORMAT. The variables are adjacent."


@pytest.mark.parametrize(
    ("word", "category"),
    [
        ("UTILITY", "utility"),
        ("MARKETING", "marketing"),
        ("AUTHENTICATION", "authentication"),
        ("TRANSACTIONAL", "utility"),
        ("OTP", "authentication"),
        ("ISSUE_RESOLUTION", ""),
        (None, ""),
    ],
)
def test_the_category_is_ours(twilio, server, word, category):
    server.plan(listed(content(approval={"category": word})))
    assert twilio.templates()[0].category == category


def test_variables_come_in_order_with_their_samples(twilio, server):
    body = "{{10}} {{b}} {{ 2 }} {{a}} {{1}} {{b}}"
    samples = {"1": "one", "b": "B", "unused": "?"}
    types = {"twilio/text": {"body": body}}
    server.plan(listed(content(types=types, variables=samples)))
    (found,) = twilio.templates()
    assert list(found.variables.items()) == [
        ("1", "one"),
        ("2", ""),
        ("10", ""),
        ("b", "B"),
        ("a", ""),
    ]
    assert found.body == "{{10}} {{b}} {{2}} {{a}} {{1}} {{b}}"


@pytest.mark.parametrize(
    ("url", "sample", "kind", "use"),
    [
        ("https://cdn.example.com/{{3}}", "a.png", "image", "anytime"),
        ("https://cdn.example.com/{{3}}", "a.MP4?v=1", "video", "anytime"),
        ("https://cdn.example.com/{{3}}", "a.pdf", "document", "anytime"),
        ("https://cdn.example.com/{{3}}.pdf", "a", "document", "anytime"),
        ("https://cdn.example.com/template", "", "image", "anytime"),
        ("https://cdn.example.com/{{3}}", "a.ogg", "document", "in_window"),
    ],
)
def test_the_samples_ending_gives_the_kind_of_file(
    twilio, server, url, sample, kind, use
):
    types = {"twilio/media": {"body": "Look", "media": [url]}}
    server.plan(listed(content(types=types, variables={"3": sample})))
    (found,) = twilio.templates()
    assert (found.media_kind, found.media_url, found.use) == (kind, url, use)


@pytest.mark.parametrize(
    ("kinds", "needed"),
    [
        (["QUICK_REPLY"] * 3, False),
        (["QUICK_REPLY"] * 4, True),
        (["URL"], False),
        (["URL", "PHONE_NUMBER"], True),
        (["COPY_CODE"], True),
        (["VOICE_CALL"], True),
    ],
)
def test_buttons_that_need_approval_say_so(twilio, server, kinds, needed):
    actions = [{"type": kind, "title": str(n)} for n, kind in enumerate(kinds)]
    types = {"twilio/call-to-action": {"body": "Look", "actions": actions}}
    server.plan(listed(content(types=types)))
    assert twilio.templates()[0].needs_approval is needed


def test_a_card_with_a_title_and_a_text_shows_both(twilio, server):
    types = {"twilio/card": {"title": "Ready", "body": "Come by."}}
    server.plan(listed(content(types=types)))
    (found,) = twilio.templates()
    assert (found.header, found.body) == ("Ready", "Come by.")


def test_a_content_without_a_name_has_its_approvals_or_its_id(twilio, server):
    nameless = content(friendly_name="", approval={"name": ""}, sid=f"HX{2:032x}")
    server.plan(listed(content(friendly_name=None), nameless))
    assert [found.name for found in twilio.templates()] == [
        "chair_ready",
        f"HX{2:032x}",
    ]


@pytest.mark.parametrize(
    "broken",
    [
        {"types": "?"},
        {"types": {"twilio/text": "?"}},
        {"types": {"twilio/text": ["?"]}},
        {"variables": "?"},
        {"approval_requests": "?"},
    ],
)
def test_one_unreadable_content_leaves_the_others(twilio, server, broken):
    other = f"HX{2:032x}"
    server.plan(listed(content(**broken), content(sid=other), "?", {}, None))
    first, second = twilio.templates()
    assert (first.reference, first.use) == (SID, "never")
    assert (first.state, first.rejection_reason) == (
        "disabled",
        "This template can't be read.",
    )
    assert second == replace(TEXT, reference=other)


json_values = some.recursive(
    some.none() | some.booleans() | some.floats() | some.text(),
    lambda inner: some.lists(inner) | some.dictionaries(some.text(), inner),
)


@given(
    some.dictionaries(
        some.sampled_from([*content(), *TYPES["twilio/carousel"]]), json_values
    ),
    some.dictionaries(some.sampled_from(list(TYPES)), json_values),
)
def test_nothing_in_a_content_raises(values, types):
    found = _safely_read({"types": types, **values, "sid": SID})
    assert found.reference == SID
    assert "\x00" not in repr(found)


def test_every_page_of_the_list_is_read(twilio, server):
    second = f"https://content.twilio.com{PATH}?PageSize=100&Page=1&PageToken=PA1"
    other = f"HX{2:032x}"
    server.plan(listed(content(), following=second), listed(content(sid=other)))
    assert [found.reference for found in twilio.templates()] == [SID, other]
    assert server.captured[1].target == f"{PATH}?PageSize=100&Page=1&PageToken=PA1"


def test_a_next_page_elsewhere_never_gets_our_credentials(twilio, server):
    server.plan(listed(content(), following="https://evil.example.com/elsewhere"))
    with pytest.raises(Refused):
        twilio.templates()
    assert len(server.captured) == 1


def test_a_list_that_fails_halfway_is_no_shorter_list(twilio, server):
    second = f"https://content.twilio.com{PATH}?Page=1"
    server.plan(listed(content(), following=second), Reply(503))
    with pytest.raises(Retryable):
        twilio.templates()


def test_a_list_that_never_ends_is_an_error(twilio, server):
    again = f"https://content.twilio.com{PATH}?Page=1"
    server.plan(*[listed(content(), following=again)] * 60)
    with pytest.raises(Refused):
        twilio.templates()


def test_only_whatsapp_sends_templates():
    assert Twilio.template_kinds == {"whatsapp"}
    assert "content.twilio.com" in Twilio.hosts
    assert outbound().template is None
