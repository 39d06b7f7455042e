"""What is fuzzed: functions that take any bytes, and the inputs to begin with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

import requests
from providers import PROVIDERS
from providers.errors import InvalidPayload, InvalidSignature
from providers.events import WebhookRequest
from providers.provider import Provider

from tests.fuzz.mutation import mutated_json, mutated_lines
from tests.fuzz.soundness import check

HERE = Path(__file__).parent
FIXTURES = Path(__file__).resolve().parents[2] / "messaging_inbox" / "providers"
URL = "https://crm.example.com/messaging/webhook/token"
CREDENTIALS = {
    "twilio_account_sid": "AC0123456789abcdef0123456789abcdef",
    "twilio_auth_token": "a-token-for-tests",
    "twilio_shared_secret": "a-shared-secret",
    "app_id": "300000000000001",
    "app_secret": "a-secret-for-tests",
    "access_token": "EAAsystemuser",
    "verify_token": "a-verify-token",
    "whatsapp_app_secret": "a-secret-for-tests",
    "whatsapp_access_token": "EAAsystemuser",
    "whatsapp_verify_token": "a-verify-token",
}


@dataclass(frozen=True)
class Target:
    """``run`` raises nothing for any bytes; ``share`` is its part of all executions."""

    run: Callable[[bytes], None]
    mutate: Callable[..., bytes]
    seeds: tuple[bytes, ...]
    share: int


def seeds_of(code: str) -> tuple[bytes, ...]:
    """Return the provider's fixtures and our own corpus; a form as JSON pairs."""
    folders = (FIXTURES / code / "fixtures", HERE / "corpus" / code)
    paths = (path for folder in folders for path in sorted(folder.glob("*")))
    return tuple(
        json.dumps(parse_qsl(path.read_text().strip(), keep_blank_values=True)).encode()
        if path.suffix == ".form"
        else path.read_bytes().strip()
        for path in paths
    )


def request_of(code: str, data: bytes) -> WebhookRequest:
    """Return the request that an input stands for.

    For a form, that is JSON pairs, which mutate better than its bytes. Those whose name
    begins with "?" are of the query, where our own reference comes back.
    """
    if not PROVIDERS[code].max_form:
        return WebhookRequest("POST", (URL,), body=data)
    pairs = tuple(_pairs(data))
    query = tuple((name[1:], value) for name, value in pairs if name[:1] == "?")
    form = tuple((name, value) for name, value in pairs if name[:1] != "?")
    return WebhookRequest("POST", (URL,), query=query, form=form)


def _pairs(data: bytes) -> Iterator[tuple[str, str]]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    for each in found if isinstance(found, list) else ():
        if isinstance(each, list) and each and isinstance(each[0], str):
            value = each[-1]
            yield each[0], value if isinstance(value, str) else json.dumps(value)


def _form(data: bytes) -> tuple[tuple[str, str], ...]:
    """Return the pairs of a query or form, as Odoo's server reads them."""
    text = data.decode("latin-1")
    return tuple(parse_qsl(text, keep_blank_values=True, errors="replace"))


def provider_of(code: str) -> Provider:
    return PROVIDERS[code](CREDENTIALS, requests.Session())


def _parse(code: str) -> Callable[[bytes], None]:
    provider = provider_of(code)

    def run(data: bytes) -> None:
        try:
            events = provider.parse(request_of(code, data))
        except InvalidPayload as refusal:
            assert 0 < len(str(refusal)) < 500
            return
        for event in events:
            check(event)

    return run


def _verify(code: str) -> Callable[[bytes], None]:
    """Read a request from lines: signature, settings, query, body."""
    provider = provider_of(code)

    def run(data: bytes) -> None:
        lines = [*data.split(b"\n", 3), b"", b"", b""]
        given = [line.decode("latin-1") for line in lines[:2]]
        names = (provider.signature_header, "x-twilio-webhooks-signature-settings")
        headers = dict(zip(names, given, strict=True))
        query, body = _form(lines[2]), lines[3]
        form = _form(body) if provider.max_form else ()
        for method in ("GET", "POST"):
            urls = (URL, f"{URL}?{lines[2].decode('latin-1')}")
            request = WebhookRequest(method, urls, headers, query, form, body)
            provider.looks_signed(headers)
            provider.handshake(request)
            try:
                provider.verify(request)
            except InvalidSignature:
                continue

    return run


# A signature, its settings, the query and the body, a line each.
SIGNED = (
    b"c2lnbmF0dXJl\nkey=1,algorithm=HMAC_SHA256\nbodySHA256=00\nA=b",
    b"sha256=" + b"0" * 64 + b"\n\nhub.mode=subscribe&hub.challenge=1"
    b"&hub.verify_token=a-verify-token\n{}",
)
PARSERS = {
    f"parse {code}": Target(_parse(code), mutated_json, seeds_of(code), share=10)
    for code in PROVIDERS
}
TARGETS: Mapping[str, Target] = {
    **PARSERS,
    **{
        f"verify {code}": Target(_verify(code), mutated_lines, SIGNED, share=1)
        for code in PROVIDERS
    },
}
