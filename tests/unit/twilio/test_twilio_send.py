"""Each answer to a send, or none, and the state of the message after it."""

from __future__ import annotations

import base64
import socket
from dataclasses import replace
from email.utils import formatdate
from time import time

import pytest
import requests
import urllib3
from providers import call
from providers.call import LimitedSession
from providers.errors import Reason, Refused, Retryable, Unsettled
from providers.events import Place, Sent
from providers.twilio import Twilio

from ..server import Reply
from .samples import ACCOUNT_SID, AUTH_TOKEN, SMS, URL, outbound, picture

MESSAGE_SID = f"SM{1:032x}"
PATH = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"
ACCEPTED = Reply(201, {"sid": MESSAGE_SID, "status": "queued", "error_code": None})


def error(status, code, message="Twilio's words", **headers):
    body = {"code": code, "message": message, "more_info": "", "status": status}
    return Reply(status, body, headers=headers)


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def test_a_whatsapp_text_is_sent_in_twilios_form(twilio, server):
    server.plan(ACCEPTED)
    assert twilio.send(outbound()) == Sent(MESSAGE_SID, "queued")
    (request,) = server.captured
    assert (request.method, request.path) == ("POST", PATH)
    assert request.headers["authorization"] == basic(ACCOUNT_SID, AUTH_TOKEN)
    assert request.form == {
        "From": "whatsapp:+34600000001",
        "To": "whatsapp:+34611111111",
        "Body": "Tomorrow.",
        "StatusCallback": f"{URL}?m={outbound().reference}#rc=5&rp=ct,rt,4xx,5xx",
    }


def test_an_sms_has_no_scheme(twilio, server):
    server.plan(ACCEPTED)
    twilio.send(outbound(channel=SMS, status_url=""))
    assert server.captured[0].form == {
        "From": "+34600000001",
        "To": "+34611111111",
        "Body": "Tomorrow.",
    }


def test_a_channel_may_send_through_a_messaging_service(twilio, server):
    server.plan(Reply(201, {"sid": MESSAGE_SID, "status": "accepted"}))
    channel = replace(SMS, service=f"MG{1:032x}")
    assert twilio.send(outbound(channel=channel, status_url="")).status == "queued"
    assert server.captured[0].form == {
        "From": "+34600000001",
        "MessagingServiceSid": f"MG{1:032x}",
        "To": "+34611111111",
        "Body": "Tomorrow.",
    }


def test_a_file_is_sent_by_its_address(twilio, server):
    server.plan(ACCEPTED)
    twilio.send(outbound(text="", file=picture(), status_url=""))
    assert server.captured[0].form == {
        "From": "whatsapp:+34600000001",
        "To": "whatsapp:+34611111111",
        "MediaUrl": "https://crm.example.com/messaging/media/signed",
    }


@pytest.mark.parametrize(
    ("named", "body", "action"),
    [
        (("Shop", "Gran Via 1"), "Shop", "geo:41.387400,-2.168600|Gran Via 1"),
        (("Shop", ""), "Shop", "geo:41.387400,-2.168600|Shop"),
        (("", "A | B"), "A | B", "geo:41.387400,-2.168600|A   B"),
        (("", ""), "41.387400,-2.168600", "geo:41.387400,-2.168600"),
    ],
)
def test_a_place_is_sent_as_a_persistent_action(twilio, server, named, body, action):
    server.plan(ACCEPTED)
    twilio.send(outbound(text="", place=Place(41.3874, -2.1686, *named)))
    form = server.captured[0].form
    assert (form["Body"], form["PersistentAction"]) == (body, action)


def test_a_business_scoped_id_is_sent_unchanged(twilio, server):
    server.plan(ACCEPTED)
    twilio.send(outbound(recipient="ES.13491208655302741918"))
    assert server.captured[0].form["To"] == "whatsapp:ES.13491208655302741918"


def test_non_ascii_letters_arrive_intact(twilio, server):
    server.plan(ACCEPTED)
    twilio.send(outbound(text="Grüße & 100 % 👋\n+1"))
    assert server.captured[0].form["Body"] == "Grüße & 100 % 👋\n+1"


def test_an_api_key_signs_in_when_there_is_one(credentials, server):
    key = {"twilio_api_key_sid": "SK1", "twilio_api_key_secret": "s"}
    server.plan(ACCEPTED)
    with requests.Session() as http:
        Twilio({**credentials, **key}, http, server.url).send(outbound())
    assert server.captured[0].headers["authorization"] == basic("SK1", "s")
    assert server.captured[0].path == PATH


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("accepted", "queued"),
        ("scheduled", "queued"),
        ("queued", "queued"),
        ("sending", "sending"),
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("a word of tomorrow", "sent"),
        (None, "sent"),
    ],
)
def test_the_answer_sets_the_status(twilio, server, word, status):
    server.plan(Reply(201, {"sid": MESSAGE_SID, "status": word}))
    assert twilio.send(outbound()).status == status


