"""Twilio's REST API, asked with `requests`.

We use the `twilio` package for signatures only. Its REST client was tried over
`providers.call` in November 2026 (twilio 9.13.0: send, check, senders, numbers). It
isn't simpler: this file, channels.py and provider.py grow from 341 to 367 lines, before
any guard against the points below. Each worker needs 10 MB and 0.12 s more at the first
request, and a send 58 instead of 25 µs of CPU. Nor is it right by itself:

- A list follows ``next_page_url`` to any host, with our credentials. Its limit counts
  records, so that a list of empty pages never ends.
- An answer becomes an object with all its fields before we see it: a date of another
  type raises AttributeError after Twilio has accepted the message, and one more key
  beside the numbers makes their list unreadable.
- A call can't say whether it may be repeated: the HTTP client guesses by the address.
- Empty credentials are replaced by those of the server's environment.

Contents and Messaging Services are lists like those here: ``pages`` reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import requests

from ..call import ask
from ..errors import Reason, Refused
from .codes import read_failure

URL = "https://api.twilio.com"
MESSAGING_URL = "https://messaging.twilio.com"
CONTENT_URL = "https://content.twilio.com"
LISTS = (f"{MESSAGING_URL}/", f"{CONTENT_URL}/")
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
        self.http = http
        self._auth = auth
        self._rewrite = rewrite

    def request(self, method: str, url: str, **options: Any) -> dict[str, Any]:
        """Return Twilio's JSON answer; SendError for everything but a success."""
        options.setdefault("auth", self._auth)
        return ask(self.http, method, self._rewrite(url), read_failure, **options)

    def pages(
        self, url: str, whole: bool = False, **query: Any
    ) -> Iterator[dict[str, Any]]:
        """Yield the pages of a list.

        Raise a SendError instead of ending a ``whole`` list before its last page.
        """
        for _number in range(MAX_PAGES):
            page = self.request("GET", url, params=query)
            yield page
            url, query = _next_page(page), {}
            if not url:
                break
        if whole and _has_next(page):
            raise Refused(
                Reason.OTHER, detail="Twilio's list can't be read to its end."
            )


def _has_next(page: dict[str, Any]) -> bool:
    meta = page.get("meta") or {}
    return bool(page.get("next_page_uri") or meta.get("next_page_url"))


def _next_page(page: dict[str, Any]) -> str:
    """Return the address of the page after ``page``, only ever at Twilio's API."""
    path = str(page.get("next_page_uri") or "")
    if path.startswith("/2010-04-01/"):
        return URL + path
    url = str((page.get("meta") or {}).get("next_page_url") or "")
    return url if url.startswith(LISTS) else ""
