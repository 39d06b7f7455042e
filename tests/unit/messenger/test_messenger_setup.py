"""Connecting an account: credentials, channels, and the webhook subscription."""

from __future__ import annotations

from dataclasses import replace

import pytest
import requests
from providers import PROVIDERS
from providers.errors import Reason, Refused, Retryable
from providers.events import ChannelInfo
from providers.messenger import Messenger
from providers.messenger.subscriptions import INSTAGRAM_FIELDS, PAGE_FIELDS

from ..server import Reply
from .samples import (
    ACCESS_TOKEN,
    APP_ID,
    APP_SECRET,
    INSTAGRAM_ID,
    PAGE_ID,
    PAGE_TOKEN,
    URL,
    VERIFY_TOKEN,
)

APP_TOKEN = f"{APP_ID}|{APP_SECRET}"
SCOPES = [
    *("pages_show_list", "pages_messaging", "pages_manage_metadata"),
    *("instagram_basic", "instagram_manage_messages"),
]
LINKED = {"id": INSTAGRAM_ID, "username": "bluechairs"}
DONE = Reply(json={"success": True})


def facts(**changes):
    usual = {
        "app_id": APP_ID,
        "application": "Blue Chairs CRM",
        "type": "SYSTEM_USER",
        "is_valid": True,
        "expires_at": 0,
        "scopes": SCOPES,
    }
    return Reply(json={"data": {**usual, **changes}})


def page(**changes):
    usual = {
        "id": PAGE_ID,
        "name": "Blue Chairs",
        "access_token": PAGE_TOKEN,
        "tasks": ["MODERATE", "MESSAGING", "ANALYZE"],
    }
    return {**usual, **changes}


def pages(*found, after=None):
    paging = {"cursors": {"after": after}, "next": "https://graph.facebook.com/…"}
    return Reply(json={"data": list(found), "paging": paging if after else {}})


def error(code, **more):
    return Reply(400, {"error": {"code": code, "message": "Meta's words", **more}})


PAGE = ChannelInfo("messenger", PAGE_ID, "Blue Chairs", PAGE_ID, token=PAGE_TOKEN)
INSTAGRAM = ChannelInfo(
    "instagram", INSTAGRAM_ID, "@bluechairs", PAGE_ID, token=PAGE_TOKEN
)
OWN_LOGIN = ChannelInfo("instagram", INSTAGRAM_ID, "@bluechairs", "")


def asked(server):
    """Return (method, path, token) of each request."""
    return [
        (
            request.method,
            request.path.removeprefix("/v25.0/"),
            request.headers["authorization"].removeprefix("Bearer "),
        )
        for request in server.captured
    ]


def test_the_check_returns_the_apps_name(meta, server):
    server.plan(facts())
    assert meta.check() == "Blue Chairs CRM"
    assert asked(server) == [("GET", "debug_token", APP_TOKEN)]
    assert server.captured[0].query["input_token"] == ACCESS_TOKEN


def test_an_unnamed_app_is_called_by_its_id(meta, server):
    server.plan(facts(application=None))
    assert meta.check() == APP_ID


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("app_id", "The app id is missing."),
        ("app_secret", "The app secret is missing."),
        ("access_token", "The access token is missing."),
        ("verify_token", "The verify token is missing."),
    ],
)
def test_missing_credentials_are_named(credentials, name, words):
    provider = Messenger({**credentials, name: ""}, requests.Session())
    with pytest.raises(Refused) as refusal:
        provider.check()
    assert (refusal.value.reason, refusal.value.detail) == (
        Reason.BAD_CREDENTIALS,
        words,
    )


@pytest.mark.parametrize("app_id", ["my app", "1/2", "٣"])
def test_an_app_id_is_a_number(credentials, app_id):
    provider = Messenger({**credentials, "app_id": app_id}, requests.Session())
    with pytest.raises(Refused, match="bad_credentials"):
        provider.check()


BAD_TOKENS = {
    "an expired token": (
        {"is_valid": False, "error": {"code": 190, "message": "Session has expired."}},
        Reason.BAD_CREDENTIALS,
        "Session has expired.",
    ),
    "a token that Meta quotes": (
        {"is_valid": False, "error": {"message": f"Malformed {ACCESS_TOKEN}"}},
        Reason.BAD_CREDENTIALS,
        "Malformed …",
    ),
    "an invalid token": (
        {"is_valid": False},
        Reason.BAD_CREDENTIALS,
        "Meta says that the access token isn't valid.",
    ),
    "another app's token": (
        {"app_id": "1", "application": "Other"},
        Reason.BAD_CREDENTIALS,
        "The access token belongs to another app, Other.",
    ),
    "a token without permissions": (
        {"scopes": ["pages_messaging"]},
        Reason.NOT_PERMITTED,
        "The access token lacks pages_manage_metadata, pages_show_list.",
    ),
}


