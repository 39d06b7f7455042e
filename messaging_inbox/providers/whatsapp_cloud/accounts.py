"""Finds the WhatsApp business accounts that a token reaches, and their numbers.

https://developers.facebook.com/docs/whatsapp/business-management-api/manage-phone-numbers
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..errors import Reason, Refused
from ..events import Standing
from ..side_by_side import results
from ..text import clean_name
from ..values import items, mapping, text
from .about_numbers import NAME_STATES, tier
from .app import App

MANAGEMENT = "whatsapp_business_management"
PRODUCT = "whatsapp_business_account"
FIELDS = (
    *("id", "display_phone_number", "verified_name", "status", "platform_type"),
    *("code_verification_status", "name_status", "quality_rating"),
    *("whatsapp_business_manager_messaging_limit", "webhook_configuration"),
)
# The lists of business accounts of a portfolio
LISTS = ("owned_whatsapp_business_accounts", "client_whatsapp_business_accounts")
# The number doesn't use Meta's servers yet.
UNREGISTERED = ("NOT_APPLICABLE", "ON_PREMISE")
QUALITIES = {"GREEN": "high", "YELLOW": "medium", "RED": "low"}
LOST = {
    "BANNED": "Meta has banned this number.",
    "DELETED": "This number was deleted at Meta.",
    "MIGRATED": "This number has moved to another business account.",
}


@dataclass(frozen=True)
class Number:
    """A number as Meta reports it; ``is_subscribed`` tells about its account."""

    account_id: str
    is_subscribed: bool
    facts: dict[str, Any]

    @property
    def id(self) -> str:
        return text(self.facts.get("id"))

    @property
    def address(self) -> str:
        """Return the number as +E164; Meta formats it in the way of its country."""
        shown = text(self.facts.get("display_phone_number"))
        return "+" + "".join(filter(str.isdecimal, shown))

    @property
    def name(self) -> str:
        return clean_name(text(self.facts.get("verified_name"))) or self.address

    @property
    def is_registered(self) -> bool:
        return text(self.facts.get("platform_type")) not in UNREGISTERED

    @property
    def standing(self) -> Standing:
        """Return how Meta rates the number."""
        limit = text(self.facts.get("whatsapp_business_manager_messaging_limit"))
        return Standing(
            quality=QUALITIES.get(text(self.facts.get("quality_rating")), ""),
            daily_limit=tier(limit),
            name_state=NAME_STATES.get(text(self.facts.get("name_status")), ""),
        )

    def address_at(self, place: str) -> str:
        """Return the webhook address set at a place, as Meta calls the places."""
        return text(mapping(self.facts.get("webhook_configuration")).get(place))

    @property
    def webhook_url(self) -> str:
        """Return where the number's messages go; its own address goes first."""
        places = ("phone_number", PRODUCT, "application")
        addresses = map(self.address_at, places)
        return next(filter(None, addresses), "") if self.is_subscribed else ""

    def problem(self, pin: str) -> str:
        """Return in English why the number can't be used, empty if it can."""
        lost = LOST.get(text(self.facts.get("status")))
        if lost or self.is_registered:
            return lost or ""
        if text(self.facts.get("code_verification_status")) != "VERIFIED":
            return "Verify this number in WhatsApp Manager first."
        if not pin:
            return "This number isn't registered: enter a PIN, and connect again."
        return ""


def numbers_of(app: App) -> list[Number]:
    """Return the numbers of all business accounts that the token reaches.

    Raise Refused if there are no accounts, or no numbers in them.
    """
    accounts = account_ids(app)
    lists = results(app.graph.http, lambda each: _numbers(app, each), accounts)
    numbers = [number for found in lists for number in found]
    if not numbers:
        raise Refused(
            Reason.BAD_SENDER,
            detail=f"WhatsApp account {', '.join(accounts)} has no number: add one in"
            " WhatsApp Manager.",
        )
    return numbers


def account_ids(app: App) -> list[str]:
    """Return the ids of the business accounts that the token may manage.

    Permissions that are granted for some accounts name them. Otherwise they hold for
    all of the portfolios, and the portfolios list theirs. Raise Refused without any.
    """
    named = [
        text(account)
        for scope in map(mapping, items(app.facts.get("granular_scopes")))
        if scope.get("scope") == MANAGEMENT
        for account in items(scope.get("target_ids"))
    ]
    accounts = list(dict.fromkeys(named or _of_portfolios(app)))
    if not accounts:
        raise Refused(
            Reason.NOT_PERMITTED,
            detail="The token reaches no WhatsApp account: assign one to its system"
            " user.",
        )
    return accounts


def _of_portfolios(app: App) -> Iterator[str]:
    for portfolio in app.graph.items("me/businesses", app.access_token, fields="id"):
        for name in LISTS:
            path = f"{text(portfolio.get('id'))}/{name}"
            for found in app.graph.items(path, app.access_token, fields="id"):
                yield text(found.get("id"))


def _numbers(app: App, account: str) -> list[Number]:
    path, token = f"{account}/phone_numbers", app.access_token
    is_subscribed = _is_subscribed(app, account)
    return [
        Number(account, is_subscribed, facts)
        for facts in app.graph.items(path, token, fields=",".join(FIELDS))
    ]


def _is_subscribed(app: App, account: str) -> bool:
    """Return whether the app gets the account's events at all."""
    apps = app.graph.items(f"{account}/subscribed_apps", app.access_token)
    names = (mapping(found.get("whatsapp_business_api_data")) for found in apps)
    return any(text(name.get("id")) == app.id for name in names)
