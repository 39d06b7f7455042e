"""What customers see before we answer: a read mark, and that we type."""

from __future__ import annotations

import json

import pytest
from providers.errors import Reason, Refused, Retryable
from providers.events import OutboundRead

from ..server import Reply
from .samples import CHANNEL, CUSTOMER, NUMBER_ID, SCOPED_ID

DONE = Reply(json={"success": True})
READ = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.1"}


@pytest.mark.parametrize("recipient", [CUSTOMER, SCOPED_ID, ""])
def test_reading_names_the_message_and_no_customer(whatsapp, server, recipient):
    server.plan(DONE)
    whatsapp.show_read(OutboundRead(CHANNEL, recipient, "wamid.1"))
    (request,) = server.captured
    assert request.path == f"/v25.0/{NUMBER_ID}/messages"
    assert json.loads(request.body) == READ


def test_typing_goes_with_the_read_mark(whatsapp, server):
    server.plan(DONE)
    whatsapp.show_read(OutboundRead(CHANNEL, CUSTOMER, "wamid.1", is_typing=True))
    sent = json.loads(server.captured[0].body)
    assert sent == {**READ, "typing_indicator": {"type": "text"}}


@pytest.mark.parametrize("reply", [Reply(drop=True), Reply(500)])
def test_what_has_no_answer_may_be_repeated(whatsapp, server, reply):
    server.plan(reply)
    with pytest.raises(Retryable):
        whatsapp.show_read(OutboundRead(CHANNEL, CUSTOMER, "wamid.1"))


def test_a_message_that_meta_does_not_know_is_refused(whatsapp, server):
    server.plan(Reply(400, {"error": {"code": 131009, "message": "(#131009)"}}))
    with pytest.raises(Refused) as refusal:
        whatsapp.show_read(OutboundRead(CHANNEL, CUSTOMER, "wamid.1"))
    assert refusal.value.reason is Reason.OTHER
