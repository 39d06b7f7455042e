"""Signatures and handshakes of all of Meta's providers.

Each test takes the good request, breaks one thing, and expects one refusal.
"""

from __future__ import annotations

import json

import pytest
import requests
from providers.errors import InvalidSignature
from providers.events import Answer
from providers.messenger import Messenger
from providers.whatsapp_cloud import WhatsAppCloud

from ..messenger.samples import APP_SECRET, FIXTURES, VERIFY_TOKEN, request_for, sign

BODY = (FIXTURES / "text.json").read_bytes()
MESSENGER = (Messenger, "")
WHATSAPP = (WhatsAppCloud, "whatsapp_")


@pytest.fixture(params=[MESSENGER, WHATSAPP], ids=["Messenger", "WhatsApp"])
def made(request):
    """Return a function that makes the provider with these credentials."""
    provider_class, prefix = request.param

    def make(**credentials):
        named = {f"{prefix}{name}": value for name, value in credentials.items()}
        return provider_class(named, requests.Session())

    return make


@pytest.fixture
def provider(made):
    return made(app_secret=APP_SECRET, verify_token=VERIFY_TOKEN)


def signed(body=BODY, signature=None, **changes):
    headers = {"x-hub-signature-256": sign(body) if signature is None else signature}
    return request_for(body, **{"headers": headers, **changes})


GOOD = {
    "a body": signed(),
    "non-ASCII characters": signed('{"ä": "😢"}'.encode()),
    "characters as Meta escapes them": signed(rb'{"\u00e4": "https:\/\/x.y"}'),
    "undecodable bytes": signed(b"\xff\xfe"),
    "an empty body": signed(b""),
    "other headers beside": signed(
        headers={"x-hub-signature": "sha1=0", "x-hub-signature-256": sign(BODY)}
    ),
}

BAD = {
    "no signature": request_for(BODY),
    "an empty signature": signed(signature=""),
    "a signature without its algorithm": signed(signature=sign(BODY)[7:]),
    "a signature of SHA-1": signed(signature=sign(BODY).replace("256", "1")),
    "a signature cut short": signed(signature=sign(BODY)[:-1]),
    "a signature with trailing characters": signed(signature=sign(BODY) + "0"),
    "a signature in upper case": signed(signature=sign(BODY).upper()),
    "a non-ASCII signature": signed(signature="sha256=" + "é" * 64),
    "another secret": signed(signature=sign(BODY, "another secret")),
    "no secret": signed(signature=sign(BODY, "")),
    "a changed byte": signed(BODY.replace(b"blue", b"glue"), sign(BODY)),
    "a byte more": signed(BODY + b" ", sign(BODY)),
    "the same JSON, serialised again": signed(
        json.dumps(json.loads(BODY)).encode(), sign(BODY)
    ),
    "only the older header": request_for(
        BODY, headers={"x-hub-signature": sign(BODY).replace("256", "1")}
    ),
}


@pytest.mark.parametrize("request_", GOOD.values(), ids=GOOD)
def test_a_request_signed_by_meta_is_accepted(provider, request_):
    assert provider.verify(request_) is None


@pytest.mark.parametrize("request_", BAD.values(), ids=BAD)
def test_a_request_not_signed_by_meta_is_refused(provider, request_):
    with pytest.raises(InvalidSignature):
        provider.verify(request_)


@pytest.mark.parametrize("secret", ["", None, False])
def test_without_a_secret_every_request_is_refused(made, secret):
    provider = made(app_secret=secret)
    with pytest.raises(InvalidSignature):
        provider.verify(signed(signature=sign(BODY, "")))


def test_published_signatures_are_verified(made, shared):
    path = shared / "fixtures" / "signatures" / "meta_signature_vectors.json"
    vectors = json.loads(path.read_text())
    provider = made(app_secret=vectors["app_secret"])
    signatures = {case["name"]: case["header"] for case in vectors["cases"]}
    for case in vectors["cases"]:
        body = case["body"].encode()
        for name, signature in signatures.items():
            if name == case["name"]:
                provider.verify(signed(body, signature))
            else:
                with pytest.raises(InvalidSignature):
                    provider.verify(signed(body, signature))


QUESTION = {
    "hub.mode": "subscribe",
    "hub.verify_token": VERIFY_TOKEN,
    "hub.challenge": "1158201444",
}


def question(method="GET", **changes):
    query = {**QUESTION, **{f"hub.{key}": value for key, value in changes.items()}}
    pairs = [(key, value) for key, value in query.items() if value is not None]
    return request_for(b"", method=method, query=tuple(pairs))


def test_a_webhook_verification_is_answered_with_its_challenge(provider):
    answer = provider.handshake(question())
    assert answer == Answer(200, "1158201444", "text/plain; charset=utf-8")


@pytest.mark.parametrize("token", [None, "", "wrong", VERIFY_TOKEN[:-1], "é", "\ud800"])
def test_a_webhook_verification_with_a_wrong_token_is_refused(provider, token):
    answer = provider.handshake(question(verify_token=token))
    assert (answer.status, answer.body) == (403, "")


@pytest.mark.parametrize("token", ["", None])
def test_without_a_verify_token_no_verification_is_answered(made, token):
    provider = made(verify_token=token)
    assert provider.handshake(question(verify_token="")).status == 403


@pytest.mark.parametrize(
    "request_",
    [signed(), question(method="POST"), question(mode=None), question(mode="else")],
    ids=["an event", "a POST", "no mode", "another mode"],
)
def test_other_requests_are_no_webhook_verification(provider, request_):
    assert provider.handshake(request_) is None


def test_the_app_secret_does_not_answer_a_verification(provider):
    assert provider.handshake(question(verify_token=APP_SECRET)).status == 403
