"""Verify that Twilio signed a request with the Auth Token of an account."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from urllib.parse import parse_qs, urldefrag, urlsplit, urlunsplit

from twilio.request_validator import RequestValidator

from ..errors import InvalidSignature
from ..events import WebhookRequest

ALGORITHM = "HMAC_SHA1"


class _Pairs(dict):
    """Posted values by name, in the library's form for repeated names."""

    getall = dict.__getitem__


def check_signature(request: WebhookRequest, token: str) -> None:
    """Raise InvalidSignature unless ``token`` signed one of the addresses."""
    signature = request.headers.get("x-twilio-signature", "")
    if not (token and signature and signature.isascii()):
        raise InvalidSignature("There is no signature to check.")
    if _algorithm(request) != ALGORITHM:
        raise InvalidSignature("It was signed with another key than the Auth Token.")
    try:
        signed = any(_matches(request, RequestValidator(token), signature))
    except ValueError:
        # Twilio never signs an invalid port or half a character.
        raise InvalidSignature("The request can't have a signature.") from None
    if not signed:
        raise InvalidSignature("The signature isn't Twilio's for this account.")


def _algorithm(request: WebhookRequest) -> str:
    """Return the algorithm of the signature; it differs only for shared keys."""
    settings = request.headers.get("x-twilio-webhooks-signature-settings", "")
    parts = (part.partition("=") for part in settings.split(","))
    named = {name.strip(): value.strip() for name, _equals, value in parts}
    return named.get("algorithm") or ALGORITHM


def _matches(
    request: WebhookRequest, validator: RequestValidator, signature: str
) -> Iterator[bool]:
    pairs = _Pairs()
    for name, value in request.form:
        pairs.setdefault(name, []).append(value)
    for url in _addresses(request):
        if pairs or not request.body or _has_hash_of(request.body, url):
            expected = validator.compute_signature(url, pairs)
            yield hmac.compare_digest(expected, signature)


def _addresses(request: WebhookRequest) -> list[str]:
    """Return all variants of the addresses: Twilio may or may not sign the port."""
    variants = (form for url in request.urls for form in _with_and_without_port(url))
    return list(dict.fromkeys(variants))


def _with_and_without_port(url: str) -> tuple[str, ...]:
    parts = urlsplit(urldefrag(url).url)
    bare = parts.netloc.removesuffix(f":{parts.port}")
    default = f"{bare}:{443 if parts.scheme == 'https' else 80}"
    return tuple(
        urlunsplit(parts._replace(netloc=netloc))
        for netloc in (parts.netloc, bare, default)
    )


def _has_hash_of(body: bytes, url: str) -> bool:
    """Tell whether the signed address holds the hash of a body that isn't a form."""
    claimed = parse_qs(urlsplit(url).query).get("bodySHA256", [""])[0]
    digest = hashlib.sha256(body).hexdigest()
    return hmac.compare_digest(digest.encode(), claimed.encode())
