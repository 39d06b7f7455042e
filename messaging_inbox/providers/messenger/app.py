"""The account's app and access token at Meta, and checks whether they can be used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from ..errors import Reason, Refused
from ..events import ChannelInfo, ChannelRef
from ..graph import Graph, is_instagram_login, without
from .values import items, mapping, text

NAMES = {
    "app_id": "app id",
    "app_secret": "app secret",
    "access_token": "access token",
    "verify_token": "verify token",
}
PAGE_PERMISSIONS = ("pages_messaging", "pages_manage_metadata")
# A token of a single Page doesn't need the list of Pages.
LIST_PERMISSIONS = ("pages_show_list",)
INSTAGRAM_PERMISSIONS = ("instagram_basic", "instagram_manage_messages")


class App:
    """An app with the token of a person, a system user, a Page or Instagram."""

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

    @property
    def is_instagram(self) -> bool:
        return is_instagram_login(self.access_token)

    @property
    def is_page(self) -> bool:
        return self.facts.get("type") == "PAGE"

    @cached_property
    def facts(self) -> dict[str, Any]:
        """Meta's information about the access token."""
        params = {"input_token": self.access_token}
        answer = self.graph.request("GET", "debug_token", self.token, params)
        return mapping(answer.get("data"))

    def token_of(self, channel: ChannelRef | ChannelInfo) -> str:
        """Return the channel's own token, or else the account's access token."""
        return channel.token or self.access_token

    def check(self) -> str:
        """Return the name of the app or account; raise Refused if it can't be used."""
        self._check_complete()
        return self._check_instagram() if self.is_instagram else self._check_facts()

    def lacking(self, permissions: Iterable[str]) -> list[str]:
        """Return the permissions that the token lacks."""
        granted = set(map(text, items(self.facts.get("scopes"))))
        return [permission for permission in permissions if permission not in granted]

    def renewed(self) -> dict[str, str]:
        """Return a new token for an expiring one, if Meta issues one."""
        if not (self.is_instagram or self.facts.get("expires_at")):
            return {}
        try:
            answer = self._refreshed() if self.is_instagram else self._exchanged()
        except Refused:
            # The token is too new or can't be renewed: use it until it expires.
            return {}
        token = text(answer.get("access_token"))
        return {"access_token": token} if token else {}

    def _check_complete(self) -> None:
        for name, words in NAMES.items():
            if not self._credentials.get(name):
                raise _refusal(f"The {words} is missing.")
        if not (self.id.isascii() and self.id.isdecimal()):
            raise _refusal("The app id must be a number.")

    def _check_instagram(self) -> str:
        account = self.instagram_account()
        return f"@{text(account.get('username'))}"

    def _check_facts(self) -> str:
        if self.facts.get("is_valid") is not True:
            words = text(mapping(self.facts.get("error")).get("message"))
            words = without(words, self.access_token)
            raise _refusal(words or "Meta says that the access token isn't valid.")
        name = text(self.facts.get("application"))
        if text(self.facts.get("app_id")) != self.id:
            raise _refusal(f"The access token belongs to another app, {name}.")
        lists = () if self.is_page else LIST_PERMISSIONS
        lacking = self.lacking((*PAGE_PERMISSIONS, *lists))
        if lacking:
            words = f"The access token lacks {', '.join(lacking)}."
            raise Refused(Reason.NOT_PERMITTED, detail=words)
        return name or self.id

    def instagram_account(self) -> dict[str, Any]:
        """Return the account of an Instagram login."""
        params = {"fields": "user_id,username"}
        return self.graph.request("GET", "me", self.access_token, params)

    def _refreshed(self) -> dict[str, Any]:
        params = {"grant_type": "ig_refresh_token"}
        path = "refresh_access_token"
        return self.graph.request("GET", path, self.access_token, params)

    def _exchanged(self) -> dict[str, Any]:
        params = {
            "grant_type": "fb_exchange_token",
            "client_id": self.id,
            "client_secret": self._credentials["app_secret"],
            "fb_exchange_token": self.access_token,
        }
        return self.graph.request("GET", "oauth/access_token", self.token, params)


def _refusal(words: str) -> Refused:
    return Refused(Reason.BAD_CREDENTIALS, detail=words)
