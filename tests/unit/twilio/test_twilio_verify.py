"""Take the good request, break one thing, expect one refusal."""

from __future__ import annotations

import hashlib
import json

import pytest
import requests
from providers.errors import InvalidSignature
from providers.events import WebhookRequest
from providers.twilio import Twilio

from .samples import ACCOUNT_SID, AUTH_TOKEN, URL, pairs, request_for, sign

FORM = pairs("text")
SETTINGS = "x-twilio-webhooks-signature-settings"


@pytest.fixture
def provider(credentials):
    return Twilio(credentials, requests.Session())


def signed(form=FORM, url=URL, token=AUTH_TOKEN, **changes):
    headers = {"x-twilio-signature": sign(url, form, token)}
    return request_for(form, **{"headers": headers, **changes})


def with_signature(signature):
    return request_for(FORM, headers={"x-twilio-signature": signature})


def json_request(body, hash_of=None, **changes):
    digest = hashlib.sha256(hash_of or body).hexdigest()
    url = f"{URL}?bodySHA256={digest}"
    headers = {"x-twilio-signature": sign(url)}
    request = request_for((), urls=(url,), headers=headers, body=body)
    return WebhookRequest(**{**vars(request), **changes})


REPEATED = (*FORM, ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234"))
BODY = '{"ä": 1}'.encode()

GOOD = {
    "a form": signed(),
    "an address with a query": signed(
        url=f"{URL}?m=a.0&n=%C3%A4", urls=(f"{URL}?m=a.0&n=%C3%A4",)
    ),
    "the second address": signed(urls=("http://10.0.0.1:8069/x", URL)),
    "an address with the retry fragment": signed(
        urls=(f"{URL}#rc=5&rp=ct,rt,4xx,5xx",)
    ),
    "signed with the default port": signed(url=URL.replace(".com", ".com:443")),
    "signed without our port": signed(urls=(URL.replace(".com", ".com:8443"),)),
    "signed with the default port instead of ours": signed(
        url=URL.replace(".com", ".com:443"), urls=(URL.replace(".com", ".com:8443"),)
    ),
    "signed with our port": signed(
        url="http://localhost:8069/x", urls=("http://localhost:8069/x",)
    ),
    "signed for http on port 80": signed(
        url="http://localhost:80/x", urls=("http://localhost/x",)
    ),
    "names that repeat": signed(REPEATED),
    "an empty value": signed((*FORM, ("Empty", ""))),
    "letters beyond ASCII": signed((*FORM, ("Body2", "Grüße 👋"))),
    "no account named": signed((("MessageSid", "SM1"),)),
    "a GET": signed((), method="GET"),
    "JSON with its digest": json_request(BODY),
    "settings of the Auth Token": signed(
        headers={
            "x-twilio-signature": sign(URL, FORM),
            SETTINGS: "algorithm=HMAC_SHA1",
        }
    ),
}

ELSE = "AC" + "f" * 32
OTHERS = tuple((k, ELSE if k == "AccountSid" else v) for k, v in FORM)

BAD = {
    "no signature": request_for(FORM),
    "an empty signature": with_signature(""),
    "a wrong signature": with_signature(sign(URL, FORM, "another token")),
    "a signature beyond ASCII": with_signature("é" * 28),
    "a signature cut short": with_signature(sign(URL, FORM)[:-1]),
    "a signature with a tail": with_signature(sign(URL, FORM) + "A"),
    "a changed value": request_for(
        (*FORM[:-1], (FORM[-1][0], "x")), headers=signed().headers
    ),
    "a value more": request_for((*FORM, ("A", "")), headers=signed().headers),
    "a value less": request_for(FORM[1:], headers=signed().headers),
    "another host": signed(urls=(URL.replace("crm", "evil"),)),
    "another path": signed(urls=(URL + "s",)),
    "another query": signed(urls=(f"{URL}?m=a.1",), url=f"{URL}?m=a.0"),
    "another scheme": signed(urls=(URL.replace("https", "http"),)),
    "another port than ours": signed(url=URL.replace(".com", ".com:8443")),
    "no address": signed(urls=()),
    "an address with an impossible port": signed(urls=("https://crm:99999/x",)),
    "half a character": request_for((*FORM, ("A", "\ud800")), headers=signed().headers),
    "another account's body": signed(OTHERS),
    "our account and another one": signed((*FORM, ("AccountSid", ELSE))),
    "JSON without a digest": request_for(
        (), body=BODY, headers={"x-twilio-signature": sign(URL)}
    ),
    "JSON with the digest of another body": json_request(BODY, hash_of=b"{}"),
    "a digest beyond ASCII": request_for(
        (),
        body=BODY,
        urls=(f"{URL}?bodySHA256=é",),
        headers={"x-twilio-signature": sign(f"{URL}?bodySHA256=é")},
    ),
    "a shared key": signed(
        headers={
            "x-twilio-signature": sign(URL, FORM),
            SETTINGS: "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256",
        }
    ),
    "an algorithm of tomorrow": signed(
        headers={"x-twilio-signature": sign(URL, FORM), SETTINGS: "algorithm=ED25519"}
    ),
}


@pytest.mark.parametrize("request_", GOOD.values(), ids=GOOD)
def test_a_request_signed_by_twilio_is_accepted(provider, request_):
    assert provider.verify(request_) is None


@pytest.mark.parametrize("request_", BAD.values(), ids=BAD)
def test_a_request_not_signed_by_twilio_is_refused(provider, request_):
    with pytest.raises(InvalidSignature):
        provider.verify(request_)


@pytest.mark.parametrize("token", ["", None, False])
def test_without_a_token_every_request_is_refused(token):
    credentials = {"twilio_account_sid": ACCOUNT_SID, "twilio_auth_token": token}
    provider = Twilio(credentials, requests.Session())
    with pytest.raises(InvalidSignature):
        provider.verify(signed(token=""))


def test_an_api_key_does_not_replace_the_token_that_verifies(credentials):
    key = {"twilio_api_key_sid": "SK1", "twilio_api_key_secret": "secret"}
    provider = Twilio({**credentials, **key}, requests.Session())
    provider.verify(signed())
    with pytest.raises(InvalidSignature):
        provider.verify(signed(token="secret"))


KEY = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
SECRET = "a-shared-secret-for-tests"


def with_key(form=FORM, settings=KEY, secret=SECRET, digest="sha256"):
    signature = sign(URL, form, secret, digest)
    headers = {"x-twilio-signature": signature, SETTINGS: settings}
    return request_for(form, headers=headers)


SHARED_GOOD = {
    "SHA-256": with_key(),
    "names that repeat": with_key(REPEATED),
    "letters beyond ASCII": with_key((*FORM, ("Body2", "Grüße 👋"))),
    "the settings in another order": with_key(
        settings=" algorithm=HMAC_SHA256 , key=webhooks_sharedkey_2"
    ),
    "SHA-1": with_key(settings="key=k,algorithm=HMAC_SHA1", digest="sha1"),
    "a key without an algorithm": with_key(settings="key=k", digest="sha1"),
    "the Auth Token still": signed(),
}
SHARED_BAD = {
    "another secret": with_key(secret="another"),
    "the Auth Token as a shared key": with_key(secret=AUTH_TOKEN),
    "the shared secret as the Auth Token": signed(token=SECRET),
    "SHA-1 under the name of SHA-256": with_key(digest="sha1"),
    "an algorithm of tomorrow": with_key(settings="key=k,algorithm=HMAC_SHA512"),
    "a changed value": request_for((*FORM, ("A", "")), headers=with_key().headers),
    "another account's body": with_key(OTHERS),
}


@pytest.fixture
def sharing(credentials):
    return Twilio({**credentials, "twilio_shared_secret": SECRET}, requests.Session())


@pytest.mark.parametrize("request_", SHARED_GOOD.values(), ids=SHARED_GOOD)
def test_a_request_signed_with_the_shared_key_is_accepted(sharing, request_):
    assert sharing.looks_signed(request_.headers)
    assert sharing.verify(request_) is None


@pytest.mark.parametrize("request_", SHARED_BAD.values(), ids=SHARED_BAD)
def test_a_request_not_signed_with_the_shared_key_is_refused(sharing, request_):
    with pytest.raises(InvalidSignature):
        sharing.verify(request_)


@pytest.mark.parametrize("secret", ["", None, False])
def test_without_a_shared_secret_no_shared_key_is_accepted(credentials, secret):
    provider = Twilio(
        {**credentials, "twilio_shared_secret": secret}, requests.Session()
    )
    with pytest.raises(InvalidSignature):
        provider.verify(with_key(secret=""))


def test_the_published_signatures_are_told_apart(shared):
    path = shared / "fixtures" / "signatures" / "twilio_signature_vectors.json"
    vectors = json.loads(path.read_text())
    # The vectors use one secret for both.
    token = vectors["auth_token"]
    credentials = {"twilio_auth_token": token, "twilio_shared_secret": token}
    provider = Twilio(credentials, requests.Session())
    refused = []
    for case in vectors["cases"]:
        try:
            provider.verify(_request_of(case, vectors["params"]))
        except InvalidSignature:
            refused.append(case["name"])
    assert refused == []


def _request_of(case, params):
    body = case.get("body", "").encode()
    form = () if body else case.get("params_list") or params.items()
    headers = {name.lower(): value for name, value in case.get("headers", {}).items()}
    headers["x-twilio-signature"] = case["signature"]
    form = tuple(map(tuple, form))
    return request_for(form, urls=(case["uri"],), headers=headers, body=body)
