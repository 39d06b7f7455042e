"""Connecting an account: credentials, channels and webhooks."""

from __future__ import annotations

import base64
import io
import json
import threading
from dataclasses import replace

import pytest
import requests
from providers import PROVIDERS
from providers.call import LimitedSession
from providers.errors import Reason, Refused, Retryable
from providers.events import ChannelInfo
from providers.provider import MEGABYTE
from providers.twilio import Twilio

from ..server import Reply
from .samples import ACCOUNT_SID, AUTH_TOKEN, URL

ACCOUNT = f"/2010-04-01/Accounts/{ACCOUNT_SID}"
NUMBERS = f"{ACCOUNT}/IncomingPhoneNumbers"
SENDERS = "/v2/Channels/Senders"
KEY_SID = "SK" + "1" * 32
SERVICE_SID = f"MG{1:032x}"
SERVICES = "/v1/Services"
SENDER_SID, NUMBER_SID = f"XE{1:032x}", f"PN{1:032x}"
RETRYING = f"{URL}#rc=5&rp=ct,rt,4xx,5xx"
APPLICATION = f"AP{1:032x}"


def sender(**changes):
    return {
        "sid": SENDER_SID,
        "status": "ONLINE",
        "sender_id": "whatsapp:+34600000001",
        "webhook": {"callback_url": RETRYING, "callback_method": "POST"},
        "profile": {"name": "Blue Chairs"},
        "offline_reasons": None,
        **changes,
    }


def number(**changes):
    return {
        "sid": NUMBER_SID,
        "phone_number": "+34600000002",
        "friendly_name": "The shop",
        "sms_url": RETRYING,
        "sms_application_sid": None,
        "capabilities": {"voice": True, "sms": True, "mms": False},
        **changes,
    }


def senders(*found, following=None):
    meta = {"next_page_url": following, "key": "senders"}
    return Reply(json={"senders": list(found), "meta": meta})


def numbers(*found, following=None):
    return Reply(
        json={"incoming_phone_numbers": list(found), "next_page_uri": following}
    )


def services(*found):
    return Reply(json={"services": list(found), "meta": {"next_page_url": None}})


def service(**changes):
    return {
        "sid": SERVICE_SID,
        "friendly_name": "Campaigns",
        "inbound_request_url": None,
        "use_inbound_webhook_on_number": False,
        **changes,
    }


@pytest.fixture(autouse=True)
def no_services(server):
    server.defaults[SERVICES] = services()


WHATSAPP = ChannelInfo("whatsapp", "+34600000001", "Blue Chairs", SENDER_SID, URL)
SMS = ChannelInfo("sms", "+34600000002", "The shop", NUMBER_SID, URL)


def test_check_returns_the_name_of_the_account(twilio, server):
    server.plan(Reply(json={"friendly_name": "Blue Chairs", "status": "active"}))
    assert twilio.check() == "Blue Chairs"
    assert server.captured[0].path == f"{ACCOUNT}.json"


def test_the_health_check_fetches_the_account_too(twilio, server):
    server.plan(Reply(json={"friendly_name": "", "status": "active"}))
    assert twilio.health(URL, [SMS]) == []
    assert server.captured[0].path == f"{ACCOUNT}.json"


def test_an_account_without_a_name_shows_its_id(twilio, server):
    server.plan(Reply(json={"friendly_name": "", "status": "active"}))
    assert twilio.check() == ACCOUNT_SID


@pytest.mark.parametrize("status", ["suspended", "closed", None])
def test_an_account_that_is_not_active_is_refused(twilio, server, status):
    server.plan(Reply(json={"friendly_name": "Blue Chairs", "status": status}))
    with pytest.raises(Refused) as refusal:
        twilio.check()
    assert refusal.value.reason is Reason.BAD_CREDENTIALS
    assert str(status or "unknown") in refusal.value.detail


def test_a_wrong_token_is_refused(twilio, server):
    server.plan(Reply(401, {"code": 20003, "message": "Authenticate"}))
    with pytest.raises(Refused) as refusal:
        twilio.check()
    assert refusal.value.reason is Reason.BAD_CREDENTIALS


def test_a_check_without_an_answer_is_retryable(twilio, server):
    server.plan(Reply(drop=True))
    with pytest.raises(Retryable) as failure:
        twilio.check()
    assert failure.value.reason is Reason.NO_CONNECTION


def test_with_an_api_key_the_token_is_still_checked(credentials, server):
    key = {"twilio_api_key_sid": KEY_SID, "twilio_api_key_secret": "s"}
    server.plan(Reply(json={"status": "active"}), Reply(401, {"code": 20003}))
    with requests.Session() as http, pytest.raises(Refused):
        Twilio({**credentials, **key}, http, server.url).check()
    users = [request.headers["authorization"] for request in server.captured]
    assert [base64.b64decode(user.split()[1]).decode() for user in users] == [
        f"{ACCOUNT_SID}:{AUTH_TOKEN}",
        f"{KEY_SID}:s",
    ]