@pytest.mark.parametrize(
    ("changes", "reason", "words"), BAD_TOKENS.values(), ids=BAD_TOKENS
)
def test_an_unusable_token_is_refused(meta, server, changes, reason, words):
    server.plan(facts(**changes))
    with pytest.raises(Refused) as refusal:
        meta.check()
    assert (refusal.value.reason, refusal.value.detail) == (reason, words)


def test_a_wrong_secret_is_refused(meta, server):
    server.plan(error(190, message="Invalid OAuth access token signature."))
    with pytest.raises(Refused) as refusal:
        meta.check()
    assert refusal.value.reason is Reason.BAD_CREDENTIALS


@pytest.mark.parametrize("secret", [ACCESS_TOKEN, APP_SECRET])
def test_a_secret_quoted_by_meta_is_hidden(meta, server, secret):
    server.plan(error(190, message=f"Malformed access token {secret}"))
    with pytest.raises(Refused) as refusal:
        meta.check()
    assert refusal.value.detail == "Malformed access token …"


def test_a_page_token_needs_no_list_of_pages(meta, server):
    server.plan(facts(type="PAGE", scopes=SCOPES[1:3]))
    assert meta.check() == "Blue Chairs CRM"


def test_the_check_returns_the_name_of_an_instagram_account(instagram, server):
    server.plan(Reply(json={"user_id": INSTAGRAM_ID, "username": "bluechairs"}))
    assert instagram.check() == "@bluechairs"
    assert asked(server) == [("GET", "me", "IGAAown")]


def test_instagrams_own_login_has_its_own_host(credentials, monkeypatch):
    hosts = []

    def answer(_http, _method, url, _read_failure, **_options):
        hosts.append(url.split("/")[2])
        return {}

    monkeypatch.setattr("providers.graph.ask", answer)
    own = {**credentials, "access_token": "IGAAown"}
    Messenger(own, requests.Session()).list_channels()
    Messenger({**own, "access_token": PAGE_TOKEN}, requests.Session()).renew()
    assert hosts == ["graph.instagram.com", "graph.facebook.com"]


def test_pages_and_their_instagram_accounts_are_found(meta, server):
    server.plan(
        facts(),
        pages(page(instagram_business_account=LINKED), after="A2"),
        pages(page(id="100000000000002", name="Red Chairs", access_token="EAA2")),
    )
    assert meta.list_channels() == [
        PAGE,
        INSTAGRAM,
        ChannelInfo(
            *("messenger", "100000000000002", "Red Chairs", "100000000000002"),
            token="EAA2",
        ),
    ]
    assert server.captured[2].query["after"] == "A2"


def test_the_list_of_pages_is_limited(meta, server, monkeypatch):
    monkeypatch.setattr("providers.graph.MAX_PAGES", 2)
    server.plan(facts(), *[pages(page(), after="again")] * 2)
    assert len(meta.list_channels()) == 2


def test_a_page_token_reaches_only_its_page(meta, server):
    found = {**page(instagram_business_account=LINKED)}
    del found["access_token"], found["tasks"]
    server.plan(facts(type="PAGE"), Reply(json=found))
    assert meta.list_channels() == [
        replace(PAGE, token=ACCESS_TOKEN),
        replace(INSTAGRAM, token=ACCESS_TOKEN),
    ]


def test_instagrams_own_login_reaches_its_account(instagram, server):
    server.plan(Reply(json={"user_id": INSTAGRAM_ID, "username": "bluechairs"}))
    assert instagram.list_channels() == [OWN_LOGIN]


PROBLEMS = {
    "no token": (
        {"access_token": None},
        "The token doesn't include this Page: select it when you create one.",
    ),
    "no right to answer": (
        {"tasks": ["ANALYZE", "MODERATE"]},
        "The token's owner lacks MESSAGING on this Page.",
    ),
    "no right to subscribe": (
        {"tasks": ["MESSAGING"]},
        "The token's owner lacks MODERATE on this Page.",
    ),
}


@pytest.mark.parametrize(("changes", "problem"), PROBLEMS.values(), ids=PROBLEMS)
def test_an_unusable_page_names_its_problem(meta, server, changes, problem):
    server.plan(facts(), pages(page(instagram_business_account=LINKED, **changes)))
    assert [info.problem for info in meta.list_channels()] == [problem, problem]


def test_a_page_without_reported_tasks_is_tried(meta, server):
    server.plan(facts(), pages(page(tasks=None)))
    assert meta.list_channels() == [PAGE]


