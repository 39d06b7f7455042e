"""Shared by all of Meta's products: signature, webhook verification and Graph API."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any

import requests

from .call import ask
from .error_table import Failure, Meaning
from .errors import InvalidPayload, InvalidSignature, Reason, Refused
from .events import Answer, WebhookRequest
from .graph_codes import read_failure
from .values import mapping, text

URL = "https://graph.facebook.com"
INSTAGRAM_URL = "https://graph.instagram.com"
VERSION = "v25.0"
# The header of a webhook's signature, in lower case, and its format.
SIGNATURE_HEADER = "x-hub-signature-256"
SIGNATURE = "sha256=[0-9a-f]{64}"
MAX_PAGES = 50
PAGE_SIZE = 100
# Parameters with secret values.
SECRETS = ("input_token", "fb_exchange_token", "client_secret")


def check_signature(request: WebhookRequest, app_secret: str) -> None:
    """Raise InvalidSignature unless the app signed exactly these bytes."""
    given = request.headers.get(SIGNATURE_HEADER, "")
    if not (app_secret and given and given.isascii()):
        raise InvalidSignature("The request has no signature, or there is no secret.")
    digest = hmac.new(app_secret.encode(), request.body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(f"sha256={digest}".encode(), given.encode()):
        raise InvalidSignature("The signature isn't this app's.")


def handshake(request: WebhookRequest, verify_token: str) -> Answer | None:
    """Answer Meta's webhook verification; return None for all other requests."""
    query = dict(request.query)
    if request.method != "GET" or query.get("hub.mode") != "subscribe":
        return None
    given = query.get("hub.verify_token", "")
    if not (verify_token and _is_same(given, verify_token)):
        return Answer(status=403)
    return Answer(body=query.get("hub.challenge", ""))


def _is_same(given: str, expected: str) -> bool:
    # A query may contain lone surrogates, which UTF-8 can't encode.
    pair = (text.encode("utf-8", "surrogatepass") for text in (given, expected))
    return hmac.compare_digest(*pair)


def read_body(
    body: bytes, products: Container[str]
) -> tuple[str, list[dict[str, Any]]]:
    """Return the product that a webhook is about and its entries.

    Without entries if it is about another product; raise InvalidPayload if it can't be
    read.
    """
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidPayload("Meta sent a body that isn't JSON.") from None
    if not isinstance(envelope, dict):
        raise InvalidPayload("Meta sent JSON that isn't an object.")
    product = text(envelope.get("object"))
    if product not in products:
        return product, []
    if not isinstance(envelope.get("entry"), list):
        raise InvalidPayload("Meta sent no entries, so there is nothing to read.")
    return product, list(map(mapping, envelope["entry"]))


class Graph:
    """Makes requests to the Graph API, each with a token and its proof."""

    def __init__(
        self,
        http: requests.Session,
        app_secret: str,
        rewrite: Callable[[str], str],
        errors: Mapping[int, Meaning],
    ):
        self.http = http
        self._app_secret = app_secret
        self._rewrite = rewrite
        self._errors = errors

    def request(
        self,
        method: str,
        path: str,
        token: str,
        params: Mapping[str, Any] | None = None,
        scheme: str = "Bearer",
        **options: Any,
    ) -> dict[str, Any]:
        """Return Meta's JSON response; raise SendError unless it is a success.

        ``scheme`` names the token in its header: uploads of sessions want "OAuth".
        """
        url = self._rewrite(f"{_host(token)}/{VERSION}/{path}")
        params = {**(params or {}), "appsecret_proof": self._proof(token)}
        auth = TokenAuth(token, scheme)
        said = (params.get(name) for name in SECRETS)
        secrets = list(filter(None, (self._app_secret, token, *said)))

        def failure(
            response: requests.Response, body: Mapping[str, Any]
        ) -> Failure | None:
            failed = read_failure(response, body, self._errors)
            return failed and failed._replace(detail=without(failed.detail, *secrets))

        return ask(self.http, method, url, failure, params=params, auth=auth, **options)

    def items(
        self, path: str, token: str, whole: bool = False, **params: Any
    ) -> Iterator[dict[str, Any]]:
        """Yield the items of a paginated list.

        Raise Refused instead of ending a ``whole`` list before its last item.
        """
        params = {"limit": PAGE_SIZE, **params}
        for _number in range(MAX_PAGES):
            page = self.request("GET", path, token, params)
            if whole and not isinstance(page.get("data"), list):
                break
            yield from (item for item in page.get("data") or () if item)
            paging = page.get("paging") or {}
            after = (paging.get("cursors") or {}).get("after")
            if not (paging.get("next") and after):
                return
            params["after"] = after
        if whole:
            raise Refused(Reason.OTHER, detail="Meta's list can't be read to its end.")

    def _proof(self, token: str) -> str:
        key, message = self._app_secret.encode(), token.encode()
        return hmac.new(key, message, hashlib.sha256).hexdigest()


class TokenAuth(requests.auth.AuthBase):
    """Sends the token in a header, which keeps it out of URLs and logs."""

    def __init__(self, token: str, scheme: str = "Bearer"):
        self._value = f"{scheme} {token}"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self._value
        return request


def without(words: str, *secrets: str | None) -> str:
    """Return the text without secrets: Meta's errors quote tokens it can't parse."""
    for secret in filter(None, secrets):
        words = words.replace(secret, "…")
    return words


def is_instagram_login(token: str) -> bool:
    """Return whether a token is from Instagram's own login, which has its own host."""
    return token.startswith("IG")


def _host(token: str) -> str:
    return INSTAGRAM_URL if is_instagram_login(token) else URL
