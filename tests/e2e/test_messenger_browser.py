"""Messenger and Instagram, as users see them."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.support.fans import MESSENGER
from tools.practice_phone import demo

APP = {
    "sid": "104030201000077",
    "provider": "meta",
    "auth_token": "c0ffee" + "0" * 26,
    "access_token": "EAAsecondSystemUserToken",
    "name": "Second app",
    "scopes": [
        *("pages_show_list", "pages_messaging", "pages_manage_metadata"),
        *("instagram_basic", "instagram_manage_messages"),
    ],
}
PAGE = {
    "kind": "messenger",
    "address": "104030201000078",
    "name": "Second shop",
    "token": "EAAsecondPageToken",
}
INSTAGRAM = {
    "kind": "instagram",
    "address": "17841400000000078",
    "name": "second.shop",
    "page_sid": PAGE["address"],
}


@pytest.fixture(scope="session")
def manager(odoo, admin):
    from tests.e2e.support.people import make_agent

    return make_agent(odoo, admin, "Mona Manager", "group_messaging_manager")


@pytest.fixture
def form(window, manager, admin, phone):
    """Open the form of a new Meta account that talks to the practice phone."""
    phone.post("accounts", **APP, lines=[PAGE, INSTAGRAM])
    page = window(manager).new_page()
    page.goto("/odoo/action-messaging_inbox.messaging_account_action/new")
    page.locator("[name=name] input").fill("Second shop")
    choose_provider(page)
    for name, value in (
        ("meta_app_id", APP["sid"]),
        ("meta_app_secret", APP["auth_token"]),
        ("meta_access_token", "EAAwrong"),
    ):
        page.locator(f"[name={name}] input").fill(value)
    page.get_by_role("button", name="Save manually").click()
    expect(page).to_have_url(re.compile(r"/\d+$"))
    ids = [int(page.url.rpartition("/")[2])]
    admin.call("messaging.account", "write", ids, {"api_base_url": phone.url})
    yield page
    admin.call("messaging.account", "write", ids, {"active": False})


def choose_provider(page):
    page.locator("[name=provider] input").click()
    page.get_by_role("menuitem", name="Messenger and Instagram").click()


def connect_both(page):
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Connect 2 channels").click()
    expect(dialog.get_by_text("2 connected")).to_be_visible()


def test_a_manager_connects_a_page_with_its_instagram_account(form, admin, phone):
    connect = form.get_by_role("button", name="Connect", exact=True)
    connect.click()
    expect(form.locator(".alert-danger")).to_contain_text("refuses these credentials")
    form.locator(".o_notification_close").first.click()
    form.locator("[name=meta_access_token] input").fill(APP["access_token"])
    connect.click()
    connect_both(form)
    account = int(form.url.rpartition("/")[2])
    channels = admin.call(
        "messaging.channel",
        "search_read",
        [("account_id", "=", account)],
        ["kind", "address"],
    )
    found = {(channel["kind"], channel["address"]) for channel in channels}
    assert found == {(each["kind"], each["address"]) for each in (PAGE, INSTAGRAM)}
    listening = [
        line["webhook_url"]
        for line in phone.get("state")["lines"]
        if line["account_sid"] == APP["sid"]
    ]
    assert len(listening) == 2
    assert all(listening)


def test_a_customers_message_is_answered_and_the_answer_read(screen, handset, fan):
    screen.open()
    hand = handset(fan.id, fan.line.partition(":")[2])
    # Other channels may have the same text already.
    question = f"Is the blue one here? {fan.name}"
    hand.write(question)
    screen.page.locator(".o-messaging-Row", has_text=question).click()
    expect(screen.bubble(question)).to_be_visible()
    text = f"Yes, tomorrow, {fan.name}."
    screen.send(text)
    expect(hand.bubble(text)).to_be_visible()
    expect(screen.tick(text, "read")).to_be_visible()
    # Our echo has arrived by then, and makes no second bubble.
    expect(screen.bubble(text)).to_have_count(1)


def test_a_revoked_token_is_reported_and_renewed_with_one_button(
    window, manager, agent, phone, fan, database, meta_account
):
    fan.write("Hello")
    phone.post("accounts", sid=demo.META_APP_ID, token_error=460)
    agent.reply(database.conversation(fan.external_id), "It waits")
    page = window(manager).new_page()
    path = "/odoo/action-messaging_inbox.messaging_account_action"
    page.goto(f"{path}/{meta_account['id']}")
    expect(page.locator(".alert-danger")).to_contain_text("refuses these credentials")
    phone.post("accounts", sid=demo.META_APP_ID, token_error=0)
    page.get_by_role("button", name=re.compile("Connect")).first.click()
    connect_both(page)
    database.after_a_while(fan.bodies, what="the answer")
    assert fan.bodies() == ["It waits"]


def test_a_reaction_on_the_phone_appears_in_the_inbox(
    screen, handset, fan, agent, database
):
    fan.write("Hello")
    screen.open(database.conversation(fan.external_id))
    screen.send("React to this")
    hand = handset(fan.id, MESSENGER.partition(":")[2])
    bubble = hand.page.locator(".message", has_text="React to this")
    bubble.hover()
    bubble.get_by_role("button", name="React").click()
    bubble.get_by_role("menuitem", name="👍").click()
    expect(screen.bubble("React to this")).to_contain_text("👍")