def test_senders_and_numbers_are_channels(twilio, server):
    server.plan(senders(sender()), numbers(number()))
    assert twilio.list_channels() == [WHATSAPP, SMS]
    paths = [request.path for request in server.captured]
    assert paths == [SENDERS, f"{NUMBERS}.json", SERVICES]
    assert server.captured[0].query["Channel"] == "whatsapp"


def test_a_channel_with_an_invisible_name_shows_its_address(twilio, server):
    unnamed = sender(profile={"name": "\u3164\u202e"})
    server.plan(senders(unnamed), numbers(number(friendly_name="The\nshop")))
    names = [channel.name for channel in twilio.list_channels()]
    assert names == [WHATSAPP.address, "The shop"]


def test_every_page_of_a_list_is_read(twilio, server):
    second = f"https://messaging.twilio.com{SENDERS}?PageSize=1&Page=1&PageToken=PA1"
    third = f"{NUMBERS}.json?PageSize=1&Page=1&PageToken=PA2"
    server.plan(
        senders(sender(), following=second),
        senders(sender(sid="XE2")),
        numbers(number(), following=third),
        numbers(number(sid="PN2")),
    )
    found = [channel.reference for channel in twilio.list_channels()]
    assert found == [SENDER_SID, "XE2", NUMBER_SID, "PN2"]
    assert server.captured[1].query["PageToken"] == "PA1"
    assert server.captured[3].query["PageToken"] == "PA2"


def test_a_next_page_on_another_host_never_gets_our_credentials(twilio, server):
    server.plan(
        senders(sender(), following="https://evil.example/x"),
        numbers(number(), following="@evil.example/x"),
    )
    assert twilio.list_channels() == [WHATSAPP, SMS]
    assert len(server.captured) == 3


def test_an_endless_list_is_cut_off(twilio, server):
    again = f"https://messaging.twilio.com{SENDERS}?Page=1"
    server.plan(*[senders(sender(), following=again)] * 60)
    server.replies[50:] = [numbers()]
    assert len(twilio.list_channels()) == 50


def test_a_number_that_cannot_text_is_no_channel(twilio, server):
    voice = number(capabilities={"voice": True, "sms": False})
    server.plan(senders(), numbers(voice, number(capabilities=None)))
    assert twilio.list_channels() == []


def test_empty_fields_are_no_error(twilio, server):
    server.plan(
        senders(sender(webhook=None, profile=None)),
        numbers(number(sms_url=None, friendly_name=None)),
    )
    whatsapp, sms = twilio.list_channels()
    assert (whatsapp.name, whatsapp.webhook_url) == ("+34600000001", "")
    assert (sms.name, sms.webhook_url) == ("+34600000002", "")


def test_twilios_example_webhook_counts_as_none(twilio, server):
    example = "https://demo.twilio.com/welcome/sms/reply/"
    server.plan(senders(), numbers(number(sms_url=example)))
    assert twilio.list_channels()[0].webhook_url == ""


def test_a_sender_during_an_update_has_no_problem(twilio, server):
    server.plan(senders(sender(status="ONLINE:UPDATING")), numbers())
    assert twilio.list_channels()[0].problem == ""


def test_an_offline_sender_shows_the_reason(twilio, server):
    reasons = [{"code": "63111", "message": "Waiting for Meta."}]
    offline = sender(status="OFFLINE", offline_reasons=reasons)
    server.plan(senders(offline), numbers())
    (channel,) = twilio.list_channels()
    assert channel.problem == (
        "Twilio says that this sender is OFFLINE. Waiting for Meta."
    )


def test_a_number_with_a_twiml_application_names_it(twilio, server):
    server.plan(senders(), numbers(number(sms_application_sid=APPLICATION)))
    assert APPLICATION in twilio.list_channels()[0].problem


def test_registering_a_sender_sets_its_webhook(twilio, server):
    server.plan(Reply(202, sender()), Reply(json=sender()))
    assert not twilio.register(URL, [WHATSAPP])
    update, look = server.captured
    assert (update.method, update.path) == ("POST", f"{SENDERS}/{SENDER_SID}")
    assert json.loads(update.body) == {
        "webhook": {
            "callback_url": RETRYING,
            "callback_method": "POST",
            "status_callback_url": RETRYING,
            "status_callback_method": "POST",
        }
    }
    assert (look.method, look.path) == ("GET", f"{SENDERS}/{SENDER_SID}")


