"""Each answer to a send, or none, and the state of the message that follows."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import requests
from providers import call
from providers.errors import Reason, Refused, Retryable, Unsettled
from providers.events import Sent
from providers.messenger import Messenger, send

from ..graph_form import parts
from ..server import Reply
from .samples import (
    ACCESS_TOKEN,
    APP_SECRET,
    IGSID,
    INSTAGRAM,
    PAGE,
    PAGE_TOKEN,
    PSID,
    REFERENCE,
    file,
    fixture,
    outbound,
    proof,
)

ACCEPTED = Reply(json={"recipient_id": PSID, "message_id": "m_0100"})
UPLOADED = Reply(json={"attachment_id": "1857777774821032"})


def error(status, code, subcode=None, message="Meta's words", headers=None, **more):
    words = {"message": message, "type": "OAuthException", "code": code, **more}
    if subcode:
        words["error_subcode"] = subcode
    return Reply(status, {"error": words}, headers=headers or {})


def body(captured):
    return json.loads(captured.body)


def test_a_text_is_sent_in_metas_format(meta, server):
    server.plan(ACCEPTED)
    assert meta.send(outbound()) == Sent("m_0100", "sent")
    (request,) = server.captured
    assert (request.method, request.path) == ("POST", "/v25.0/me/messages")
    assert request.headers["authorization"] == f"Bearer {PAGE_TOKEN}"
    assert request.query == {"appsecret_proof": proof(PAGE_TOKEN)}
    assert body(request) == {
        "recipient": {"id": PSID},
        "messaging_type": "RESPONSE",
        "message": {"text": "Tomorrow.", "metadata": REFERENCE},
    }


def test_a_person_answers_under_the_tag_after_the_window(meta, server):
    server.plan(ACCEPTED)
    meta.send(outbound(tag="HUMAN_AGENT"))
    sent = body(server.captured[0])
    assert (sent["messaging_type"], sent["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")


def test_a_reply_names_the_quoted_message(meta, server):
    server.plan(ACCEPTED)
    meta.send(outbound(reply_to="m_0001"))
    assert body(server.captured[0])["reply_to"] == {"mid": "m_0001"}


@pytest.mark.parametrize("name", ["referral", "postback_without_id"])
def test_a_message_without_an_id_at_meta_is_not_quoted(meta, server, name):
    (came,) = meta.parse(fixture(name))
    server.plan(ACCEPTED)
    meta.send(outbound(reply_to=came.message_id))
    assert "reply_to" not in body(server.captured[0])


def test_instagram_behind_a_page_uses_the_pages_token(meta, server):
    server.plan(ACCEPTED)
    channel = replace(INSTAGRAM, token=PAGE_TOKEN)
    meta.send(outbound(channel=channel, recipient=IGSID))
    (request,) = server.captured
    assert request.headers["authorization"] == f"Bearer {PAGE_TOKEN}"
    assert body(request)["message"]["metadata"] == REFERENCE


def test_instagrams_own_login_has_no_metadata(instagram, server):
    server.plan(ACCEPTED)
    instagram.send(outbound(channel=INSTAGRAM, recipient=IGSID))
    (request,) = server.captured
    assert request.headers["authorization"] == "Bearer IGAAown"
    assert body(request)["message"] == {"text": "Tomorrow."}


def test_a_channel_without_its_own_token_uses_the_accounts(meta, server):
    server.plan(ACCEPTED)
    meta.send(outbound(channel=PAGE))
    assert server.captured[0].headers["authorization"] == f"Bearer {ACCESS_TOKEN}"


@pytest.mark.parametrize(
    ("content_type", "family"),
    [
        ("image/jpeg", "image"),
        ("audio/mpeg", "audio"),
        ("video/mp4", "video"),
        ("application/pdf", "file"),
        ("text/csv", "file"),
    ],
)
def test_a_file_is_uploaded_then_sent_by_its_id(meta, server, content_type, family):
    server.plan(UPLOADED, ACCEPTED)
    attached = file(content_type, "blue – 1.jpg")
    assert meta.send(outbound(text="", file=attached)) == Sent("m_0100")
    upload, message = server.captured
    assert upload.path == "/v25.0/me/message_attachments"
    assert parts(upload) == {
        "message": {"attachment": {"type": family, "payload": {"is_reusable": True}}},
        "filedata": {
            "filename": "blue – 1.jpg",
            "content_type": content_type,
            "content": "picture",
        },
    }
    payload = {"attachment_id": "1857777774821032"}
    assert body(message)["message"] == {
        "attachment": {"type": family, "payload": payload},
        "metadata": REFERENCE,
    }
    assert attached.url.encode() not in upload.body + message.body


def test_an_upload_for_instagram_names_the_platform(meta, server):
    server.plan(UPLOADED, ACCEPTED)
    channel = replace(INSTAGRAM, token=PAGE_TOKEN)
    meta.send(outbound(channel=channel, text="", file=file()))
    assert parts(server.captured[0])["platform"] == "instagram"


def test_an_upload_for_instagrams_own_login_names_no_platform(instagram, server):
    server.plan(UPLOADED, ACCEPTED)
    instagram.send(outbound(channel=INSTAGRAM, text="", file=file()))
    assert "platform" not in parts(server.captured[0])


def test_non_ascii_text_arrives_intact(meta, server):
    server.plan(ACCEPTED)
    meta.send(outbound(text="Grüße & 100 % 👋\n+1"))
    assert body(server.captured[0])["message"]["text"] == "Grüße & 100 % 👋\n+1"


ERRORS = {
    "the window is closed": (
        error(400, 10, 2018278),
        *(Refused, Reason.WINDOW_CLOSED, "10/2018278"),
    ),
    "the window is closed on Instagram": (
        error(400, 10, 2534022),
        *(Refused, Reason.WINDOW_CLOSED, "10/2534022"),
    ),
    "a permission is missing": (
        error(403, 10),
        *(Refused, Reason.NOT_PERMITTED, "10"),
    ),
    "an unknown subcode of a known code": (
        error(403, 200, 1),
        *(Refused, Reason.NOT_PERMITTED, "200/1"),
    ),
    "a token from before a change of password": (
        error(400, 190, 460),
        *(Refused, Reason.BAD_CREDENTIALS, "190/460"),
    ),
    "an expired token": (
        error(400, 190, 463),
        *(Refused, Reason.BAD_CREDENTIALS, "190/463"),
    ),
    "an invalid token": (
        error(400, 190, 467),
        *(Refused, Reason.BAD_CREDENTIALS, "190/467"),
    ),
    "the person can't be reached": (
        error(400, 551, 1545041),
        *(Refused, Reason.UNREACHABLE, "551/1545041"),
    ),
    "the Page may not write for now": (
        error(400, 10, 1893063),
        *(Retryable, Reason.HELD_BACK, "10/1893063"),
    ),
    "too many requests of the app": (
        error(400, 4),
        *(Retryable, Reason.RATE_LIMITED, "4"),
    ),
    "too many requests to the Page": (
        error(403, 613),
        *(Retryable, Reason.RATE_LIMITED, "613"),
    ),
    "a temporary problem": (
        error(500, 1200),
        *(Retryable, Reason.PROVIDER_DOWN, "1200"),
    ),
    "an error that Meta calls transient": (
        error(400, 99999, is_transient=True),
        *(Unsettled, Reason.OTHER, "99999"),
    ),
    "a known refusal that Meta calls transient": (
        error(400, 2018278, is_transient=True),
        *(Retryable, Reason.WINDOW_CLOSED, "2018278"),
    ),
    "an unknown error of Meta's": (
        error(500, 1, is_transient=True),
        *(Unsettled, Reason.PROVIDER_DOWN, "1"),
    ),
    "a service that is down": (
        error(503, 2, is_transient=True),
        *(Unsettled, Reason.PROVIDER_DOWN, "2"),
    ),
    "a dead tag": (error(400, 100), Refused, Reason.OTHER, "100"),
    "an unknown code": (error(400, 99999), Refused, Reason.OTHER, "99999"),
    "a code that is not a number": (
        error(400, "x" * 5000),
        Refused,
        Reason.OTHER,
        "x" * 32,
    ),
    "an error that is not an object": (
        Reply(400, {"error": "no"}),
        *(Refused, Reason.OTHER, "400"),
    ),
    "an error in a success": (
        error(200, 100),
        *(Refused, Reason.OTHER, "100"),
    ),
    "no JSON": (Reply(400, body=b"<html>"), Refused, Reason.OTHER, "400"),
    "429": (Reply(429), Retryable, Reason.RATE_LIMITED, "429"),
    "500": (Reply(500, body=b"<html>"), Unsettled, Reason.PROVIDER_DOWN, "500"),
    "503": (Reply(503), Unsettled, Reason.PROVIDER_DOWN, "503"),
    "504": (Reply(504), Unsettled, Reason.PROVIDER_DOWN, "504"),
    "an unknown code with status 500": (
        error(500, 99999),
        *(Unsettled, Reason.PROVIDER_DOWN, "99999"),
    ),
    "408": (Reply(408), Unsettled, Reason.OTHER, "408"),
    "500 because of a bad token": (
        error(500, 190),
        *(Refused, Reason.BAD_CREDENTIALS, "190"),
    ),
    "a redirect": (
        Reply(307, headers={"Location": "/elsewhere"}),
        *(Unsettled, Reason.OTHER, "307"),
    ),
    "200 without an id": (Reply(json={}), Unsettled, Reason.OTHER, ""),
    "200 without JSON": (Reply(body=b"OK"), Unsettled, Reason.OTHER, ""),
}


@pytest.mark.parametrize(
    ("reply", "kind", "reason", "code"), ERRORS.values(), ids=ERRORS
)
def test_every_failed_answer_raises_its_error(meta, server, reply, kind, reason, code):
    server.plan(reply)
    with pytest.raises(kind) as failure:
        meta.send(outbound())
    assert type(failure.value) is kind
    assert (failure.value.reason, failure.value.code) == (reason, code)
    assert len(server.captured) == 1


def test_metas_own_words_are_kept(meta, server):
    server.plan(error(400, 99999, message="Tomorrow's\x00 error"))
    with pytest.raises(Refused) as refusal:
        meta.send(outbound())
    assert refusal.value.detail == "Tomorrow's error"


def test_metas_user_message_comes_first(meta, server):
    server.plan(error(400, 99999, message="(#9) x", error_user_msg="Please wait."))
    with pytest.raises(Refused) as refusal:
        meta.send(outbound())
    assert refusal.value.detail == "Please wait."


USAGE = "X-Business-Use-Case-Usage"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({USAGE: '{"1": [{"estimated_time_to_regain_access": 3}]}'}, 180),
        ({USAGE: '{"1": [{"estimated_time_to_regain_access": 0}]}'}, None),
        ({USAGE: '{"1": [{"estimated_time_to_regain_access": 1e9}]}'}, 86400),
        ({USAGE: '{"1": [{}]}'}, None),
        ({USAGE: '{"1": {}}'}, None),
        ({USAGE: "{}"}, None),
        ({USAGE: "[1]"}, None),
        ({USAGE: "soon"}, None),
        ({}, None),
    ],
)
def test_the_requested_waiting_time_is_kept(meta, server, headers, seconds):
    server.plan(error(400, 4, headers=headers))
    with pytest.raises(Retryable) as failure:
        meta.send(outbound())
    assert failure.value.retry_after == seconds


@pytest.mark.parametrize(
    "reply", [Reply(drop=True), Reply(hang=5)], ids=["drop", "hang"]
)
def test_a_send_without_an_answer_is_unsettled(meta, server, monkeypatch, reply):
    monkeypatch.setattr(call, "READ_TIMEOUT", 0.1)
    server.plan(reply)
    with pytest.raises(Unsettled) as failure:
        meta.send(outbound())
    assert failure.value.reason is Reason.NO_CONNECTION
    assert len(server.captured) == 1


@pytest.mark.parametrize(
    "reply",
    [Reply(drop=True), Reply(hang=5), Reply(json={}), Reply(500)],
    ids=["drop", "hang", "no id", "500"],
)
def test_an_upload_without_an_answer_is_retryable(meta, server, monkeypatch, reply):
    monkeypatch.setattr(send, "UPLOAD_TIMEOUT", 0.1)
    server.plan(reply)
    with pytest.raises(Retryable):
        meta.send(outbound(text="", file=file()))
    assert len(server.captured) == 1


def test_a_refused_upload_sends_nothing(meta, server):
    server.plan(error(400, 100, 2018109))
    with pytest.raises(Refused) as refusal:
        meta.send(outbound(text="", file=file()))
    assert refusal.value.reason is Reason.FILE_TOO_BIG
    assert len(server.captured) == 1


def test_the_servers_netrc_does_not_replace_the_token(
    meta, server, monkeypatch, tmp_path
):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login eve password eve\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server.plan(ACCEPTED)
    meta.send(outbound())
    assert server.captured[0].headers["authorization"] == f"Bearer {PAGE_TOKEN}"


def test_a_refused_connection_is_retryable(credentials):
    with requests.Session() as http, pytest.raises(Retryable) as failure:
        Messenger(credentials, http, "http://127.0.0.1:9").send(outbound())
    assert failure.value.reason is Reason.NO_CONNECTION


def test_errors_contain_no_secret(meta, server):
    server.plan(error(400, 190))
    with pytest.raises(Refused) as failure:
        meta.send(outbound(text="private words"))
    said = f"{failure.value!r} {failure.value.detail} {outbound()!r}"
    for secret in (APP_SECRET, PAGE_TOKEN, ACCESS_TOKEN, proof(PAGE_TOKEN)):
        assert secret not in said
    assert "private words" not in f"{failure.value!r} {failure.value.detail}"


def test_a_token_quoted_by_meta_is_hidden_in_a_send_error(meta, server):
    server.plan(error(400, 190, message=f"Malformed access token {PAGE_TOKEN}"))
    with pytest.raises(Refused) as failure:
        meta.send(outbound())
    assert failure.value.detail == "Malformed access token …"
