"""What the addon's provider sends, as the phone that plays Meta takes it."""

import pytest
from providers.errors import Reason, Refused
from providers.events import (
    ChannelRef,
    OutboundFile,
    OutboundMessage,
    OutboundReaction,
    OutboundRead,
    OutboundTemplate,
    Template,
    TemplateButton,
)

from tests.unit.practice_phone.cloud import AIKO, LINE, LUCIA
from tests.unit.practice_phone.harness import WEBHOOK
from tests.unit.practice_phone.test_cloud_provider import connect

PNG = b"\x89PNG practice"
DRAFT = Template(
    reference="",
    name="chair_ready",
    language="en_US",
    category="utility",
    header="Order {{order}}",
    body="Hello {{first_name}}, order {{order}} is ready.",
    footer="Blue Chairs",
    buttons=(
        TemplateButton("reply", "Thanks", payload="Thanks"),
        TemplateButton("url", "Track", "https://shop.example.com/{{order}}"),
    ),
    variables={"order": "A-17", "first_name": "Ada"},
)


@pytest.fixture
def provider(control):
    return connect(control)


@pytest.fixture
def ref(provider, control):
    (channel,) = provider.list_channels()
    provider.register(WEBHOOK, [channel])
    for customer in (f"+{LUCIA}", AIKO):
        values = {"customer": customer, "line": LINE, "window": "open"}
        control.post("/control/window", json=values)
    return ChannelRef(channel.kind, channel.address, reference=channel.reference)


def sent(control):
    query = {"direction": "outbound", "wait": "3"}
    return control.get("/control/messages", params=query).json()["messages"]


def approve(control, template):
    path = f"/control/templates/{template.reference}"
    answer = control.patch(path, json={"status": "APPROVED"})
    assert answer.status_code == 200, answer.text


def known(provider, template):
    """Return a template as the list has it."""
    return next(t for t in provider.templates() if t.reference == template.reference)


def used(template, values):
    return OutboundTemplate(
        template.reference,
        template.name,
        template.language,
        values,
        template.media_url,
        template.media_kind,
        template.header,
        template.body,
        template.buttons,
    )


def test_a_named_template_lives_from_draft_to_message(provider, ref, control):
    created = provider.create_template(DRAFT)
    assert created.state == "pending"
    approve(control, created)
    listed = known(provider, created)
    assert (listed.state, listed.header, listed.body) == (
        "approved",
        DRAFT.header,
        DRAFT.body,
    )
    values = {"order": "B-2", "first_name": "Eve"}
    # A sync keeps the draft's names, also in the address that Meta numbers.
    template = used(DRAFT, values)
    message = OutboundMessage(ref, f"+{LUCIA}", "r.0", "shown", template=template)
    provider.send(message)
    (row,) = sent(control)
    drawn = row["extra"]["template"]
    assert drawn["header"] == "Order B-2"
    assert row["body"] == "Hello Eve, order B-2 is ready."
    assert drawn["buttons"][1]["value"] == "https://shop.example.com/B-2"


def test_a_numbered_template_with_a_file(provider, ref, control):
    sample = OutboundFile("", "image/png", "sample.png", lambda: PNG)
    created = provider.create_template(
        Template(
            reference="",
            name="offer",
            language="es",
            category="marketing",
            body="Hola {{2}}, tu {{1}} te espera.",
            variables={"2": "Ana", "1": "silla", "3": ""},
            media_kind="image",
            media_url="https://crm.example.com/{{3}}",
            sample=sample,
        )
    )
    approve(control, created)
    listed = known(provider, created)
    assert (listed.media_kind, listed.media_url) == ("image", "{{3}}")
    template = used(listed, {"1": "mesa", "2": "Eva"})
    message = OutboundMessage(ref, AIKO, "r.0", template=template, file=sample)
    provider.send(message)
    (row,) = sent(control)
    assert row["body"] == "Hola Eva, tu mesa te espera."
    assert row["media"][0]["size"] == len(PNG)


def test_a_template_that_is_paused_is_refused(provider, ref, control):
    created = provider.create_template(DRAFT)
    path = f"/control/templates/{created.reference}"
    control.patch(path, json={"status": "PAUSED"})
    assert known(provider, created).state == "paused"
    template = used(DRAFT, DRAFT.variables)
    with pytest.raises(Refused) as refusal:
        provider.send(OutboundMessage(ref, f"+{LUCIA}", "r.0", template=template))
    assert refusal.value.reason is Reason.TEMPLATE_PAUSED


def test_a_voice_note_is_one(provider, ref, control):
    opus = b"OggS" + bytes(24) + b"OpusHead" + bytes(40)
    file = OutboundFile("", "audio/ogg", "note.ogg", lambda: opus)
    provider.send(OutboundMessage(ref, AIKO, "r.0", file=file))
    (row,) = sent(control)
    assert row["media"][0]["content_type"].startswith("audio/ogg")


def test_a_message_is_read_and_gets_a_reaction(provider, ref, control):
    path = f"/control/customers/+{LUCIA}/messages"
    answer = control.post(path, json={"line": LINE, "body": "Hello"})
    assert answer.status_code == 200, answer.text
    (sid,) = (row["sid"] for row in answer.json()["messages"])
    provider.show_read(OutboundRead(ref, f"+{LUCIA}", sid, is_typing=True))
    for emoji in ("👍", "❤️", ""):
        provider.react(OutboundReaction(ref, f"+{LUCIA}", sid, emoji))


def test_an_unknown_message_cant_be_marked_as_read(provider, ref):
    with pytest.raises(Refused):
        provider.show_read(OutboundRead(ref, f"+{LUCIA}", "wamid.nobody"))