def test_missing_permissions_for_instagram_are_named(meta, server):
    found = pages(page(instagram_business_account=LINKED))
    server.plan(facts(scopes=SCOPES[:4]), found)
    page_info, instagram_info = meta.list_channels()
    assert page_info.problem == ""
    assert instagram_info.problem == (
        "The access token lacks instagram_manage_messages."
    )


def test_an_unnamed_page_is_called_by_its_id(meta, server):
    account = {"id": INSTAGRAM_ID}
    found = page(name=None, instagram_business_account=account)
    server.plan(facts(), pages(found))
    assert [info.name for info in meta.list_channels()] == [PAGE_ID, INSTAGRAM_ID]


def test_a_channels_token_is_not_in_its_repr():
    assert PAGE_TOKEN not in repr(PAGE)


def subscribed(*kinds, url=URL, active=True):
    return Reply(
        json={
            "data": [
                {"object": kind, "callback_url": url, "active": active}
                for kind in ("user", *kinds)
            ]
        }
    )


def installed(app_id=APP_ID, fields=("messages", "standby")):
    return Reply(json={"data": [{"id": app_id, "subscribed_fields": list(fields)}]})


BOTH = subscribed("page", "instagram")


@pytest.fixture(autouse=True)
def an_app_that_posts_nowhere(server):
    server.defaults[f"/{APP_ID}/subscriptions"] = subscribed()


def test_a_page_says_where_its_app_posts_today(meta, server):
    linked = page(instagram_business_account=LINKED)
    theirs = subscribed("page", url="https://else.example.com/")
    server.plan(facts(), pages(linked), theirs)
    page_info, instagram_info = meta.list_channels()
    assert page_info.webhook_url == "https://else.example.com/"
    assert instagram_info.webhook_url == ""


def test_a_subscription_that_sleeps_posts_nowhere(meta, server):
    server.plan(facts(), pages(page()), subscribed("page", active=False))
    assert meta.list_channels() == [PAGE]


def test_a_page_and_its_instagram_account_are_registered(meta, server):
    server.plan(DONE, DONE, DONE, BOTH, installed())
    assert not meta.register(URL, [PAGE, INSTAGRAM])
    assert asked(server) == [
        ("POST", f"{APP_ID}/subscriptions", APP_TOKEN),
        ("POST", f"{APP_ID}/subscriptions", APP_TOKEN),
        ("POST", f"{PAGE_ID}/subscribed_apps", PAGE_TOKEN),
        ("GET", f"{APP_ID}/subscriptions", APP_TOKEN),
        ("GET", f"{PAGE_ID}/subscribed_apps", PAGE_TOKEN),
    ]
    forms = {request.form["object"]: request.form for request in server.captured[:2]}
    common = {"callback_url": URL, "verify_token": VERIFY_TOKEN}
    assert forms == {
        "page": {"object": "page", "fields": ",".join(PAGE_FIELDS), **common},
        "instagram": {
            "object": "instagram",
            "fields": ",".join(INSTAGRAM_FIELDS),
            **common,
        },
    }
    fields = {"subscribed_fields": ",".join(PAGE_FIELDS)}
    assert server.captured[2].form == fields


def test_instagrams_own_login_subscribes_only_its_account(instagram, server):
    server.plan(DONE, installed("17890000000000000"))
    assert not instagram.register(URL, [OWN_LOGIN])
    assert asked(server) == [
        ("POST", "me/subscribed_apps", "IGAAown"),
        ("GET", "me/subscribed_apps", "IGAAown"),
    ]
    fields = {"subscribed_fields": ",".join(INSTAGRAM_FIELDS)}
    assert server.captured[0].form == fields


def test_an_unused_product_of_the_app_may_post_elsewhere(meta, server):
    found = subscribed("page")
    theirs = {"object": "instagram", "callback_url": "https://else.example.com/"}
    found.json["data"].append(theirs)
    server.plan(facts(), found, installed())
    assert meta.health(URL, [PAGE]) == []


def test_registering_no_channels_makes_no_request(meta, server):
    assert not meta.register(URL, [])
    assert not server.captured


NOT_KEPT = {
    "the app isn't subscribed": [subscribed(), installed()],
    "the app's subscription is inactive": [
        subscribed("page", active=False),
        installed(),
    ],
    "the Page has another app": [subscribed("page"), installed("1")],
    "the Page sends no messages": [subscribed("page"), installed(fields=["feed"])],
    "the Page has no app": [subscribed("page"), Reply(json={"data": []})],
}


@pytest.mark.parametrize("replies", NOT_KEPT.values(), ids=NOT_KEPT)
def test_a_subscription_that_meta_did_not_keep_is_reported(meta, server, replies):
    server.plan(DONE, DONE, *replies)
    failures = meta.register(URL, [PAGE])
    assert list(failures) == [PAGE]
    assert failures[PAGE].reason is Reason.BAD_CALLBACK
    assert failures[PAGE].detail == "Meta didn't keep the subscription."


