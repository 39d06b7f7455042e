"""Products, places, bookings, stories, and several things in one message."""

from __future__ import annotations

from urllib.parse import quote

import pytest
import requests
from providers.events import MediaRef, MessageReceived, MessageSent
from providers.messenger import Messenger

from .samples import APP_ID, IGSID, INSTAGRAM_ID, PAGE_ID, PSID, fixture, message

PROVIDER = Messenger({"app_id": APP_ID}, requests.Session())
PICTURE = "https://scontent.xx.fbcdn.net/v/chair.jpg"
FILE = {"type": "image", "payload": {"url": PICTURE}}
PRODUCT = {
    "id": "9001",
    "retailer_id": "CHAIR-1",
    "title": "Blue chair",
    "subtitle": "99,00 €",
    "image_url": PICTURE,
}
KEPT = {key: value for key, value in PRODUCT.items() if key != "image_url"}


def parse(request):
    (event,) = PROVIDER.parse(request)
    return event


def written(*attachments, text=None, **changes):
    return parse(message(text=text, attachments=list(attachments), **changes))


def template(**payload):
    return {"type": "template", "payload": payload}


# products


@pytest.mark.parametrize(
    "payload",
    [
        {"product": {"elements": [PRODUCT]}},
        {"template_type": "product", "elements": [PRODUCT]},
        {"generic": {"elements": [PRODUCT]}},
    ],
    ids=["Messenger", "as it is sent", "Instagram"],
)
def test_a_product_keeps_its_known_details(payload):
    event = written(template(**payload), text="Do you have it?")
    assert (event.kind, event.text) == ("text", "Do you have it?")
    assert event.data["products"] == [KEPT]
    assert event.media == (MediaRef(PICTURE),)


def test_products_without_text_show_their_titles():
    second = {"id": "9002", "title": "Red chair", "price": 12.5, "currency": "EUR"}
    event = written(template(product={"elements": [PRODUCT, second]}))
    assert event.text == "Blue chair\nRed chair"
    assert event.data["products"][1]["price"] == "12.5 EUR"


def test_a_product_with_only_an_id_keeps_the_id():
    event = written(template(product={"elements": [{"id": "9001"}]}), text="This?")
    assert (event.kind, event.data["products"]) == ("text", [{"id": "9001"}])


@pytest.mark.parametrize("url", ["https://example.com/a.jpg", "javascript:a", 1])
def test_a_products_picture_is_downloaded_from_meta_only(url):
    event = written(template(product={"elements": [{**PRODUCT, "image_url": url}]}))
    assert (event.media, event.data["products"]) == ((), [KEPT])


@pytest.mark.parametrize("payload", [{"product": {}}, {"product": {"elements": [{}]}}])
def test_a_product_template_without_a_product_is_unsupported(payload):
    assert written(template(**payload)).kind == "unsupported"


def test_a_referral_names_its_product():
    event = parse(message(referral={"product": {"id": "9001"}}))
    assert event.data["referral"] == {"product_id": "9001"}


# places


@pytest.mark.parametrize(
    "payload",
    [
        {"coordinates": {"lat": "40.5", "long": "-3.7"}},
        {"coordinates": {"latitude": 40.5, "longitude": -3.7}},
    ],
)
def test_every_format_of_a_place_is_read(payload):
    event = written({"type": "location", "title": "Shop", "payload": payload})
    assert (event.kind, event.data["latitude"]) == ("location", 40.5)
    assert (event.data["longitude"], event.data["label"]) == (-3.7, "Shop")


MAP = "https://www.bing.com/maps/default.aspx?v=2&where1=40.5%2C+-3.7&FORM=FBKPL1"


@pytest.mark.parametrize(
    "element",
    [
        {"coordinates": {"lat": 40.5, "long": -3.7}},
        {"default_action": {"type": "web_url", "url": MAP}},
        {"url": f"https://l.facebook.com/l.php?u={quote(MAP, safe='')}&h=AT1"},
        {"image_url": "https://external.xx.fbcdn.net/static_map.php?markers=40.5,-3.7"},
    ],
)
def test_a_generic_template_with_a_place_is_a_location(element):
    card = {"title": "Ana's location", "subtitle": "Main street 1", **element}
    event = written(template(template_type="generic", elements=[card]))
    assert (event.kind, event.text) == ("location", "")
    assert event.data == {
        "latitude": 40.5,
        "longitude": -3.7,
        "label": "Ana's location",
        "address": "Main street 1",
    }


def test_a_generic_template_without_a_place_keeps_its_text():
    card = {"title": "Chairs", "subtitle": "From 20 €", "url": "https://example.com"}
    event = written(template(template_type="generic", elements=[card]))
    assert (event.kind, event.text) == ("text", "Chairs\nFrom 20 €")


# bookings


def test_a_booking_shows_its_time_and_status():
    payload = {
        "booking_id": "B1",
        "status": "requested",
        "start_time": 1739612400,
        "end_time": 1739616000,
        "timezone": "America/Los_Angeles",
    }
    event = written({"type": "appointment_booking", "payload": payload})
    when = "2025-02-15 01:40 – 02:40 (America/Los_Angeles)"
    assert (event.kind, event.text) == ("text", when)
    expected = {"booking_id": "B1", "status": "requested", "when": when}
    assert event.data["appointment"] == expected


