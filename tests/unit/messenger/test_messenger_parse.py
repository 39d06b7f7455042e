"""One row per fixture: the request from Meta, and the events it becomes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import requests
from providers.events import (
    BadEvent,
    ChannelNotice,
    ChannelRef,
    MediaRef,
    MessageEdited,
    MessageReceived,
    MessageSent,
    MessageUnsent,
    Reacted,
    ReadUpTo,
)
from providers.messenger import Messenger

from .samples import (
    APP_ID,
    AT,
    FIXTURES,
    IGSID,
    INSTAGRAM,
    PAGE,
    PSID,
    REFERENCE,
    body_of,
    fixture,
    message,
    request_for,
)

PROVIDER = Messenger({"app_id": APP_ID}, requests.Session())
CDN = "https://scontent.xx.fbcdn.net/v/t1.15752-9/"
IG_FILE = (
    "https://lookaside.fbsbx.com/ig_messaging_cdn/"
    "?asset_id=17900000000000001&signature=AbC"
)
SECONDS = datetime(2026, 9, 21, 14, 13, 20)
WATERMARK = AT - timedelta(seconds=1)
ENTRY_TIME = AT + timedelta(milliseconds=500)


def picture(number, suffix="jpg?oh=1&oe=6AF00000"):
    return MediaRef(f"{CDN}{number}_n.{suffix}")


def received(number, **values):
    usual = {"channel": PAGE, "message_id": f"m_{number:04d}", "external_ids": (PSID,)}
    return MessageReceived(**{**usual, "sent_at": AT, **values})


def on_instagram(number, **values):
    return received(number, channel=INSTAGRAM, external_ids=(IGSID,), **values)


def sent(number, **values):
    usual = {"channel": PAGE, "message_id": f"m_{number:04d}", "external_ids": (PSID,)}
    return MessageSent(**{**usual, "sent_at": AT, **values})


def reacted(number, emoji, **values):
    usual = {"channel": PAGE, "external_ids": (PSID,), "occurred_at": AT}
    return Reacted(message_id=f"m_{number:04d}", emoji=emoji, **{**usual, **values})


def up_to(status, until=WATERMARK, *message_ids, channel=PAGE, customer=PSID):
    return ReadUpTo(channel, (customer,), status, until, message_ids)


def notice(code, text):
    return ChannelNotice(PAGE, code, text, AT)


EVENTS = {
    "text": received(1, text="Do you have the blue one? 👋"),
    "quick_reply": received(
        2,
        kind="reply_choice",
        text="Medium",
        data={"title": "Medium", "payload": "size-m"},
    ),
    "quoted_reply": received(3, text="That one", reply_to="m_0001"),
    "image": received(4, kind="image", media=(picture(1),)),
    "image_with_text": received(
        5, kind="image", text="This one", media=(picture(2), picture(3))
    ),
    "voice_note": received(
        6,
        kind="audio",
        media=(
            MediaRef("https://cdn.fbsbx.com/v/t59.3654-21/audioclip-1.mp4?oe=6AF00000"),
        ),
    ),
    "video": received(
        7,
        kind="video",
        media=(
            MediaRef("https://video.xx.fbcdn.net/v/t42.3356-2/4_n.mp4?oe=6AF00000"),
        ),
    ),
    "document": received(
        8,
        kind="document",
        media=(
            MediaRef(
                "https://cdn.fbsbx.com/v/t59.2708-21/invoice%2024.pdf?oe=6AF00000",
                filename="invoice 24.pdf",
            ),
        ),
    ),
    "sticker": received(9, kind="sticker", media=(picture(5, "png?oe=6AF00000"),)),
    "sticker_as_image": received(
        10, kind="sticker", media=(picture(5, "png?oe=6AF00000"),)
    ),
    "location": received(
        11,
        kind="location",
        data={
            "latitude": 40.4168,
            "longitude": -3.7038,
            "label": "Ana's location",
            "address": "",
        },
    ),
    "shared_link": received(
        12,
        text="Like this: https://example.com/chair",
        data={
            "shares": [{"url": "https://example.com/chair", "title": "A blue chair"}]
        },
    ),
    "fallback_without_payload": received(
        13,
        text="Legacy Attachment",
        data={
            "shares": [{"url": "https://example.com/old", "title": "Legacy Attachment"}]
        },
    ),
    "reel": received(
        14,
        text="Chairs",
        data={
            "shares": [{"url": "https://www.facebook.com/reel/1", "title": "Chairs"}]
        },
    ),
    "shared_post": received(
        15,
        text="Spring sale",
        data={
            "shares": [
                {
                    "url": "https://www.facebook.com/permalink.php?id=1",
                    "title": "Spring sale",
                }
            ]
        },
    ),
    "unknown_attachment": received(
        16, kind="unsupported", data={"original_type": "poll"}
    ),
    "from_an_advertisement": received(
        17,
        text="I saw your ad",
        data={
            "referral": {
                "ref": "spring",
                "ad_id": "1202",
                "source": "ADS",
                "type": "OPEN_THREAD",
                "ad_title": "Spring sale",
                "photo_url": "https://example.com/ad.jpg",
                "post_id": "1_2",
            }
        },
    ),
    "postback": received(
        18,
        kind="reply_choice",
        text="Get started",
        data={
            "title": "Get started",
            "payload": "GET_STARTED",
            "referral": {"ref": "card", "source": "SHORTLINK", "type": "OPEN_THREAD"},
        },
    ),
    "postback_without_id": received(
        0,
        message_id=f"postback.{PSID}.1790000000123",
        kind="reply_choice",
        text="MENU_HOURS",
        data={"title": "", "payload": "MENU_HOURS"},
    ),
    "referral": received(
        0,
        message_id=f"referral.{PSID}.1790000000123",
        data={
            "referral": {
                "ref": "window",
                "source": "SHORTLINK",
                "type": "OPEN_THREAD",
                "referer_uri": "https://example.com/shop",
            }
        },
    ),
    "reaction": reacted(100, "😢"),
    "reaction_without_emoji": reacted(100, "❤️"),
    "reaction_removed": reacted(100, ""),
    "reaction_of_ours": reacted(1, "👍", by_us=True),
    "delivery": up_to("delivered", WATERMARK, "m_0100", "m_0101"),
    "delivery_watermark_alone": up_to("delivered"),
    "read": up_to("read"),
    "read_in_seconds": up_to("read", SECONDS),
    "edit": MessageEdited(PAGE, (PSID,), "m_0001", "Do you have the red one?", AT),
    "echo_of_ours": sent(100, text="Tomorrow.", reference=REFERENCE, app_id=APP_ID),
    "echo_of_the_page_inbox": sent(101, text="I'll call you.", app_id="26390203743090"),
    "echo_of_another_app": sent(102, text="Choose\nVisit us", app_id="400000000000001"),
    "echo_image": sent(
        103,
        kind="image",
        media=(picture(6, "jpg?oe=6AF00000"),),
        app_id="26390203743090",
    ),
    "echo_quoting": sent(104, text="Yes", reply_to="m_0001"),
    "policy_enforcement": notice(
        "policy_enforcement",
        "Meta warns this Page: Too many messages outside of the window.",
    ),
    "thread_taken_by_the_page_inbox": notice(
        "handover", "The Page's own inbox has taken over a conversation."
    ),
    "thread_passed_to_us": None,
    "thread_requested": notice(
        "handover", "Another app (400000000000001) asks for a conversation."
    ),
    "optin": received(
        0,
        message_id=f"optin.{PSID}.1790000000123",
        data={"referral": {"ref": "newsletter", "source": "OPT_IN"}},
    ),
    "standby_text": received(19, text="Are you there?", data={"standby": True}),
    "time_in_seconds": received(20, text="Hello", sent_at=SECONDS),
    "no_time": received(21, text="Hello", sent_at=ENTRY_TIME),
    "nothing_in_it": received(22, kind="unsupported"),
    "instagram_text": on_instagram(201, text="Hi"),
    "instagram_quick_reply": on_instagram(
        202, kind="reply_choice", text="Yes", data={"title": "Yes", "payload": "yes"}
    ),
    "instagram_story_reply": on_instagram(
        203,
        text="Is it for sale?",
        data={"reply_to_story": {"id": "1801", "url": IG_FILE}},
    ),
    "instagram_story_mention": on_instagram(
        204, kind="image", media=(MediaRef(IG_FILE),), data={"story_mention": True}
    ),
    "instagram_shared_post": on_instagram(
        205,
        kind="image",
        text="Our new chairs",
        media=(MediaRef(IG_FILE),),
        data={"shares": [{"url": "", "title": "Our new chairs"}]},
    ),
    "instagram_shared_reel": on_instagram(
        206,
        kind="video",
        text="How it's made",
        media=(MediaRef(IG_FILE),),
        data={"shares": [{"url": "", "title": "How it's made"}]},
    ),
    "instagram_share": on_instagram(
        207,
        text="https://www.instagram.com/p/abc/",
        data={"shares": [{"url": "https://www.instagram.com/p/abc/", "title": ""}]},
    ),
    "instagram_heart": on_instagram(208, text="❤️"),
    "instagram_unsupported": on_instagram(209, kind="unsupported"),
    "instagram_unsent": MessageUnsent(INSTAGRAM, (IGSID,), "m_0201", AT),
    "instagram_seen": up_to("read", None, "m_0300", channel=INSTAGRAM, customer=IGSID),
    "instagram_reaction": reacted(300, "❤️", channel=INSTAGRAM, external_ids=(IGSID,)),
    "instagram_edit": MessageEdited(INSTAGRAM, (IGSID,), "m_0201", "Hello", AT),
    "instagram_new_message_as_an_edit": on_instagram(
        210,
        kind="unsupported",
        data={"original_type": "message_edit", "announced": True},
    ),
    "instagram_echo_of_the_phone": sent(
        301, channel=INSTAGRAM, external_ids=(IGSID,), text="Sent from the phone"
    ),
    "instagram_referral": on_instagram(
        211,
        text="Hello",
        data={"referral": {"ref": "bio", "source": "SHORTLINK", "type": "OPEN_THREAD"}},
    ),
    "dashboard_test_change": None,
    "dashboard_test_event": None,
    "two_pages_and_a_bad_event": [
        received(30, text="One"),
        BadEvent("Meta sent no mid, so we can't tell which message it is."),
        received(31, text="Two"),
        received(
            32,
            channel=ChannelRef("messenger", "100000000000002"),
            external_ids=("7000000000000002",),
            text="Three",
        ),
    ],
}


def parse(request):
    (event,) = PROVIDER.parse(request)
    return event


@pytest.mark.parametrize("name", sorted(path.stem for path in FIXTURES.glob("*.json")))
def test_a_fixture_is_read_as_its_events(name):
    expected = EVENTS[name]
    if not isinstance(expected, list):
        expected = [expected] if expected else []
    assert PROVIDER.parse(request_for(body_of(name))) == expected


def test_a_thousand_events_of_one_body_keep_their_order():
    body = body_of("text")
    event = body["entry"][0]["messaging"][0]
    body["entry"][0]["messaging"] = [
        {**event, "message": {"mid": f"m_{number:04d}", "text": str(number)}}
        for number in range(1000)
    ]
    events = PROVIDER.parse(request_for(body))
    assert [event.text for event in events] == [str(number) for number in range(1000)]


@pytest.mark.parametrize("product", ["user", "whatsapp_business_account", "", None])
def test_webhooks_of_other_products_are_ignored(product):
    body = {**body_of("text"), "object": product}
    assert PROVIDER.parse(request_for(body)) == []


def test_unknown_events_are_ignored():
    assert PROVIDER.parse(fixture("text", message=None, tomorrow={"a": 1})) == []


def test_unknown_fields_are_ignored():
    request = message(tomorrow={"a": 1}, tags=[{"source": "customer_chat_plugin"}])
    assert parse(request) == EVENTS["text"]


def test_a_message_unsent_on_the_phone_is_unsent_here():
    deleted = {"mid": "m_0301", "is_echo": True, "is_deleted": True}
    event = parse(fixture("instagram_echo_of_the_phone", message=deleted))
    assert event == MessageUnsent(INSTAGRAM, (IGSID,), "m_0301", AT)


@pytest.mark.parametrize("app_id", ["26390203743090", "263902037430900"])
def test_both_ids_of_the_pages_own_inbox_are_known(app_id):
    taken = {"new_owner_app_id": app_id}
    event = parse(fixture("thread_taken_by_the_page_inbox", take_thread_control=taken))
    assert event.text == "The Page's own inbox has taken over a conversation."


def test_a_handover_to_an_unknown_app_is_still_reported():
    event = parse(fixture("thread_taken_by_the_page_inbox", take_thread_control={}))
    assert event.text == "Another app has taken over a conversation."


def test_an_announcement_without_a_customer_is_ignored():
    request = fixture("instagram_new_message_as_an_edit", sender=None, recipient=None)
    assert PROVIDER.parse(request) == []


def test_the_older_name_of_a_warning_is_known():
    older = {"policy-enforcement": {"action": "block", "reason": "Spam."}}
    event = parse(fixture("policy_enforcement", policy_enforcement=None, **older))
    assert event == notice("policy_enforcement", "Meta has blocked this Page: Spam.")


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ({"action": "unblock"}, "Meta has unblocked this Page."),
        ({"action": "frown", "reason": "Why."}, "Meta enforces its policy: Why."),
        ({}, "Meta enforces its policy."),
    ],
)
def test_every_policy_notice_of_meta_is_reported(part, words):
    event = parse(fixture("policy_enforcement", policy_enforcement=part))
    assert event == notice("policy_enforcement", words)


def test_an_echo_without_an_app_may_be_ours_by_its_metadata():
    echo = {"mid": "m_0100", "is_echo": True, "metadata": REFERENCE, "text": "Hi"}
    event = parse(fixture("echo_of_ours", message=echo))
    assert (event.reference, event.app_id) == (REFERENCE, "")


@pytest.mark.parametrize(
    ("written", "time"),
    [
        (1790000000123, AT),
        ("1790000000123", AT),
        (1790000000123.0, AT),
        (1790000000, SECONDS),
        ("1790000000", SECONDS),
        ("2026-09-21T14:13:20+0000", SECONDS),
        ("2026-09-21T16:13:20+0200", SECONDS),
        ("soon", ENTRY_TIME),
        (-1, ENTRY_TIME),
        (10**40, ENTRY_TIME),
        ("9" * 400, ENTRY_TIME),
        ("0001-01-01T00:00:00+1400", ENTRY_TIME),
        ([], ENTRY_TIME),
    ],
)
def test_every_format_of_a_time_is_read(written, time):
    assert parse(fixture("text", timestamp=written)).sent_at == time


def test_a_message_without_a_time_is_from_now():
    body = body_of("no_time")
    del body["entry"][0]["time"]
    assert parse(request_for(body)).sent_at is None


def test_numbers_are_accepted_as_ids():
    request = fixture("text", sender={"id": int(PSID)})
    assert parse(request) == EVENTS["text"]


def test_text_beside_an_unsupported_file_is_kept():
    event = parse(message(text="Look", attachments=[{"type": "dance"}]))
    assert (event.kind, event.text) == ("unsupported", "Look")
    assert event.data == {"original_type": "dance"}


def test_a_file_beside_unsupported_content_is_kept():
    attachments = [{"type": "dance"}, {"type": "image", "payload": {"url": CDN}}]
    event = parse(message(text=None, attachments=attachments))
    assert (event.kind, event.media) == ("image", (MediaRef(CDN),))


@pytest.mark.parametrize("attachment", [None, 1, {}, {"type": "image"}, {"type": []}])
def test_an_empty_attachment_alone_is_unsupported(attachment):
    assert parse(message(text=None, attachments=[attachment])).kind == "unsupported"


@pytest.mark.parametrize(
    "coordinates",
    [None, {}, {"lat": 91, "long": 0}, {"lat": 0, "long": "x"}, {"lat": float("nan")}],
)
def test_a_place_with_invalid_coordinates_is_unsupported(coordinates):
    attachment = {"type": "location", "payload": {"coordinates": coordinates}}
    event = parse(message(text=None, attachments=[attachment]))
    assert event.kind == "unsupported"
    assert event.data == {"original_type": "location"}


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", " ", "ftp://example.com"]
)
def test_unsafe_addresses_do_not_become_links(url):
    share = {"type": "share", "payload": {"url": url, "title": "Look"}}
    story = {"story": {"id": "1", "url": url}}
    referral = {"ref": "a", "ads_context_data": {"photo_url": url}}
    event = parse(message(attachments=[share], reply_to=story, referral=referral))
    assert event.data["shares"] == [{"url": "", "title": "Look"}]
    assert event.data["reply_to_story"] == {"id": "1", "url": ""}
    assert event.data["referral"] == {"ref": "a"}


def test_a_card_of_several_elements_is_read_as_its_text():
    payload = {"template_type": "generic", "elements": [{"title": "A"}, {"title": "B"}]}
    echo = {"mid": "m_1", "is_echo": True}
    attachments = [{"type": "template", "payload": payload}]
    event = parse(fixture("echo_image", message={**echo, "attachments": attachments}))
    assert (event.kind, event.text) == ("text", "A\nB")


def test_nul_bytes_and_lone_surrogates_are_cleaned_everywhere():
    dirty = "a\x00b\ud83dc"
    request = message(text=dirty, quick_reply={"payload": dirty}, mid=dirty)
    event = parse(request)
    assert event.text == event.message_id == event.data["payload"] == "ab\ufffdc"


def test_seventy_kilobytes_of_text_are_kept():
    text = "ñ" * 70_000
    assert parse(message(text=text)).text == text


def test_a_file_name_from_an_address_has_no_folder():
    url = "https://cdn.fbsbx.com/v/t59/..%2F..%5Cetc%2Fpass\x07wd.pdf?oe=1"
    attachment = {"type": "file", "payload": {"url": url}}
    event = parse(message(text=None, attachments=[attachment]))
    assert event.media[0].filename == "passwd.pdf"
    assert event == replace(event, kind="document")
