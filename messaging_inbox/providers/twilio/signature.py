"""Verify that Twilio signed a request for an account.

It signs with the Auth Token, or with a shared key if the account has a rule for it:
https://www.twilio.com/docs/usage/webhooks/webhook-shared-keys
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import parse_qs, urldefrag, urlsplit, urlunsplit

from twilio.request_validator import RequestValidator

from ..errors import InvalidSignature
from ..events import WebhookRequest

SETTINGS = "x-twilio-webhooks-signature-settings"
DEFAULT_ALGORITHM = "HMAC_SHA1"


class _Pairs(dict):
    """Posted values by name, in the library's form for repeated names."""

    getall = dict.__getitem__


Compute = Callable[[str, str, _Pairs], str]


def check_signature(request: WebhookRequest, token: str, shared_secret: str) -> None:
    """Raise InvalidSignature unless one of the secrets signed one of the addresses.

    The shared secret counts only for requests that name a shared key, the token only
    for others.
    """
    settings = _settings(request)
    secret = shared_secret if "key" in settings else token
    compute = _ALGORITHMS.get(settings.get("algorithm") or DEFAULT_ALGORITHM)
    signature = request.headers.get("x-twilio-signature", "")
    if not (signature and signature.isascii()):
        raise InvalidSignature("There is no signature to check.")
    if not (secret and compute):
        raise InvalidSignature("It was signed with a key that the account lacks.")
    try:
        signed = any(
            hmac.compare_digest(compute(secret, url, pairs), signature)
            for url, pairs in _signed_parts(request)
        )
    except ValueError:
        # Twilio never signs an invalid port or half a character.
        raise InvalidSignature("The request can't have a signature.") from None
    if not signed:
        raise InvalidSignature("The signature isn't Twilio's for this account.")


def _settings(request: WebhookRequest) -> Mapping[str, str]:
    """Return the settings of a signature; only shared keys have some."""
    parts = (
        part.partition("=") for part in request.headers.get(SETTINGS, "").split(",")
    )
    return {name.strip(): value.strip() for name, _equals, value in parts}


def _sha1(secret: str, url: str, pairs: _Pairs) -> str:
    return str(RequestValidator(secret).compute_signature(url, pairs))


def _sha256(secret: str, url: str, pairs: _Pairs) -> str:
    """Sign as Twilio does with a shared key; its library does only since 9.13."""
    fields = (
        name + value for name in sorted(pairs) for value in sorted({*pairs[name]})
    )
    text = url + "".join(fields)
    digest = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


_ALGORITHMS: Mapping[str, Compute] = {DEFAULT_ALGORITHM: _sha1, "HMAC_SHA256": _sha256}


def _signed_parts(request: WebhookRequest) -> Iterator[tuple[str, _Pairs]]:
    """Yield the addresses and posted pairs that the signature may be of."""
    pairs = _Pairs()
    for name, value in request.form:
        pairs.setdefault(name, []).append(value)
    for url in _addresses(request):
        if pairs or not request.body or _has_hash_of(request.body, url):
            yield url, pairs


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
