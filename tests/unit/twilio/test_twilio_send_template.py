"""Sending a template: the form of it, and what is refused before it leaves."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from providers.errors import Reason, Refused
from providers.events import Sent

from ..server import Reply
from .samples import outbound, picture, template

MESSAGE_SID = f"MM{1:032x}"
ACCEPTED = Reply(201, {"sid": MESSAGE_SID, "status": "queued", "error_code": None})
MEDIA = "https://crm.example.com/messaging/media/"
FILE = replace(picture(), url=f"{MEDIA}signed/blue.jpg")


def sent_form(twilio, server, **changes):
    server.plan(ACCEPTED)
    message = outbound(status_url="", **changes)
    assert twilio.send(message) == Sent(MESSAGE_SID, "queued")
    return server.captured[-1].form


def test_a_template_is_sent_by_its_id_with_all_its_values(twilio, server):
    form = sent_form(twilio, server, template=template())
    assert json.loads(form.pop("ContentVariables")) == {"1": "Ada", "2": "A-17"}
    assert form == {
        "From": "whatsapp:+34600000001",
        "To": "whatsapp:+34611111111",
        "ContentSid": f"HX{1:032x}",
    }


def test_a_template_without_variables_sends_none(twilio, server):
    form = sent_form(twilio, server, template=template(variables={}))
    assert set(form) == {"From", "To", "ContentSid"}


def test_a_template_has_its_status_callback(twilio, server):
    server.plan(ACCEPTED)
    twilio.send(outbound(template=template()))
    assert outbound().reference in server.captured[0].form["StatusCallback"]


def test_values_arrive_intact(twilio, server):
    values = {"1": 'Grüße "&" 100 %\n👋', "name": "{{1}}"}
    form = sent_form(twilio, server, template=template(variables=values))
    assert json.loads(form["ContentVariables"]) == values


def test_the_file_becomes_the_rest_of_the_headers_address(twilio, server):
    chosen = template(media_url=MEDIA + "{{3}}")
    form = sent_form(twilio, server, template=chosen, file=FILE)
    assert json.loads(form["ContentVariables"]) == {
        "1": "Ada",
        "2": "A-17",
        "3": "signed/blue.jpg",
    }
    assert "MediaUrl" not in form
    assert "Body" not in form


def test_an_address_may_go_on_after_the_file(twilio, server):
    chosen = template(variables={}, media_url=MEDIA + "{{ file }}.jpg")
    form = sent_form(twilio, server, template=chosen, file=FILE)
    assert json.loads(form["ContentVariables"]) == {"file": "signed/blue"}


def test_a_typed_address_is_a_variable_like_others(twilio, server):
    chosen = template(
        variables={"1": "offer.jpg"}, media_url="https://cdn.example.com/{{1}}"
    )
    form = sent_form(twilio, server, template=chosen)
    assert json.loads(form["ContentVariables"]) == {"1": "offer.jpg"}


def test_a_fixed_file_needs_nothing(twilio, server):
    chosen = template(media_url="https://cdn.example.com/offer.jpg")
    form = sent_form(twilio, server, template=chosen)
    assert json.loads(form["ContentVariables"]) == {"1": "Ada", "2": "A-17"}


REFUSED = {
    "an empty value": (template(variables={"1": "", "2": "A-17"}), None),
    "no file": (template(media_url=MEDIA + "{{3}}"), None),
    "a file from elsewhere": (
        template(media_url="https://cdn.example.com/{{3}}"),
        FILE,
    ),
    "a file of another type": (template(media_url=MEDIA + "{{3}}.pdf"), FILE),
    "a file without an address": (
        template(media_url=MEDIA + "{{3}}"),
        replace(FILE, url=MEDIA),
    ),
    "a file for a fixed header": (
        template(media_url="https://cdn.example.com/offer.jpg"),
        FILE,
    ),
    "a file for a template without one": (template(), FILE),
}


@pytest.mark.parametrize(("chosen", "file"), REFUSED.values(), ids=REFUSED)
def test_twilio_never_gets_to_use_the_sample(twilio, server, chosen, file):
    with pytest.raises(Refused) as refusal:
        twilio.send(outbound(template=chosen, file=file))
    assert refusal.value.reason is Reason.TEMPLATE_VARIABLES
    assert refusal.value.detail
    assert not server.captured
