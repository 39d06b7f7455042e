"""One row per fixture: a request of Twilio, and its event."""

from __future__ import annotations

import pytest
import requests
from providers.events import MediaRef, MessageReceived, StatusChanged
from providers.keywords import OUT
from providers.twilio import Twilio
from providers.twilio.parse import STATUSES

from .samples import ACCOUNT_SID, FIXTURES, SMS, WHATSAPP, fixture, request_for

PROVIDER = Twilio({"twilio_account_sid": ACCOUNT_SID}, requests.Session())
USER_ID = "ES.13491208655302741918"
REFERENCE = "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed.0"


def sid(prefix, number):
    return f"{prefix}{number:032x}"


def file(number, content_type, index=0):
    path = f"Messages/{sid('MM', number)}/Media/{sid('ME', number * 16 + index)}"
    url = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}/{path}"
    return MediaRef(url=url, content_type=content_type)


def received(number, prefix="SM", **values):
    whatsapp = values.pop("whatsapp", True)
    usual = {
        "channel": WHATSAPP if whatsapp else SMS,
        "message_id": sid(prefix, number),
        "external_ids": ("+34611111111",),
        "name": "Ana Núñez" if whatsapp else "",
    }
    return MessageReceived(**{**usual, **values})


def changed(number, status, **values):
    usual = {"channel": WHATSAPP, "reference": REFERENCE}
    usual["external_ids"] = ("+34611111111",)
    return StatusChanged(
        message_id=sid("SM", number), status=status, **{**usual, **values}
    )


EVENTS = {
    "text": received(1, text="Do you have the blue one? 👋"),
    "sms_text": received(2, whatsapp=False, text="Hello"),
    "image_with_caption": received(
        3, "MM", kind="image", text="This one", media=(file(3, "image/jpeg"),)
    ),
    "voice_note": received(4, "MM", kind="audio", media=(file(4, "audio/ogg"),)),
    "document": received(5, "MM", kind="document", media=(file(5, "application/pdf"),)),
    "video": received(6, "MM", kind="video", media=(file(6, "video/mp4"),)),
    "sticker": received(7, "MM", kind="sticker", media=(file(7, "image/webp"),)),
    "contact_card": received(8, "MM", kind="contact", media=(file(8, "text/vcard"),)),
    "mms_two_files": received(
        9,
        "MM",
        whatsapp=False,
        kind="image",
        text="Both sides",
        media=(file(9, "image/png"), file(9, "application/pdf", 1)),
    ),
    "location": received(
        10,
        kind="location",
        data={
            "latitude": 40.4168,
            "longitude": -3.7038,
            "label": "Puerta del Sol",
            "address": "Madrid, Spain",
        },
    ),
    "button_reply": received(
        11,
        kind="reply_choice",
        text="Yes, please",
        data={"payload": "order:yes", "title": "Yes, please"},
        reply_to=sid("MM", 0x63),
    ),
    "list_reply": received(
        12,
        kind="reply_choice",
        text="Medium",
        data={"payload": "size-m", "title": "Medium"},
    ),
    "quoted_reply": received(13, text="That one", reply_to=sid("SM", 0x62)),
    "forwarded": received(14, text="Look", data={"forwarded": True}),
    "from_an_advertisement": received(
        15,
        text="I saw your ad",
        data={
            "referral": {
                "body": "Chairs from 20 €",
                "headline": "Spring sale",
                "source_id": "120200000000001",
                "source_type": "ad",
                "source_url": "https://fb.me/abc",
                "click_id": "ARxyz",
            }
        },
    ),
    "user_id_with_phone": received(
        16, text="Hi", external_ids=("+34611111111", USER_ID)
    ),
    "user_id_without_phone": received(17, text="Hi", external_ids=(USER_ID,)),
    "username": received(
        26,
        text="Hi",
        external_ids=(USER_ID, "ES.ENT.11815799212886844830"),
        username="ana.nunez",
    ),
    "user_id_and_wa_id": received(
        18, text="Hi", external_ids=("+34611111111", USER_ID)
    ),
    "unknown_type": received(
        19, kind="unsupported", data={"original_type": "poll_vote"}
    ),
    "sms_stop": received(20, whatsapp=False, text=" Stop\n", opt="out"),
    "sms_start": received(21, whatsapp=False, text="START", opt="in"),
    "sms_help": received(22, whatsapp=False, text="HELP"),
    "whatsapp_the_word_stop": received(23, text="Stop", opt="out"),
    "whatsapp_opt_out": received(24, text="baja", opt="out"),
    "sms_empty": received(25, whatsapp=False),
    "status_sent": changed(0x1E, "sent"),
    "status_delivered": changed(0x1E, "delivered"),
    "status_read": changed(0x1E, "read"),
    "status_failed_outside_the_window": changed(
        0x1F,
        "failed",
        error_code="63016",
        error_detail=(
            "Message failed to send because more than 24 hours have passed since "
            "the customer last replied to this number"
        ),
        reason="window_closed",
    ),
    "status_sms_undelivered": changed(
        0x20, "failed", channel=SMS, error_code="30003", reason="unreachable"
    ),
    "status_sms_delivered": changed(0x21, "delivered", channel=SMS),
}


def parse(request):
    (event,) = PROVIDER.parse(request)
    return event


@pytest.mark.parametrize("sender", ["68849", "311", "12345678", "SUPPORT", "Mi Banco"])
def test_an_alphanumeric_sms_sender_keeps_its_name_as_address(sender):
    event = parse(fixture("sms_text", From=sender))
    assert (event.address, event.external_ids) == (sender, (sender,))


def test_a_number_has_no_other_address():
    assert parse(fixture("sms_text")).address == ""
    assert parse(fixture("text", From="whatsapp:ES.1349")).address == ""


