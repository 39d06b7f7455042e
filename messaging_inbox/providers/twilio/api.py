"""Twilio's REST API: one door out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import requests

from ..call import ask
from .codes import read_failure

URL = "https://api.twilio.com"
MESSAGING_URL = "https://messaging.twilio.com"
MAX_PAGES = 50


class Api:
    """Requests of one account, with its credentials."""

    def __init__(
        self,
        http: requests.Session,
        account_sid: str,
        auth: tuple[str, str],
        rewrite: Callable[[str], str],
    ):
        self.account_url = f"{URL}/2010-04-01/Accounts/{account_sid}"
        self._http = http
        self._auth = auth
        self._rewrite = rewrite

    def request(self, method: str, url: str, **options: Any) -> dict[str, Any]:
        """Return Twilio's JSON answer; SendError for everything but a success."""
        options.setdefault("auth", self._auth)
        return ask(self._http, method, self._rewrite(url), read_failure, **options)

    def pages(self, url: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Yield the pages of a list."""
        for _number in range(MAX_PAGES):
            page = self.request("GET", url, params=query)
            yield page
            url, query = _next_page(page), {}
            if not url:
                return


def _next_page(page: dict[str, Any]) -> str:
    """Return the address of the page after ``page``, only ever at Twilio's API."""
    path = str(page.get("next_page_uri") or "")
    if path.startswith("/2010-04-01/"):
        return URL + path
    url = str((page.get("meta") or {}).get("next_page_url") or "")
    return url if url.startswith(f"{MESSAGING_URL}/") else ""
