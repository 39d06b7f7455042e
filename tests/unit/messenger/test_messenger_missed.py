"""Messages from Meta's list of conversations, for what no webhook brought."""

from __future__ import annotations

from datetime import datetime

import pytest
from providers.errors import Refused
from providers.events import ChannelRef, MediaRef, MessageReceived

from ..server import Reply

PAGE, CUSTOMER = "100000000000001", "7000000000000001"
CHANNEL = ChannelRef("messenger", PAGE, token="EAApage", reference=PAGE)
SINCE, UNTIL = datetime(2026, 11, 1, 9), datetime(2026, 11, 1, 12)
URL = "https://cdn.fbsbx.com/v/t59.2708-21/offer.pdf"


def message(number, clock="10:00:00", sender=CUSTOMER, recipient=PAGE, **values):
    return {
        "id": f"m_{number}",
        "created_time": f"2026-11-01T{clock}+0000",
        "from": {"id": sender, "name": "Ana"},
        "to": {"data": [{"id": recipient, "name": "Shop"}]},
        "message": f"Message {number}",
        **values,
    }


def conversation(*messages, updated="10:00:00"):
    return {
        "id": "t_1",
        "updated_time": f"2026-11-01T{updated}+0000",
        "messages": {"data": list(messages)},
    }


def page(*conversations, after=None):
    paging = {"cursors": {"after": after}, "next": "https://x"} if after else {}
    return Reply(json={"data": list(conversations), "paging": paging})


def missed(provider, channel=CHANNEL):
    return list(provider.missed(channel, SINCE, UNTIL))


def test_customers_messages_come_as_their_webhooks_would(meta, server):
    server.plan(page(conversation(message(1), message(2, sender=PAGE, recipient="7"))))
    assert missed(meta) == [
        MessageReceived(
            channel=ChannelRef("messenger", PAGE),
            message_id="m_1",
            external_ids=(CUSTOMER,),
            text="Message 1",
            sent_at=datetime(2026, 11, 1, 10),
        )
    ]


@pytest.mark.parametrize("kind", ["messenger", "instagram"])
def test_meta_is_asked_with_the_channels_token_for_its_kind(meta, server, kind):
    server.plan(page())
    assert missed(meta, ChannelRef(kind, PAGE, token="EAApage")) == []
    (request,) = server.captured
    assert request.path == "/v25.0/me/conversations"
    assert request.headers["authorization"] == "Bearer EAApage"
    assert request.query["platform"] == kind
    assert "messages.limit(20){id,created_time,from,to" in request.query["fields"]


def test_only_messages_of_the_period_come(meta, server):
    clocks = ("08:59:59", "09:00:00", "12:00:00", "12:00:01")
    rows = [message(number, clock) for number, clock in enumerate(clocks)]
    server.plan(page(conversation(*rows)))
    assert [found.message_id for found in missed(meta)] == ["m_1", "m_2"]


def test_reading_ends_at_the_first_conversation_without_news(meta, server):
    server.plan(
        page(conversation(message(1)), after="A"),
        page(conversation(message(2, "08:00:00"), updated="08:00:00"), after="B"),
    )
    assert [found.message_id for found in missed(meta)] == ["m_1"]
    assert len(server.captured) == 2


@pytest.mark.parametrize(
    ("content_type", "place", "kind"),
    [
        ("image/jpeg", "image_data", "image"),
        ("video/mp4", "video_data", "video"),
        ("audio/mpeg", "", "audio"),
        ("application/pdf", "", "document"),
    ],
)
def test_files_come_as_in_webhooks(meta, server, content_type, place, kind):
    where = {place: {"url": URL}} if place else {"file_url": URL}
    files = {"data": [{"id": "1", "mime_type": content_type, **where}]}
    server.plan(page(conversation(message(1, message="", attachments=files))))
    (found,) = missed(meta)
    name = "offer.pdf" if kind == "document" else ""
    assert (found.kind, found.media) == (kind, (MediaRef(URL, filename=name),))


@pytest.mark.parametrize(
    "broken",
    [
        {"id": None},
        {"id": "x" * 600},
        {"created_time": "yesterday"},
        {"from": None},
        {"to": {"data": "nobody"}},
    ],
)
def test_an_unreadable_message_does_not_hide_the_others(meta, server, broken):
    server.plan(page(conversation(message(1, **broken), message(2))))
    assert [found.message_id for found in missed(meta)] == ["m_2"]


def test_a_list_without_data_is_an_error_and_not_the_end(meta, server):
    server.plan(Reply(json={"nothing": "here"}))
    with pytest.raises(Refused):
        missed(meta)