@pytest.mark.parametrize(
    ("payload", "when"),
    [
        ({"start_time": 1739612400, "timezone": "../etc"}, "2025-02-15 09:40 (UTC)"),
        (
            {"start_time": 1739612400, "end_time": 1739700000},
            "2025-02-15 09:40 – 2025-02-16 10:00 (UTC)",
        ),
        ({"start_time": 10**30}, ""),
        ({"start_time": [], "end_time": 1}, ""),
    ],
)
def test_a_booking_with_invalid_times_is_still_a_booking(payload, when):
    booking = {"status": "confirmed", **payload}
    event = written({"type": "appointment_booking", "payload": booking})
    assert (event.kind, event.text) == ("text", when)


# stories


@pytest.mark.parametrize("name", ["ig_story", "story"])
def test_a_shared_story_is_read_as_its_picture(name):
    payload = {"story_media_id": "1", "story_media_url": PICTURE}
    event = written({"type": name, "payload": payload})
    assert (event.kind, event.media) == ("image", (MediaRef(PICTURE),))
    assert event.data == {"shared_story": True}


# several attachments at once


def test_a_picture_a_place_and_a_link_are_all_kept():
    place = {"type": "location", "payload": {"coordinates": {"lat": 1, "long": 2}}}
    link = {"type": "fallback", "payload": {"url": "https://example.com", "title": "A"}}
    event = written(FILE, place, link)
    assert (event.kind, event.media) == ("image", (MediaRef(PICTURE),))
    assert (event.data["latitude"], event.data["longitude"]) == (1.0, 2.0)
    assert event.data["shares"] == [{"url": "https://example.com", "title": "A"}]


def test_all_shares_of_a_message_are_kept():
    shares = [{"url": f"https://example.com/{n}", "title": f"Page {n}"} for n in "12"]
    event = written(*({"type": "share", "payload": share} for share in shares))
    assert event.data["shares"] == shares
    assert event.text == "Page 1\nPage 2"


def test_a_repeated_file_is_kept_once():
    assert written(FILE, FILE).media == (MediaRef(PICTURE),)


def test_a_sticker_listed_as_a_picture_too_is_one_sticker():
    sticker = {"type": "sticker", "payload": {"url": PICTURE, "sticker_id": "1"}}
    for attachments in ((FILE, sticker), (sticker, FILE)):
        event = written(*attachments)
        assert (event.kind, event.media) == ("sticker", (MediaRef(PICTURE),))


@pytest.mark.parametrize(
    "attachment",
    [
        {},
        {"type": "image"},
        {"type": "image", "payload": {"url": ""}},
        {"type": "fallback", "payload": None},
        {"type": "template", "payload": {}},
    ],
)
def test_an_empty_attachment_beside_text_is_ignored(attachment):
    event = written(attachment, text="Hello")
    assert (event.kind, event.text, event.data) == ("text", "Hello", {})


def test_an_empty_attachment_beside_a_picture_is_ignored():
    assert written({"type": "video"}, FILE).kind == "image"


# referrals and opt-ins


@pytest.mark.parametrize("name", ["text", "postback"])
def test_a_referral_can_come_with_its_message(name):
    referral = {"ref": "card", "source": "SHORTLINK"}
    request = fixture(name, referral=referral)
    if name == "postback":
        payload = {"title": "Start", "payload": "START", "mid": "m_1"}
        request = fixture(name, referral=referral, postback=payload)
    assert parse(request).data["referral"] == referral


def test_an_opt_in_with_a_ref_is_a_referral():
    event = parse(fixture("optin", optin={"ref": "shop", "user_ref": "1"}))
    assert isinstance(event, MessageReceived)
    assert event.data["referral"] == {"ref": "shop", "source": "OPT_IN"}
    assert event == parse(fixture("optin", optin={"ref": "shop", "user_ref": "1"}))


@pytest.mark.parametrize(
    "changes",
    [
        {"optin": {"type": "one_time_notif_req", "payload": "x"}},
        {"optin": {"ref": "shop", "user_ref": "1"}, "sender": None},
    ],
)
def test_an_opt_in_without_a_customer_is_ignored(changes):
    assert PROVIDER.parse(fixture("optin", **changes)) == []


# messages to oneself


@pytest.mark.parametrize("name", ["echo_of_the_page_inbox", "text", "reaction_of_ours"])
def test_a_pages_message_to_itself_is_ignored(name):
    ourselves = {"sender": {"id": PAGE_ID}, "recipient": {"id": PAGE_ID}}
    assert PROVIDER.parse(fixture(name, **ourselves)) == []


def test_an_instagram_accounts_message_to_itself_is_ignored():
    ourselves = {"sender": {"id": INSTAGRAM_ID}, "recipient": {"id": INSTAGRAM_ID}}
    assert PROVIDER.parse(fixture("instagram_echo_of_the_phone", **ourselves)) == []


def test_a_customers_message_is_not_taken_for_our_echo():
    sides = {"sender": {"id": PSID}, "recipient": {"id": PAGE_ID}}
    event = parse(fixture("echo_of_the_page_inbox", **sides))
    assert isinstance(event, MessageReceived)
    assert event.external_ids == (PSID,)


def test_an_echo_to_a_customer_stays_an_echo():
    event = parse(fixture("instagram_echo_of_the_phone"))
    assert isinstance(event, MessageSent)
    assert event.external_ids == (IGSID,)
