"""Lists the Pages that a token can access, and their Instagram accounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..events import ChannelInfo
from ..text import clean_name
from ..values import items, mapping, text
from .app import INSTAGRAM_PERMISSIONS, App

FIELDS = "id,name,instagram_business_account{id,username}"
# The first is required to send messages, the second to subscribe.
TASKS = ("MESSAGING", "MODERATE")


def channels_of(app: App) -> Iterator[ChannelInfo]:
    """Yield each Page, followed by its Instagram account."""
    if app.is_instagram:
        yield _own_account(app)
        return
    for page in _pages(app):
        yield _page(page)
        account = mapping(page.get("instagram_business_account"))
        if account:
            yield _linked_account(app, page, account)


def _pages(app: App) -> Iterator[Mapping[str, Any]]:
    if app.is_page:
        fields = {"fields": FIELDS}
        page = app.graph.request("GET", "me", app.access_token, fields)
        yield {**page, "access_token": app.access_token}
        return
    fields = f"{FIELDS},access_token,tasks"
    yield from app.graph.items("me/accounts", app.access_token, fields=fields)


def _page(page: Mapping[str, Any]) -> ChannelInfo:
    address = text(page.get("id"))
    return ChannelInfo(
        kind="messenger",
        address=address,
        name=clean_name(text(page.get("name"))) or address,
        reference=address,
        problem=_page_problem(page),
        token=text(page.get("access_token")),
    )


def _linked_account(
    app: App, page: Mapping[str, Any], account: Mapping[str, Any]
) -> ChannelInfo:
    lacking = app.lacking(INSTAGRAM_PERMISSIONS)
    words = f"The access token lacks {', '.join(lacking)}." if lacking else ""
    return ChannelInfo(
        kind="instagram",
        address=text(account.get("id")),
        name=_name(account),
        reference=text(page.get("id")),
        problem=words or _page_problem(page),
        token=text(page.get("access_token")),
    )


def _own_account(app: App) -> ChannelInfo:
    account = app.instagram_account()
    address = text(account.get("user_id"))
    return ChannelInfo("instagram", address, _name(account), reference="")


def _name(account: Mapping[str, Any]) -> str:
    username = text(account.get("username"))
    return f"@{username}" if username else text(account.get("id"))


def _page_problem(page: Mapping[str, Any]) -> str:
    if not page.get("access_token"):
        return "The token doesn't include this Page: select it when you create one."
    tasks = items(page.get("tasks"))
    missing = [task for task in TASKS if tasks and task not in tasks]
    if missing:
        return f"The token's owner lacks {', '.join(missing)} on this Page."
    return ""