def test_an_answer_that_already_failed_is_a_refusal(twilio, server):
    answer = {"sid": MESSAGE_SID, "status": "failed", "error_code": 30004}
    server.plan(Reply(201, {**answer, "error_message": "Message blocked"}))
    with pytest.raises(Refused) as refusal:
        twilio.send(outbound())
    assert refusal.value.reason is Reason.BLOCKED_BY_CARRIER
    assert (refusal.value.code, refusal.value.detail) == ("30004", "Message blocked")


ERRORS = {
    "opted out": (error(400, 21610), Refused, Reason.OPTED_OUT, "21610"),
    "a bad number": (error(400, 21211), Refused, Reason.BAD_RECIPIENT, "21211"),
    "a code of tomorrow": (error(400, 99999), Refused, Reason.OTHER, "99999"),
    "no code": (Reply(400, {}), Refused, Reason.OTHER, "400"),
    "a code in words": (error(400, "x" * 5000), Refused, Reason.OTHER, "x" * 32),
    "a full queue": (error(400, 21611), Retryable, Reason.RATE_LIMITED, "21611"),
    "a bad token": (error(401, 20003), Refused, Reason.BAD_CREDENTIALS, "20003"),
    "401 in HTML": (
        Reply(401, body=b"<html>"),
        Refused,
        Reason.BAD_CREDENTIALS,
        "401",
    ),
    "403 by a firewall": (
        Reply(403, body=b"No."),
        Refused,
        Reason.NOT_PERMITTED,
        "403",
    ),
    "a wrong account": (error(404, 20404), Refused, Reason.BAD_CREDENTIALS, "20404"),
    "too many": (error(429, 20429), Retryable, Reason.RATE_LIMITED, "20429"),
    "429 without JSON": (Reply(429), Retryable, Reason.RATE_LIMITED, "429"),
    "the daily limit": (error(429, 63038), Retryable, Reason.DAILY_LIMIT, "63038"),
    "500": (error(500, 20500), Unsettled, Reason.PROVIDER_DOWN, "20500"),
    "503 in Twilio's words": (
        error(503, 20503),
        Retryable,
        Reason.PROVIDER_DOWN,
        "20503",
    ),
    "503 in HTML": (
        Reply(503, body=b"<html>"),
        Unsettled,
        Reason.PROVIDER_DOWN,
        "503",
    ),
    "504 by a gateway": (Reply(504), Unsettled, Reason.PROVIDER_DOWN, "504"),
    "504 in half JSON": (
        Reply(504, body=b'{"code": 20503, "mess'),
        Unsettled,
        Reason.PROVIDER_DOWN,
        "504",
    ),
    "500 with a code of tomorrow": (
        error(500, 99999),
        Unsettled,
        Reason.PROVIDER_DOWN,
        "99999",
    ),
    "500 with a refusal": (error(500, 21610), Refused, Reason.OPTED_OUT, "21610"),
    "408 by a gateway": (Reply(408), Unsettled, Reason.OTHER, "408"),
    "JSON that is no object": (Reply(400, [1]), Refused, Reason.OTHER, "400"),
    "a redirect": (
        Reply(307, headers={"Location": "/elsewhere"}),
        Unsettled,
        Reason.OTHER,
        "307",
    ),
    "201 without an id": (Reply(201, {}), Unsettled, Reason.OTHER, ""),
    "201 without JSON": (Reply(201, body=b"OK"), Unsettled, Reason.OTHER, ""),
    "201 in half JSON": (Reply(201, body=b'{"sid": "SM'), Unsettled, Reason.OTHER, ""),
    "an unreadable redirect": (
        Reply(307, headers={"Location": "https://[::1/x"}),
        Unsettled,
        Reason.OTHER,
        "",
    ),
}


@pytest.mark.parametrize(
    ("reply", "kind", "reason", "code"), ERRORS.values(), ids=ERRORS
)
def test_a_failed_answer_gives_its_error_and_reason(
    twilio, server, reply, kind, reason, code
):
    server.plan(reply)
    with pytest.raises(kind) as failure:
        twilio.send(outbound())
    assert type(failure.value) is kind
    assert (failure.value.reason, failure.value.code) == (reason, code)
    assert len(server.captured) == 1


def test_twilios_own_words_are_kept(twilio, server):
    server.plan(error(400, 99999, "Tomorrow's\x00 error"))
    with pytest.raises(Refused) as refusal:
        twilio.send(outbound())
    assert refusal.value.detail == "Tomorrow's error"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("0.5", 0.5),
        ("-3", 0),
        ("1e9", 86400),
        ("inf", None),
        ("nan", None),
        ("soon", None),
        ("", None),
        (formatdate(0, usegmt=True), 0),
        ("Thu, 01 Jan 1970 00:00:00", 0),
    ],
)
def test_retry_after_is_kept(twilio, server, header, seconds):
    server.plan(error(429, 20429, **{"Retry-After": header}))
    with pytest.raises(Retryable) as failure:
        twilio.send(outbound())
    assert failure.value.retry_after == seconds


