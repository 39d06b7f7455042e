"""The account's app at Meta, with the token of a system user."""

from __future__ import annotations

from ..graph_app import GraphApp

PERMISSIONS = ("whatsapp_business_messaging", "whatsapp_business_management")


class App(GraphApp):
    """An app that sends from the numbers of WhatsApp business accounts."""

    @property
    def pin(self) -> str:
        """The PIN with which a number is registered, empty without one."""
        return self._credentials.get("pin") or ""

    def check(self) -> str:
        """Return the app's name; raise Refused if it can't be used."""
        self.check_complete()
        return self.check_token(PERMISSIONS)
