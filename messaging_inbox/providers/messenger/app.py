"""The account's app and access token at Meta, and checks whether they can be used."""

from __future__ import annotations

from typing import Any

from ..events import ChannelInfo, ChannelRef
from ..graph import is_instagram_login
from ..graph_app import GraphApp
from ..values import text

PAGE_PERMISSIONS = ("pages_messaging", "pages_manage_metadata")
# A token of a single Page doesn't need the list of Pages.
LIST_PERMISSIONS = ("pages_show_list",)
INSTAGRAM_PERMISSIONS = ("instagram_basic", "instagram_manage_messages")


class App(GraphApp):
    """An app with the token of a person, a system user, a Page or Instagram."""

    @property
    def is_instagram(self) -> bool:
        return is_instagram_login(self.access_token)

    @property
    def is_page(self) -> bool:
        return self.facts.get("type") == "PAGE"

    def token_of(self, channel: ChannelRef | ChannelInfo) -> str:
        """Return the channel's own token, or else the account's access token."""
        return channel.token or self.access_token

    def check(self) -> str:
        """Return the name of the app or account; raise Refused if it can't be used."""
        self.check_complete()
        if self.is_instagram:
            return f"@{text(self.instagram_account().get('username'))}"
        lists = () if self.is_page else LIST_PERMISSIONS
        return self.check_token((*PAGE_PERMISSIONS, *lists))

    def renewed(self) -> dict[str, str]:
        """Return a new token for an expiring one, if Meta issues one."""
        if not self.is_instagram:
            return self.exchanged()
        params = {"grant_type": "ig_refresh_token"}
        return self.new_token("refresh_access_token", self.access_token, params)

    def instagram_account(self) -> dict[str, Any]:
        """Return the account of an Instagram login."""
        params = {"fields": "user_id,username"}
        return self.graph.request("GET", "me", self.access_token, params)
