"""An app at Meta with an access token, and checks whether they can be used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from .errors import Reason, Refused
from .graph import Graph, without
from .values import items, mapping, text

NAMES = {
    "app_id": "app id",
    "app_secret": "app secret",
    "access_token": "access token",
    "verify_token": "verify token",
}


class GraphApp:
    """An app with the token of a person or system user."""

    def __init__(self, graph: Graph, credentials: Mapping[str, str]):
        self.graph = graph
        self._credentials = credentials
        self.id = credentials.get("app_id") or ""
        self.access_token = credentials.get("access_token") or ""
        self.verify_token = credentials.get("verify_token") or ""

    @property
    def token(self) -> str:
        """The app's own token, for requests about the app itself."""
        return f"{self.id}|{self._credentials.get('app_secret') or ''}"

    @cached_property
    def facts(self) -> dict[str, Any]:
        """Meta's information about the access token."""
        params = {"input_token": self.access_token}
        answer = self.graph.request("GET", "debug_token", self.token, params)
        return mapping(answer.get("data"))

    def lacking(self, permissions: Iterable[str]) -> list[str]:
        """Return the permissions that the token lacks."""
        granted = set(map(text, items(self.facts.get("scopes"))))
        return [permission for permission in permissions if permission not in granted]

    def check_complete(self) -> None:
        """Raise Refused if a credential is missing or malformed."""
        for name, words in NAMES.items():
            if not self._credentials.get(name):
                raise bad_credentials(f"The {words} is missing.")
        if not (self.id.isascii() and self.id.isdecimal()):
            raise bad_credentials("The app id must be a number.")

    def check_token(self, permissions: Iterable[str]) -> str:
        """Return the app's name; raise Refused unless the token has all permissions."""
        if self.facts.get("is_valid") is not True:
            words = text(mapping(self.facts.get("error")).get("message"))
            words = without(words, self.access_token)
            raise bad_credentials(
                words or "Meta says that the access token isn't valid."
            )
        name = text(self.facts.get("application"))
        if text(self.facts.get("app_id")) != self.id:
            raise bad_credentials(f"The access token belongs to another app, {name}.")
        lacking = self.lacking(permissions)
        if lacking:
            words = f"The access token lacks {', '.join(lacking)}."
            raise Refused(Reason.NOT_PERMITTED, detail=words)
        return name or self.id

    def exchanged(self) -> dict[str, str]:
        """Return a new token for a person's, which expires; empty for other tokens."""
        if not self.facts.get("expires_at"):
            return {}
        params = {
            "grant_type": "fb_exchange_token",
            "client_id": self.id,
            "client_secret": self._credentials["app_secret"],
            "fb_exchange_token": self.access_token,
        }
        return self.new_token("oauth/access_token", self.token, params)

    def new_token(
        self, path: str, token: str, params: Mapping[str, str]
    ) -> dict[str, str]:
        """Return the token that Meta issues, empty if it refuses."""
        try:
            answer = self.graph.request("GET", path, token, params)
        except Refused:
            # The token is too new or can't be renewed: use it until it expires.
            return {}
        token = text(answer.get("access_token"))
        return {"access_token": token} if token else {}

    def addresses(self) -> dict[str, str]:
        """Return where the app's webhooks go, by Meta's word for the product."""
        return {
            text(found.get("object")): text(found.get("callback_url"))
            for found in self.graph.items(f"{self.id}/subscriptions", self.token)
            if found.get("active") is not False
        }

    def subscribe(self, product: str, webhook_url: str, fields: Iterable[str]) -> None:
        """Set where a product's webhooks go; Meta calls the address back at once."""
        subscription = {
            "object": product,
            "callback_url": webhook_url,
            "verify_token": self.verify_token,
            "fields": ",".join(fields),
        }
        self.graph.request(
            "POST",
            f"{self.id}/subscriptions",
            self.token,
            data=subscription,
            repeatable=True,
        )


def bad_credentials(words: str) -> Refused:
    return Refused(Reason.BAD_CREDENTIALS, detail=words)