def test_an_app_that_posts_elsewhere_is_reported(meta, server):
    server.plan(DONE, DONE, subscribed("page", url="https://old.example.com/x"))
    with pytest.raises(Refused) as refusal:
        meta.register(URL, [PAGE])
    assert refusal.value.reason is Reason.BAD_CALLBACK
    words = f"The app posts to https://old.example.com/x instead of {URL}."
    assert refusal.value.detail == words


def test_an_address_that_meta_cannot_verify_is_an_error(meta, server):
    server.plan(error(2200, message="(#2200) Callback verification failed"))
    with pytest.raises(Refused) as refusal:
        meta.register(URL, [PAGE])
    assert refusal.value.reason is Reason.BAD_CALLBACK
    assert "verification failed" in refusal.value.detail


def test_a_healthy_account_has_no_channel_cut_off(meta, server):
    server.plan(facts(), BOTH, installed())
    assert meta.health(URL, [PAGE, INSTAGRAM]) == []


def test_a_dropped_page_is_reported_with_its_instagram_account(meta, server):
    other = replace(PAGE, address="100000000000002", reference="100000000000002")
    server.plan(facts(), BOTH)
    server.plan_for(f"/{PAGE_ID}/", Reply(json={"data": []}))
    server.plan_for(f"/{other.address}/", installed())
    assert meta.health(URL, [PAGE, INSTAGRAM, other]) == [PAGE, INSTAGRAM]


def test_a_page_that_refuses_does_not_keep_the_others_from_being_fixed(meta, server):
    other = replace(PAGE, address="100000000000002", reference="100000000000002")
    server.plan(facts(), BOTH)
    server.plan_for(f"/{PAGE_ID}/", error(200), error(200))
    server.plan_for(f"/{other.address}/", Reply(json={"data": []}), DONE, installed())
    assert meta.health(URL, [PAGE, other]) == [PAGE, other]
    server.plan(DONE, DONE, BOTH)
    failures = meta.register(URL, [PAGE, INSTAGRAM, other])
    assert set(failures) == {PAGE, INSTAGRAM}
    assert failures[PAGE].reason is Reason.NOT_PERMITTED


def test_a_channel_whose_product_is_not_subscribed_is_reported(meta, server):
    server.plan(facts(), subscribed("page"), installed())
    assert meta.health(URL, [PAGE, INSTAGRAM]) == [INSTAGRAM]


def test_an_account_of_instagrams_own_login_may_be_cut_off(instagram, server):
    me = Reply(json={"user_id": INSTAGRAM_ID, "username": "bluechairs"})
    server.plan(me, Reply(json={"data": []}))
    assert instagram.health(URL, [OWN_LOGIN]) == [OWN_LOGIN]


def test_health_reports_a_revoked_token_of_a_page(meta, server):
    server.plan(facts(), BOTH, error(190, error_subcode=460))
    with pytest.raises(Refused) as refusal:
        meta.health(URL, [PAGE])
    assert refusal.value.reason is Reason.BAD_CREDENTIALS


def test_health_reports_a_revoked_token_of_the_account(meta, server):
    server.plan(facts(is_valid=False))
    with pytest.raises(Refused) as refusal:
        meta.health(URL, [PAGE])
    assert refusal.value.reason is Reason.BAD_CREDENTIALS


def test_an_expiring_token_is_exchanged(meta, server):
    server.plan(facts(expires_at=1790000000), Reply(json={"access_token": "EAAnew"}))
    assert meta.renew() == {"access_token": "EAAnew"}
    assert server.captured[1].query["fb_exchange_token"] == ACCESS_TOKEN


def test_a_token_without_expiry_is_kept(meta, server):
    server.plan(facts())
    assert meta.renew() == {}


def test_instagrams_own_token_is_refreshed(instagram, server):
    server.plan(Reply(json={"access_token": "IGAAnew", "expires_in": 5184000}))
    assert instagram.renew() == {"access_token": "IGAAnew"}


@pytest.mark.parametrize("reply", [error(100), Reply(json={}), error(190)])
def test_a_token_that_cannot_be_renewed_is_kept(instagram, server, reply):
    server.plan(reply)
    assert instagram.renew() == {}


def test_a_failed_renewal_is_retryable(instagram, server):
    server.plan(error(4))
    with pytest.raises(Retryable):
        instagram.renew()


def test_the_provider_declares_its_facts():
    assert PROVIDERS["messenger"] is Messenger
    assert set(Messenger.limits) == set(Messenger.reply_window) == set(Messenger.kinds)
    assert Messenger.limits["instagram"].text_bytes == 1000
    for limits in Messenger.limits.values():
        assert limits.voice and set(limits.voice) <= set(limits.files)
