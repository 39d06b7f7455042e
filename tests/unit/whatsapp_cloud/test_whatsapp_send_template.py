"""A message made of a template: each variable in its place at Meta."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from providers.errors import Reason, Refused
from providers.events import OutboundTemplate, Sent
from providers.whatsapp_cloud.templates import _read

from ..server import Reply
from .samples import WAMID, file, outbound
from .template_samples import (
    CODE,
    HEADER,
    NAMED_BODY,
    NAMED_HEADER,
    PLAIN,
    REPLY,
    TRACK,
    buttons,
    header,
    template,
)

ACCEPTED = Reply(json={"messages": [{"id": WAMID, "message_status": "accepted"}]})
UPLOADED = Reply(json={"id": "4490709327384033"})


def chosen(found, values, **changes):
    """Return a template of Meta's as the outbox hands it over."""
    read = _read(found)
    texts = [name for name in read.variables if "{{%s}}" % name != read.media_url]
    return OutboundTemplate(
        reference=read.reference,
        name=read.name,
        language=read.language,
        variables=dict(zip(texts, values, strict=True)),
        media_url=read.media_url,
        media_kind=read.media_kind,
        header=read.header,
        body=read.body,
        buttons=read.buttons,
        **changes,
    )


def words(*values):
    return [{"type": "text", "text": value} for value in values]


def named(**values):
    return [
        {"type": "text", "parameter_name": name, "text": value}
        for name, value in values.items()
    ]


def button(index, kind, parameter):
    return {
        "type": "button",
        "sub_type": kind,
        "index": str(index),
        "parameters": [parameter],
    }


SENT = {
    "no variables": (template({"type": "BODY", "text": "Hello."}), [], None),
    "numbers": (
        PLAIN,
        ["Eve", "B-1"],
        [{"type": "body", "parameters": words("Eve", "B-1")}],
    ),
    "a variable in the header": (
        template(HEADER),
        ["77", "Eve", "B-1"],
        [
            {"type": "header", "parameters": words("77")},
            {"type": "body", "parameters": words("Eve", "B-1")},
        ],
    ),
    "names": (
        template(NAMED_HEADER, NAMED_BODY, buttons(TRACK), parameter_format="NAMED"),
        ["Eve", "B-1", "B1"],
        [
            {"type": "header", "parameters": named(first_name="Eve")},
            {"type": "body", "parameters": named(first_name="Eve", chair="B-1")},
            button(0, "url", words("B1")[0]),
        ],
    ),
    "buttons": (
        template(buttons(REPLY, TRACK, CODE)),
        ["Eve", "B-1", "B1", "30OFF"],
        [
            {"type": "body", "parameters": words("Eve", "B-1")},
            button(1, "url", words("B1")[0]),
            button(2, "copy_code", {"type": "coupon_code", "coupon_code": "30OFF"}),
        ],
    ),
    "more than nine variables": (
        template(
            {
                "type": "BODY",
                "text": " and ".join("{{%s}}" % number for number in range(1, 12)),
            }
        ),
        [f"v{number}" for number in range(1, 12)],
        [
            {
                "type": "body",
                "parameters": words(*(f"v{number}" for number in range(1, 12))),
            }
        ],
    ),
}


@pytest.mark.parametrize(("found", "values", "components"), SENT.values(), ids=SENT)
def test_each_value_stands_where_meta_expects_it(
    whatsapp, server, found, values, components
):
    server.plan(ACCEPTED)
    message = outbound(template=chosen(found, values), text="as the customer reads it")
    assert whatsapp.send(message) == Sent(WAMID)
    sent = json.loads(server.captured[0].body)
    assert sent["type"] == "template"
    assert "text" not in sent
    language = {"policy": "deterministic", "code": "en_US"}
    expected = {"name": "chair_ready", "language": language}
    if components:
        expected["components"] = components
    assert sent["template"] == expected


def test_our_names_of_numbered_variables_keep_their_order(whatsapp, server):
    """A draft's own numbers go on after it was approved; Meta counts from 1."""
    server.plan(ACCEPTED)
    mine = OutboundTemplate(
        reference="1",
        name="chair_ready",
        language="en_US",
        header="Order {{3}}",
        body="Chair {{2}} of {{1}}.",
        variables={"3": "77", "2": "B-1", "1": "Eve"},
    )
    whatsapp.send(outbound(template=mine))
    sent = json.loads(server.captured[0].body)
    assert sent["template"]["components"] == [
        {"type": "header", "parameters": words("77")},
        {"type": "body", "parameters": words("Eve", "B-1")},
    ]


FILE_HEADERS = {
    "IMAGE": ("image/png", {"id": "4490709327384033"}),
    "VIDEO": ("video/mp4", {"id": "4490709327384033"}),
    "DOCUMENT": (
        "application/pdf",
        {"id": "4490709327384033", "filename": "offer.pdf"},
    ),
}


@pytest.mark.parametrize(
    ("format_", "content_type", "media"),
    [(name, *row) for name, row in FILE_HEADERS.items()],
)
def test_the_file_of_a_header_is_uploaded(
    whatsapp, server, format_, content_type, media
):
    server.plan(UPLOADED, ACCEPTED)
    used = chosen(template(header(format_)), ["Eve", "B-1"])
    whatsapp.send(outbound(template=used, file=file(content_type, "offer.pdf")))
    sent = json.loads(server.captured[1].body)
    kind = format_.lower()
    assert sent["template"]["components"][0] == {
        "type": "header",
        "parameters": [{"type": kind, kind: media}],
    }
    assert kind not in sent


INCOMPLETE = {
    "an empty value": (chosen(PLAIN, ["Eve", ""]), None),
    "no value": (replace(chosen(PLAIN, ["Eve", "B-1"]), variables={"1": "Eve"}), None),
    "an empty value of a button": (
        chosen(template(buttons(TRACK)), ["Eve", "B-1", ""]),
        None,
    ),
    "no file": (chosen(template(header("IMAGE")), ["Eve", "B-1"]), None),
    "a file without a place": (chosen(PLAIN, ["Eve", "B-1"]), file()),
}


@pytest.mark.parametrize(("used", "given"), INCOMPLETE.values(), ids=INCOMPLETE)
def test_what_is_incomplete_is_refused_before_a_request(whatsapp, server, used, given):
    with pytest.raises(Refused) as refusal:
        whatsapp.send(outbound(template=used, file=given))
    assert refusal.value.reason is Reason.TEMPLATE_VARIABLES
    assert not server.captured