@pytest.mark.parametrize("name", sorted(path.stem for path in FIXTURES.glob("*.form")))
def test_a_fixture_is_read_as_its_event(name):
    assert PROVIDER.parse(fixture(name, query=f"m={REFERENCE}")) == [EVENTS[name]]


def test_a_get_is_read_from_the_query():
    request = fixture("text")
    by_get = request_for((), method="GET", query=request.form)
    assert PROVIDER.parse(by_get) == [EVENTS["text"]]


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [
        ("IMAGE/JPEG; charset=binary", "image"),
        ("image/webp", "sticker"),
        ("text/x-vcard", "contact"),
        ("text/directory;profile=vcard", "contact"),
        ("text/html", "document"),
        ("application/x-unheard-of", "document"),
        ("", "document"),
    ],
)
def test_the_type_of_a_file_names_the_kind(content_type, kind):
    request = fixture("image_with_caption", MediaContentType0=content_type)
    assert parse(request).kind == kind


def test_webp_by_sms_is_a_picture():
    request = fixture("mms_two_files", MediaContentType0="image/webp")
    assert parse(request).kind == "image"


@pytest.mark.parametrize("message_type", ["reaction", "image", "ORDER", "interactive"])
def test_an_unknown_type_is_unsupported_and_never_lost(message_type):
    event = parse(fixture("text", MessageType=message_type, Body=""))
    assert event.kind == "unsupported"
    assert event.data == {"original_type": message_type.lower()}


def test_the_text_of_an_unknown_type_is_kept():
    event = parse(fixture("text", MessageType="richer_text", Body="Hello"))
    assert (event.kind, event.text) == ("unsupported", "Hello")


def test_an_empty_whatsapp_message_is_unsupported():
    assert parse(fixture("text", MessageType=None, Body="")).kind == "unsupported"


def test_a_message_without_a_type_is_text():
    assert parse(fixture("text", MessageType=None)).kind == "text"


def test_unknown_fields_are_ignored():
    assert parse(fixture("text", Tomorrow="1", SmsStatus="receiving")) == EVENTS["text"]


def test_the_first_of_repeated_fields_counts():
    form = (*fixture("text").form, ("Body", "another"))
    assert parse(request_for(form)) == EVENTS["text"]


def test_nul_bytes_and_half_characters_are_cleaned_everywhere():
    dirty = "a\x00b\ud83dc"
    fields = {"Body": dirty, "ProfileName": dirty, "OriginalRepliedMessageSid": dirty}
    event = parse(fixture("text", **fields, ReferralHeadline=dirty))
    assert event.text == event.name == event.reply_to == "ab\ufffdc"
    assert event.data["referral"]["headline"] == "ab\ufffdc"


@pytest.mark.parametrize("field", ["ProfileUsername", "Username"])
def test_a_username_is_shown_but_is_no_id(field):
    event = parse(fixture("text", **{field: " @Ana.N "}))
    assert event.username == "Ana.N"
    assert event.external_ids == EVENTS["text"].external_ids


def test_seventy_kilobytes_of_text_are_kept_whole():
    text = "ñ" * 70_000
    assert parse(fixture("text", Body=text)).text == text


def test_a_number_stays_as_twilio_writes_it():
    event = parse(fixture("sms_text", From="+5511987654321", WaId="551187654321"))
    assert event.external_ids == ("+5511987654321",)


def test_an_alphanumeric_sender_is_an_identity():
    assert parse(fixture("sms_text", From="My Bank")).external_ids == ("My Bank",)


@pytest.mark.parametrize("word", ["STOPALL", "unsubscribe", "Cancel", "end", "QUIT"])
def test_the_carriers_keywords_opt_out_of_sms(word):
    assert parse(fixture("sms_text", Body=word)).opt == "out"


@pytest.mark.parametrize("text", ["please stop", "STOP it", "stop!", "INFO", ""])
def test_a_keyword_in_a_sentence_is_no_opt_out(text):
    assert parse(fixture("sms_text", Body=text)).opt == ""


@pytest.mark.parametrize("word", sorted(OUT))
def test_the_keywords_also_count_on_whatsapp(word):
    assert parse(fixture("text", Body=f" {word.title()}\n")).opt == "out"
    assert parse(fixture("text", Body=f"{word}. Thank you")).opt == ""
    assert parse(fixture("text", Body="Start")).opt == "in"
    assert parse(fixture("text", Body=word, ButtonText=word)).opt == ""


def test_twilios_opt_out_type_takes_precedence_over_the_text():
    assert parse(fixture("sms_text", Body="STOP", OptOutType="HELP")).opt == ""
    assert parse(fixture("sms_text", Body="alta", OptOutType="start")).opt == "in"


@pytest.mark.parametrize(("word", "status"), STATUSES.items())
def test_each_status_of_twilio_is_mapped(word, status):
    event = parse(fixture("status_sent", MessageStatus=word, SmsStatus=word))
    assert (event.status, bool(event.reason)) == (status, status == "failed")


def test_a_status_may_come_only_in_the_older_field():
    event = parse(fixture("status_sms_delivered", MessageStatus=None))
    assert event.status == "delivered"


def test_an_unknown_error_keeps_code_and_text():
    changes = {"ErrorCode": "99999", "ErrorMessage": "Tomorrow's error"}
    event = parse(fixture("status_sms_undelivered", **changes))
    assert (event.reason, event.error_code) == ("other", "99999")
    assert event.error_detail == "Tomorrow's error"


def test_a_warning_beside_a_success_is_no_error():
    event = parse(fixture("status_delivered", ErrorCode="30025"))
    assert (event.error_code, event.reason) == ("", "")


def test_a_callback_without_our_reference_has_none():
    assert parse(fixture("status_sent")).reference == ""
