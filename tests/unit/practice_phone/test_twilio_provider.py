"""The addon's provider and the phone work together, without Odoo between them."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
import requests
from providers.errors import Reason, Refused
from providers.events import (
    ChannelRef,
    MessageReceived,
    MessageSent,
    OutboundMessage,
    OutboundTemplate,
    Template,
    TemplateButton,
)
from providers.twilio import Twilio

from tests.waiting import eventually
from tools.practice_phone import demo, demo_templates

CUSTOMER = "+34600100101"
WHATSAPP = ChannelRef("whatsapp", demo.WHATSAPP_NUMBER)
DRAFT = Template(
    reference="",
    name="chair_ready",
    language="en",
    body="Hello {{1}}, your chair {{2}} is ready.",
    category="utility",
    footer="Blue Chairs",
    buttons=(
        TemplateButton("reply", "Thanks", payload="thanks"),
        TemplateButton("url", "Track", "https://shop.example.com/{{3}}"),
    ),
    variables={"1": "Ada", "2": "A-17", "3": "A-17"},
)


@pytest.fixture
def provider(control):
    credentials = {
        "twilio_account_sid": demo.ACCOUNT_SID,
        "twilio_auth_token": demo.AUTH_TOKEN,
    }
    with requests.Session() as http:
        yield Twilio(credentials, http, str(control.base_url))


def found(provider, reference):
    return next(t for t in provider.templates() if t.reference == reference)


def wait_for_state(provider, reference, state):
    def wanted():
        template = found(provider, reference)
        return template if template.state == state else None

    return eventually(wanted, what=f"a template that is {state}")


def send(provider, template, **values):
    chosen = OutboundTemplate(
        template.reference,
        template.name,
        template.language,
        {**template.variables, **values},
    )
    message = OutboundMessage(WHATSAPP, CUSTOMER, "5f0e.0", template=chosen)
    return provider.send(message)


def test_the_phones_templates_are_all_understood(provider):
    listed = provider.templates()
    assert len(listed) == len(demo_templates.TEMPLATES)
    assert {template.use for template in listed} <= {"anytime", "in_window"}
    by_sid = {template.reference: template for template in listed}
    assert by_sid[demo_templates.PAUSED].state == "paused"
    assert by_sid[demo_templates.LIST_PICKER].use == "in_window"


def test_a_template_is_created_approved_and_sent_after_the_window(provider, control):
    created = provider.create_template(DRAFT)
    assert created.state == "pending"
    values = {"status": "approved"}
    control.patch(f"/control/contents/{created.reference}", json=values)
    listed = wait_for_state(provider, created.reference, "approved")
    assert listed == replace(created, state="approved")
    assert listed == replace(
        DRAFT, reference=created.reference, state="approved", needs_approval=True
    )
    window = {"customer": CUSTOMER, "line": f"whatsapp:{WHATSAPP.address}"}
    control.post("/control/window", json={**window, "window": "closed"})
    assert send(provider, listed).message_id.startswith(("SM", "MM"))


def test_a_second_submission_of_one_template_is_no_error(provider):
    created = provider.create_template(DRAFT)
    again = provider.create_template(replace(DRAFT, reference=created.reference))
    assert (again.reference, again.state) == (created.reference, "pending")


def test_a_submission_that_is_refused_leaves_the_template(provider):
    provider.create_template(DRAFT)
    twin = provider.create_template(DRAFT)
    assert twin.state == "unsubmitted"
    assert "in this language exists" in twin.rejection_reason
    assert found(provider, twin.reference).state == "unsubmitted"


def test_a_template_that_is_gone_makes_ours_stale(provider, control):
    gone = replace(DRAFT, reference=f"HX{99:032x}")
    with pytest.raises(Refused) as refusal:
        send(provider, gone)
    assert refusal.value.reason is Reason.TEMPLATE_MISSING


def test_the_past_messages_of_a_channel_are_read(provider, control):
    line = f"whatsapp:{WHATSAPP.address}"
    path = f"/control/customers/{CUSTOMER}/messages"
    assert control.post(path, json={"line": line, "body": "Hello"}).status_code == 200
    sent = provider.send(OutboundMessage(WHATSAPP, CUSTOMER, "5f0e.0", text="Hi!"))
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    past = list(provider.history(WHATSAPP, now - timedelta(hours=1)))
    assert {type(event): event.text for event in past} == {
        MessageSent: "Hi!",
        MessageReceived: "Hello",
    }
    ours = next(event for event in past if isinstance(event, MessageSent))
    assert (ours.message_id, ours.external_ids) == (sent.message_id, (CUSTOMER,))
    assert abs(ours.sent_at - now) < timedelta(minutes=1)