def test_a_date_in_retry_after_becomes_seconds():
    header = {"Retry-After": formatdate(time() + 90, usegmt=True)}
    assert 80 < call.retry_after(header) <= 90


def test_a_closed_port_is_retryable(credentials):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    _assert_no_connection(credentials, address)


def test_an_unknown_host_name_is_retryable(credentials, monkeypatch):
    def unknown(*_args, **_options):
        raise socket.gaierror("unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    _assert_no_connection(credentials, "http://api.invalid")


def test_a_connection_timeout_is_retryable(credentials, monkeypatch):
    def hang(*_args):
        raise TimeoutError

    monkeypatch.setattr(socket.socket, "connect", hang)
    _assert_no_connection(credentials, "http://127.0.0.1:9")


def test_broken_tls_is_retryable(credentials, server):
    _assert_no_connection(credentials, server.url.replace("http:", "https:"))
    assert not server.captured


def test_an_unreachable_proxy_is_retryable(credentials, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    _assert_no_connection(credentials, "")


def _assert_no_connection(credentials, base_url):
    with requests.Session() as http, pytest.raises(Retryable) as failure:
        Twilio(credentials, http, base_url).send(outbound())
    assert failure.value.reason is Reason.NO_CONNECTION
    assert failure.value.retry_after is None


@pytest.mark.parametrize(
    "reply", [Reply(drop=True), Reply(hang=5)], ids=["drop", "hang"]
)
def test_a_sent_request_without_an_answer_is_unsettled(
    twilio, server, monkeypatch, reply
):
    monkeypatch.setattr(call, "READ_TIMEOUT", 0.1)
    server.plan(reply)
    with pytest.raises(Unsettled) as failure:
        twilio.send(outbound())
    assert failure.value.reason is Reason.NO_CONNECTION
    assert len(server.captured) == 1


def test_an_answer_that_breaks_off_is_unsettled(twilio, server):
    server.plan(Reply(201, body=b"{", headers={"Transfer-Encoding": "chunked"}))
    with pytest.raises(Unsettled):
        twilio.send(outbound())


def test_a_slow_answer_is_unsettled_in_time(twilio, server, monkeypatch):
    def drip(stream, stopped):
        while not stopped.wait(0.02):
            stream.write(b" ")
            stream.flush()

    monkeypatch.setattr(call, "READ_TIMEOUT", 0.2)
    reply = Reply(201, headers={"Content-Length": "99999"}, write=drip)
    server.plan(reply)
    with pytest.raises(Unsettled) as failure:
        twilio.send(outbound())
    assert failure.value.detail == "The answer doesn't end."


@pytest.mark.parametrize(
    "cause",
    [
        requests.exceptions.SSLError(urllib3.exceptions.SSLError("EOF in the answer")),
        requests.exceptions.ProxyError(
            urllib3.exceptions.ProxyError("Aborted", ConnectionResetError())
        ),
        requests.exceptions.InvalidHeader(
            urllib3.exceptions.InvalidHeader("Content-Length: 1, 2")
        ),
    ],
    ids=["TLS", "a proxy", "a header"],
)
def test_an_error_after_the_request_was_written_is_unsettled(credentials, cause):
    class Breaking(requests.Session):
        def request(self, *_args, **_options):
            raise cause

    with pytest.raises(Unsettled):
        Twilio(credentials, Breaking()).send(outbound())


def test_a_refusal_by_the_proxy_is_retryable(credentials, server, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", server.url)
    _assert_no_connection(credentials, "https://provider.invalid")


def test_a_job_without_time_makes_no_request(credentials, server):
    with LimitedSession(lambda: 0) as http, pytest.raises(Retryable):
        Twilio(credentials, http, server.url).send(outbound())
    assert not server.captured


def test_a_request_waits_no_longer_than_its_jobs_time_limit(credentials, server):
    server.plan(Reply(hang=5))
    with LimitedSession(lambda: 0.1) as http, pytest.raises(Unsettled):
        Twilio(credentials, http, server.url).send(outbound())


def test_an_unsupported_address_is_refused(credentials):
    with requests.Session() as http, pytest.raises(Refused):
        Twilio(credentials, http, "gopher://127.0.0.1").send(outbound())


def test_an_error_holds_no_secret(twilio, server):
    server.plan(error(401, 20003, "Authenticate"))
    with pytest.raises(Refused) as failure:
        twilio.send(replace(outbound(), text="private words"))
    said = f"{failure.value!r} {failure.value.detail}"
    assert AUTH_TOKEN not in said
    assert "private words" not in said