def test_registering_a_number_sets_its_webhook(twilio, server):
    server.plan(Reply(json=number()), Reply(json=number()))
    assert not twilio.register(URL, [SMS])
    update, look = server.captured
    assert (update.method, update.path) == ("POST", f"{NUMBERS}/{NUMBER_SID}.json")
    assert update.form == {"SmsUrl": RETRYING, "SmsMethod": "POST"}
    assert (look.method, look.path) == ("GET", f"{NUMBERS}/{NUMBER_SID}.json")


def test_a_sender_may_be_busy_with_the_update(twilio, server):
    server.plan(Reply(202, {}), Reply(json=sender(status="VERIFYING")))
    assert not twilio.register(URL, [WHATSAPP])


def test_registering_no_channel_makes_no_request(twilio, server):
    assert not twilio.register(URL, [])
    assert not server.captured


UNHEARD = {
    "a sender that kept its address": (
        WHATSAPP,
        sender(webhook={"callback_url": "https://old.example/x"}),
        "https://old.example/x",
    ),
    "a sender that posts nowhere": (WHATSAPP, sender(webhook=None), "nowhere"),
    "a number that kept its address": (
        SMS,
        number(sms_url="https://old.example/x"),
        "https://old.example/x",
    ),
    "a number that an application answers": (
        SMS,
        number(sms_application_sid=APPLICATION),
        APPLICATION,
    ),
}


@pytest.mark.parametrize(("channel", "found", "words"), UNHEARD.values(), ids=UNHEARD)
def test_a_webhook_that_twilio_did_not_store_is_named(
    twilio, server, channel, found, words
):
    server.plan(Reply(json={}), Reply(json=found))
    failures = twilio.register(URL, [channel])
    assert list(failures) == [channel]
    assert failures[channel].reason is Reason.BAD_CALLBACK
    assert words in failures[channel].detail


def test_a_refused_address_keeps_twilios_message(twilio, server):
    words = "SmsUrl is not a valid URL"
    server.plan(Reply(400, {"code": 21502, "message": words}))
    refusal = twilio.register(URL, [SMS])[SMS]
    assert (refusal.code, refusal.detail) == ("21502", words)


class Numbers(requests.Session):
    """Accepts all numbers but one, and waits until so many requests run at once."""

    def __init__(self, at_once, refused):
        super().__init__()
        self.together = threading.Barrier(at_once, timeout=10)
        self.refused = refused

    def request(self, method, url, **_options):
        if method == "POST":
            self.together.wait()
        answer = requests.Response()
        answer.status_code = 400 if self.refused in url else 200
        body = {"code": 21502} if self.refused in url else number()
        answer.raw = io.BytesIO(json.dumps(body).encode())
        answer.raw.read1 = lambda amount, **_options: answer.raw.read(amount)
        return answer


def test_numbers_are_registered_in_parallel_and_fail_separately(credentials):
    channels = [replace(SMS, reference=f"PN{index:032x}") for index in range(8)]
    twilio = Twilio(credentials, Numbers(len(channels), channels[3].reference))
    failures = twilio.register(URL, channels)
    assert list(failures) == [channels[3]]
    assert failures[channels[3]].code == "21502"


def test_channels_without_time_left_fail_as_retryable(credentials):
    http = LimitedSession(lambda: 0)
    failures = Twilio(credentials, http).register(URL, [WHATSAPP, SMS])
    assert list(failures) == [WHATSAPP, SMS]
    assert isinstance(failures[SMS], Retryable)


def plan_service(server, *members, **changes):
    """Have a Messaging Service with these numbers and senders."""
    numbers = [{"phone_number": each} for each in members if each[0] == "+"]
    sending = [{"sender": each} for each in members if each[0] != "+"]
    meta = {"next_page_url": None}
    within = f"{SERVICES}/{SERVICE_SID}"
    for name, key, found in (
        ("PhoneNumbers", "phone_numbers", numbers),
        ("ChannelSenders", "senders", sending),
    ):
        server.plan_for(f"{within}/{name}", Reply(json={key: found, "meta": meta}))
    server.plan_for(f"{SERVICES}?", services(service(**changes)))


def test_a_service_that_drops_inbound_messages_is_noted(twilio, server):
    server.plan(senders(sender()), numbers(number()))
    plan_service(server, SMS.address)
    whatsapp, sms = twilio.list_channels()
    assert whatsapp == WHATSAPP
    assert (sms.webhook_url, sms.group, sms.problem) == ("", SERVICE_SID, "")
    assert "The Messaging Service Campaigns drops what comes in." in sms.note


def test_a_service_that_posts_elsewhere_is_noted(twilio, server):
    server.plan(senders(sender()), numbers(number()))
    plan_service(server, "whatsapp:+34600000001", inbound_request_url="https://a.bot/x")
    whatsapp, sms = twilio.list_channels()
    assert (whatsapp.webhook_url, whatsapp.group) == ("https://a.bot/x", SERVICE_SID)
    assert sms == SMS


