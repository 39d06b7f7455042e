"""One row per fixture: the request from Meta, and the events it becomes."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
import requests
from providers.errors import InvalidPayload
from providers.events import (
    UNLIMITED,
    BadEvent,
    ChannelNotice,
    ChannelRef,
    CustomerMoved,
    CustomerNamed,
    HistoryReceived,
    MediaRef,
    MessageEdited,
    MessageReceived,
    MessageSent,
    MessageUnsent,
    Occurred,
    Reacted,
    Standing,
    StandingChanged,
    StatusChanged,
    TemplatesChanged,
)
from providers.whatsapp_cloud import WhatsAppCloud

from .samples_in import (
    AT,
    CUSTOMER,
    FIXTURES,
    NUMBER,
    PARENT_ID,
    REFERENCE,
    USER_ID,
    body_of,
    fixture,
    message,
    request_for,
)

PROVIDER = WhatsAppCloud({}, requests.Session())
# The number, where Meta doesn't tell its id.
BY_ADDRESS = ChannelRef("whatsapp", "+34600000001")
OTHER_NUMBER = ChannelRef("whatsapp", "+34600000002", reference="200000000000002")
GROUP = "R1JPVVBPTkU"
NEW_NUMBER, NEW_USER_ID = "+34633333333", "ES.40000000000000000002"
NEW_PARENT_ID = "ES.ENT.50000000000000000002"


def wamid(number):
    return f"wamid.{number:04d}"


def received(number, **values):
    usual = {"channel": NUMBER, "external_ids": (CUSTOMER,), "name": "Ana Example"}
    usual.update(message_id=wamid(number), sent_at=AT)
    return MessageReceived(**{**usual, **values})


def with_file(number, kind, media_id, content_type, filename="", **values):
    media = MediaRef(f"70000000000000{media_id:02d}", content_type, filename)
    return received(number, kind=kind, media=(media,), **values)


def sent(number, **values):
    usual = {"channel": NUMBER, "external_ids": (CUSTOMER,), "sent_at": AT}
    return MessageSent(message_id=wamid(number), **{**usual, **values})


def status(word, **values):
    usual = {"channel": NUMBER, "external_ids": (CUSTOMER,), "occurred_at": AT}
    return StatusChanged(message_id=wamid(1), status=word, **{**usual, **values})


def changed(kind, number=1, **values):
    usual = {"channel": NUMBER, "external_ids": (CUSTOMER,), "occurred_at": AT}
    return kind(message_id=wamid(number), **{**usual, **values})


def called(number, **data):
    return Occurred(
        channel=NUMBER,
        external_ids=(CUSTOMER,),
        message_id=f"wacid.{number:04d}",
        event_type="called",
        data=data,
        occurred_at=AT,
        by_customer=not data["by_us"],
        name="" if data["by_us"] else "Ana Example",
    )


def preference(event_type):
    return Occurred(
        channel=NUMBER,
        external_ids=(CUSTOMER,),
        message_id=f"{event_type}.{CUSTOMER[1:]}.1790000000",
        event_type=event_type,
        occurred_at=AT,
    )


def notice(text, code="problem", channel=None, at=AT):
    return ChannelNotice(channel, code, text, at)


def rated(channel=BY_ADDRESS, **values):
    return StandingChanged(channel, Standing(**values))


PRICED = {"price_category": "utility"}
QUOTED = {"reply_to": wamid(1)}
EVA = {
    "name": "Eva Example",
    "organization": "Example Ltd",
    "title": "Buyer",
    "phones": [{"value": "+34 622 222 222", "label": "CELL"}],
    "emails": [{"value": "eva@example.com", "label": "WORK"}],
    "addresses": [
        {
            "street": "Main Street 1",
            "city": "Town",
            "zip": "08001",
            "region": "Region",
            "country": "Spain",
        }
    ],
}
MAX = {
    "name": "Max Example",
    "organization": "",
    "title": "",
    "phones": [],
    "emails": [],
    "addresses": [],
}
LONG_AGO = datetime(2026, 9, 10, 0, 26, 40)

EVENTS = {
    "text": received(1, text="Do you have the blue one? 👋"),
    "image": with_file(2, "image", 1, "image/jpeg", text="This one"),
    "voice_note": with_file(3, "audio", 2, "audio/ogg; codecs=opus"),
    "audio": with_file(4, "audio", 3, "audio/mpeg"),
    "video": with_file(5, "video", 4, "video/mp4", text="Look at this"),
    "document": with_file(
        6, "document", 5, "application/pdf", "bill.pdf", text="The bill"
    ),
    "sticker": with_file(7, "sticker", 6, "image/webp"),
    "animated_sticker": with_file(8, "sticker", 7, "image/webp"),
    "location": received(
        9, kind="location", data={"latitude": 41.38, "longitude": 2.17}
    ),
    "named_location": received(
        10,
        kind="location",
        data={
            "latitude": 41.38,
            "longitude": 2.17,
            "label": "Bike shop",
            "address": "Main Street 1",
            "shares": [{"url": "https://shop.example.com/", "title": "Bike shop"}],
        },
    ),
    "contacts": received(
        11,
        kind="contact",
        text="Eva Example\nBuyer, Example Ltd\n+34 622 222 222\neva@example.com\n"
        "Main Street 1, 08001 Town, Region, Spain\nMax Example",
        data={"contacts": [EVA, MAX], "contact_count": 2, "contact_text": True},
    ),
    "quoted_reply": received(12, text="That one", **QUOTED),
    "forwarded": received(13, text="Read this", data={"forwarded": True}),
    "forwarded_many_times": received(
        14, text="Read this", data={"forwarded": True, "forwarded_often": True}
    ),
    "template_button": received(
        15,
        kind="reply_choice",
        text="Confirm",
        data={"title": "Confirm", "payload": "order-7"},
        **QUOTED,
    ),
    "button_reply": received(
        16,
        kind="reply_choice",
        text="Medium",
        data={"title": "Medium", "payload": "size-m"},
        **QUOTED,
    ),
    "list_reply": received(
        17,
        kind="reply_choice",
        text="Express\nOne day",
        data={"title": "Express\nOne day", "payload": "express"},
    ),
    "flow_reply": received(
        18,
        text='first name: Ana\ncolours: ["blue", "red"]\nagreed: true\ncount: 2',
    ),
    "call_permission": received(
        19,
        kind="reply_choice",
        text="Calls allowed",
        data={"title": "Calls allowed", "payload": "accept"},
    ),
    "order": received(
        20,
        text="As soon as possible",
        data={
            "products": [
                {
                    "title": "bike-1",
                    "subtitle": "2 ×",
                    "price": "300.5 EUR",
                    "retailer_id": "bike-1",
                },
                {
                    "title": "bell-2",
                    "subtitle": "1 ×",
                    "price": "10 EUR",
                    "retailer_id": "bell-2",
                },
            ]
        },
    ),
    "product_question": received(
        21,
        text="Is it still there?",
        data={"referral": {"product_id": "bike-1"}},
        **QUOTED,
    ),
    "from_an_advertisement": received(
        22,
        text="Tell me more",
        data={
            "referral": {
                "source_url": "https://fb.me/abc",
                "source_id": "120000000000000001",
                "source_type": "ad",
                "headline": "Chat with us",
                "body": "Blue bikes are here",
                "media_url": "https://scontent.example.com/ad.jpg",
                "click_id": "click-1",
            }
        },
    ),
    "reaction": changed(Reacted, emoji="😮"),
    "reaction_removed": changed(Reacted, emoji=""),
    "reaction_empty": changed(Reacted, emoji=""),
    "edit": changed(MessageEdited, text="Do you have the red one?"),
    "edit_of_a_caption": changed(MessageEdited, 2, text="That one"),
    "revoke": changed(MessageUnsent),
    "unsupported": received(
        29,
        kind="unsupported",
        data={
            "original_type": "poll",
            "explanation": "Message type is currently not supported.",
        },
    ),
    "unsupported_without_a_type": received(
        30, kind="unsupported", data={"explanation": "Message type unknown"}
    ),
    "unknown_type": received(
        31, kind="unsupported", data={"original_type": "hologram"}
    ),
    "file_too_big": received(
        32,
        kind="unsupported",
        data={
            "original_type": "video",
            "explanation": "The file is larger than 100 MB.",
        },
    ),
    "interactive_without_content": received(
        33, kind="unsupported", data={"original_type": "interactive"}
    ),
    "request_welcome": [],
    # A group has a conversation of its own, which can't be answered.
    "group_message": received(
        35,
        external_ids=(GROUP,),
        name="",
        address="Group PTkU",
        text="Ana Example: Hello everybody",
        data={"group": True},
    ),
    "number_changed": CustomerMoved(
        NUMBER, (NEW_NUMBER, NEW_USER_ID), (CUSTOMER, USER_ID), AT
    ),
    "user_id_changed": CustomerMoved(
        NUMBER, (NEW_USER_ID, NEW_PARENT_ID), (USER_ID, PARENT_ID), AT
    ),
    "security_code_changed": [],
    "username_without_number": received(
        39, text="Hello", external_ids=(USER_ID, PARENT_ID), username="ana.example"
    ),
    "number_and_user_id": received(
        40, text="Hello", external_ids=(CUSTOMER, USER_ID, PARENT_ID)
    ),
    "number_spelled_otherwise": received(
        41, text="Olá", external_ids=("+551187654321",), name="Bia"
    ),
    "time_in_milliseconds": received(
        42, text="Hello", sent_at=AT + timedelta(milliseconds=123)
    ),
    "nul_bytes": received(43, text="Hello"),
    "status_sent": status("sent", reference=REFERENCE, data=PRICED),
    "status_delivered": status("delivered", data=PRICED),
    "status_read": status("read", data=PRICED),
    # Who listened to a voice note has read it.
    "status_played": status("read", data={"played": True}),
    "status_failed": status(
        "failed",
        error_code="131047",
        error_detail="More than 24 hours have passed.",
        reason="window_closed",
    ),
    "status_to_a_user_id": status("delivered", external_ids=(USER_ID, PARENT_ID)),
    "status_of_a_group": [],
    "status_unknown": BadEvent("Meta sent an unknown status: teleported."),
    "echo": sent(50, text="From the phone"),
    "echo_image_to_a_user_id": sent(
        51,
        kind="image",
        media=(MediaRef("7000000000000008", "image/jpeg"),),
        external_ids=(USER_ID,),
    ),
    "echo_edit": changed(MessageEdited, 50, text="From my phone"),
    "echo_revoke": changed(MessageUnsent, 50),
    "echo_reaction": changed(Reacted, emoji="👍", by_us=True),
    # The newest first.
    "history": HistoryReceived(
        NUMBER,
        (
            sent(
                63,
                text="Lost",
                status="failed",
                sent_at=LONG_AGO + timedelta(minutes=2),
            ),
            sent(
                62,
                kind="unsupported",
                data={"original_type": "media", "announced": True},
                status="read",
                sent_at=LONG_AGO + timedelta(minutes=1),
            ),
            received(61, text="Long ago", name="", sent_at=LONG_AGO),
        ),
    ),
    "history_file": HistoryReceived(
        NUMBER,
        (
            with_file(
                64,
                "image",
                9,
                "image/jpeg",
                text="Long ago",
                name="",
                sent_at=LONG_AGO + timedelta(seconds=30),
            ),
        ),
    ),
    "history_declined": notice(
        "History sharing is turned off by the business", channel=NUMBER, at=None
    ),
    "address_book": CustomerNamed(NUMBER, (CUSTOMER,), "Ana from the shop"),
    "call_begins": called(1, by_us=False, status="ringing"),
    "call_ended": called(1, by_us=False, status="completed", seconds=120),
    "call_of_ours_failed": called(2, by_us=True, status="failed"),
    "call_rings": [],
    "marketing_stopped": preference("marketing_stopped"),
    "marketing_resumed": preference("marketing_resumed"),
    "template_approved": TemplatesChanged(),
    "template_quality": TemplatesChanged(),
    "template_category": TemplatesChanged(),
    "number_flagged": rated(quality="low", daily_limit=1000),
    "limit_raised": rated(daily_limit=UNLIMITED),
    "name_declined": rated(name_state="declined"),
    "account_restricted": notice(
        "Meta restricts the WhatsApp account: restricted biz initiated messaging.",
        "policy_enforcement",
    ),
    "account_violation": notice(
        "The WhatsApp account violates Meta's policy: scam.",
        "policy_enforcement",
        BY_ADDRESS,
    ),
    "account_disabled": notice(
        "Meta changed the ban of the WhatsApp account: disable.", "policy_enforcement"
    ),
    "account_linked": [],
    "account_alert": notice(
        "Something to look at.",
        channel=ChannelRef("whatsapp", "", reference=NUMBER.reference),
    ),
    "pin_changed": notice(
        "Security of the number at Meta: pin changed.", channel=BY_ADDRESS
    ),
    "channel_error": notice(
        "Message failed to send because there were too many messages. (130429)",
        channel=NUMBER,
        at=None,
    ),
    "group_created": CustomerNamed(NUMBER, (GROUP,), "Bike friends"),
    "standby": [
        received(70, text="To the machine", data={"standby": True}),
        sent(71, text="From the machine", data={"standby": True}),
    ],
    "dashboard_test": [],
    "unknown_field": [],
    "two_numbers_and_bad_events": [
        received(1, text="One", name=""),
        BadEvent("Meta sent no id of the customer."),
        received(3, text="Three", name=""),
        received(4, text="To the other number", channel=OTHER_NUMBER),
        BadEvent("Meta sent an event that doesn't say which number it is about."),
    ],
}


def test_every_fixture_has_a_row():
    assert {path.stem for path in FIXTURES.glob("*.json")} == set(EVENTS)


@pytest.mark.parametrize("name", EVENTS)
def test_a_request_becomes_these_events(name):
    expected = EVENTS[name]
    found = PROVIDER.parse(request_for((FIXTURES / f"{name}.json").read_bytes()))
    assert found == (expected if isinstance(expected, list) else [expected])


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"[]", b"7", b'{"object":"whatsapp_business_account"}']
)
def test_an_unreadable_body_is_refused_with_a_sentence(body):
    with pytest.raises(InvalidPayload, match="Meta sent"):
        PROVIDER.parse(request_for(body))


def test_another_product_is_ignored():
    assert PROVIDER.parse(request_for({"object": "page", "entry": [{}]})) == []


def test_a_repeated_request_gives_the_same_events():
    for name in EVENTS:
        request = request_for(body_of(name))
        assert PROVIDER.parse(request) == PROVIDER.parse(request)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id": None}, "no id of the message"),
        ({"id": "w" * 513}, "too long"),
        ({"from": "3" * 200}, "too long"),
    ],
)
def test_a_message_that_can_not_be_stored_is_a_bad_event(changes, words):
    (event,) = PROVIDER.parse(message(**changes))
    assert isinstance(event, BadEvent) and words in event.error


@pytest.mark.parametrize(
    ("text", "opt"), [("STOP", "out"), (" start ", "in"), ("Stop it, thanks", "")]
)
def test_keywords_opt_out_and_in(text, opt):
    (event,) = PROVIDER.parse(message(text={"body": text}))
    assert event.opt == opt


def test_a_button_that_says_stop_is_no_keyword():
    button = {"text": "Stop", "payload": "stop"}
    (event,) = PROVIDER.parse(message(type="button", text=None, button=button))
    assert (event.opt, event.kind) == ("", "reply_choice")


@pytest.mark.parametrize("latitude", [91, "north", None, True, 10**400])
def test_a_place_without_coordinates_is_not_lost(latitude):
    place = {"latitude": latitude, "longitude": 2, "name": "Shop"}
    (event,) = PROVIDER.parse(message(type="location", text=None, location=place))
    assert (event.kind, event.text) == ("unsupported", "Shop")


def test_a_file_without_an_id_shows_that_something_is_missing():
    picture = {"mime_type": "image/jpeg", "caption": "This"}
    (event,) = PROVIDER.parse(message(type="image", text=None, image=picture))
    assert (event.kind, event.text, event.media) == ("unsupported", "This", ())


def test_a_flow_answer_that_is_no_json_is_shown_as_it_is():
    answer = {"type": "nfm_reply", "nfm_reply": {"body": "Sent", "response_json": "?"}}
    (event,) = PROVIDER.parse(
        message(type="interactive", text=None, interactive=answer)
    )
    assert event.text == "?"


def test_several_contacts_name_their_own_messages():
    value = body_of("text")["entry"][0]["changes"][0]["value"]
    bea = {"profile": {"name": "Bea"}, "wa_id": "34655555555"}
    theirs = {**value["messages"][0], "from": "34655555555", "id": "wamid.0002"}
    request = fixture(
        "text",
        contacts=[*value["contacts"], bea],
        messages=[*value["messages"], theirs],
    )
    assert [event.name for event in PROVIDER.parse(request)] == ["Ana Example", "Bea"]


def test_the_limit_of_the_whole_business_is_about_all_channels():
    value = {"max_daily_conversations_per_business": "TIER_2K"}
    change = {"field": "business_capability_update", "value": value}
    body = {
        "object": "whatsapp_business_account",
        "entry": [{"id": "100000000000001", "changes": [change]}],
    }
    assert PROVIDER.parse(request_for(body)) == [rated(None, daily_limit=2000)]


@pytest.mark.parametrize(
    ("address", "is_answerable"),
    [(CUSTOMER, True), (USER_ID, True), (PARENT_ID, True), (GROUP, False)],
)
def test_groups_can_not_be_answered(address, is_answerable):
    pattern = WhatsAppCloud.answerable["whatsapp"]
    assert bool(re.fullmatch(pattern, address)) is is_answerable
    assert not re.fullmatch(pattern, "Group PTkU")


def test_a_status_that_names_no_customer_counts():
    statuses = [{"id": wamid(1), "status": "read", "timestamp": "1790000000"}]
    found = PROVIDER.parse(fixture("status_read", statuses=statuses))
    assert found == [status("read", external_ids=())]


@pytest.mark.parametrize("name", ["echo", "call_of_ours_failed"])
def test_an_event_without_a_recipient_is_a_bad_event(name):
    body = body_of(name)
    value = body["entry"][0]["changes"][0]["value"]
    del (value.get("message_echoes") or value["calls"])[0]["to"]
    (event,) = PROVIDER.parse(request_for(body))
    assert event == BadEvent("Meta sent no id of the customer.")