def test_a_service_that_uses_its_numbers_webhooks_is_only_named(twilio, server):
    server.plan(senders(sender()), numbers(number()))
    plan_service(server, SMS.address, use_inbound_webhook_on_number=True)
    found = replace(SMS, service=SERVICE_SID, service_name="Campaigns")
    assert twilio.list_channels() == [WHATSAPP, found]


def test_an_api_key_without_access_to_services_still_lists_numbers(twilio, server):
    server.plan(senders(sender()), numbers(number()))
    server.plan_for(SERVICES, Reply(403, {"code": 20003, "message": "Denied"}))
    assert twilio.list_channels() == [WHATSAPP, SMS]


IN_SERVICE = replace(SMS, webhook_url="", group=SERVICE_SID)


def test_registering_a_number_makes_its_service_use_the_numbers_webhook(twilio, server):
    server.plan(Reply(json=number()), Reply(json=number()))
    server.plan_for(SERVICES, Reply(json=service(use_inbound_webhook_on_number=True)))
    assert not twilio.register(URL, [IN_SERVICE])
    update = server.captured[-1]
    assert (update.method, update.path) == ("POST", f"{SERVICES}/{SERVICE_SID}")
    assert update.form == {"UseInboundWebhookOnNumber": "true"}


def test_a_service_that_keeps_deciding_is_refused(twilio, server):
    server.plan(Reply(json=number()), Reply(json=number()))
    server.plan_for(SERVICES, Reply(json=service()))
    failures = twilio.register(URL, [IN_SERVICE])
    assert failures[IN_SERVICE].reason is Reason.BAD_CALLBACK


def test_a_service_that_already_posts_to_us_is_unchanged(twilio, server):
    server.plan(Reply(json=number()), Reply(json=number()))
    assert not twilio.register(URL, [replace(SMS, group=SERVICE_SID)])
    assert len(server.captured) == 2


@pytest.mark.parametrize(("url", "is_well"), [(None, False), (RETRYING, True)])
def test_the_health_check_names_a_service_that_keeps_messages_from_us(
    twilio, server, url, is_well
):
    server.plan(Reply(json={"status": "active"}))
    plan_service(server, SMS.address, inbound_request_url=url)
    if is_well:
        assert twilio.health(URL, [SMS]) == []
        return
    with pytest.raises(Refused) as refusal:
        twilio.health(URL, [WHATSAPP, SMS])
    assert refusal.value.reason is Reason.BAD_CALLBACK
    assert refusal.value.detail.startswith(f"{SMS.address}: The Messaging Service")


def test_twilios_declared_facts():
    assert PROVIDERS["twilio"] is Twilio
    assert set(Twilio.kinds) == set(Twilio.reply_window) == set(Twilio.limits)
    assert Twilio.reply_window["whatsapp"].total_seconds() == 24 * 3600
    assert Twilio.reply_window["sms"] is None
    assert Twilio.statuses == {
        *("queued", "sending", "sent", "delivered", "read", "failed"),
    }
    assert Twilio.limits["whatsapp"].text == Twilio.limits["sms"].text == 1600
    assert Twilio.limits["whatsapp"].files["image/png"] == 5 * MEGABYTE
    assert "image/gif" not in Twilio.limits["whatsapp"].files
    assert Twilio.limits["sms"].files["application/pdf"] == 500 * 1024
    # What WhatsApp plays as a voice note comes first; no phone expects one by SMS.
    whatsapp = Twilio.limits["whatsapp"]
    assert whatsapp.voice[0] == "audio/ogg"
    assert set(whatsapp.voice) <= set(whatsapp.files)
    assert not Twilio.limits["sms"].voice


def test_the_answer_to_a_webhook_is_empty_xml():
    assert (Twilio.ack.status, Twilio.ack.content_type.split(";")[0]) == (
        200,
        "text/xml",
    )
    assert Twilio.ack.body == '<?xml version="1.0" encoding="UTF-8"?><Response/>'


@pytest.mark.parametrize(
    ("field", "sid", "words"),
    [
        ("twilio_account_sid", "nonsense", "Account SID is not AC"),
        ("twilio_account_sid", "SK" + "0" * 32, "Account SID is not AC"),
        ("twilio_account_sid", ACCOUNT_SID[:-1], "Account SID is not AC"),
        ("twilio_account_sid", ACCOUNT_SID + "/x", "Account SID is not AC"),
        ("twilio_api_key_sid", ACCOUNT_SID, "API key SID is not SK"),
    ],
)
def test_a_malformed_sid_is_named_and_not_sent(credentials, field, sid, words):
    twilio = Twilio({**credentials, field: sid}, http=None)
    with pytest.raises(Refused) as caught:
        twilio.check()
    assert caught.value.reason is Reason.BAD_CREDENTIALS
    assert words in caught.value.detail
