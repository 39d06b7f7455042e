"""The first hour with WhatsApp straight from Meta, as its manager sees it."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.support.pane import Desk
from tests.e2e.test_link_browser import linked, notes
from tests.e2e.test_templates_browser import Picker
from tests.waiting import eventually

BUSINESS = "104030201000088"
NUMBER, NUMBER_ID, PIN = "+34600000088", "104030201000089", "246810"
NEW = {"status": "PENDING", "platform_type": "NOT_APPLICABLE"}
APP = {
    "sid": "104030201000087",
    "provider": "whatsapp_cloud",
    "auth_token": "c0ffee" + "0" * 26,
    "access_token": "EAAfirstHourSystemUserToken",
    "name": "First app",
    "scopes": ["whatsapp_business_management", "whatsapp_business_messaging"],
    "businesses": [{"sid": BUSINESS, "name": "First shop"}],
    "lines": [
        {
            "kind": "whatsapp",
            "address": NUMBER,
            "sid": NUMBER_ID,
            "name": "First shop",
            "page_sid": BUSINESS,
            "facts": NEW,
        }
    ],
}
TEMPLATE = {
    "name": "bike_is_ready",
    "business": BUSINESS,
    "status": "APPROVED",
    "components": [
        {
            "type": "BODY",
            "text": "Hello {{1}}, your bike is ready. Does Friday suit you?",
            "example": {"body_text": [["Emma"]]},
        },
        {
            "type": "BUTTONS",
            "buttons": [{"type": "QUICK_REPLY", "text": "Yes, please"}],
        },
    ],
}


@pytest.fixture
def form(window, admin, phone):
    """Open the form of a new account, with a token that Meta refuses."""
    phone.post("accounts", **APP)
    phone.post("templates", **TEMPLATE)
    page = window(admin).new_page()
    page.goto("/odoo/action-messaging_inbox.messaging_account_action/new")
    page.locator("[name=name] input").fill("First shop")
    page.locator("[name=provider] input").click()
    page.get_by_role("menuitem", name="WhatsApp (Meta)").click()
    fill(page, "app_id", APP["sid"])
    fill(page, "app_secret", APP["auth_token"])
    fill(page, "access_token", "EAAwrong")
    page.get_by_role("button", name="Save manually").click()
    expect(page).to_have_url(re.compile(r"/\d+$"))
    ids = [int(page.url.rpartition("/")[2])]
    admin.call("messaging.account", "write", ids, {"api_base_url": phone.url})
    yield page
    admin.call("messaging.account", "write", ids, {"active": False})


def fill(page, name, value):
    page.locator(f"[name=whatsapp_{name}] input").fill(value)


def test_connect_receive_answer_template_deal_and_note(
    form, handset, phone, customer, name, admin, database
):
    connect(form)
    desk = Desk(form)
    who = phone.add(customer)["customer"]
    hand = handset(who["id"], NUMBER_ID)
    receive_and_answer(desk, hand, name)
    conversation = database.conversation(customer)
    account = admin.call("messaging.account", "search", [("name", "=", "First shop")])
    admin.call("messaging.account", "action_sync_templates", account)
    send_template(desk, hand, phone, customer, conversation, database)
    make_deal(desk, conversation, database)
    write_note(desk, phone, customer)


def connect(form):
    button = form.get_by_role("button", name="Connect", exact=True)
    button.click()
    expect(form.locator(".alert-danger")).to_contain_text("refuses these credentials")
    form.locator(".o_notification_close").first.click()
    fill(form, "access_token", APP["access_token"])
    button.click()
    dialog = form.get_by_role("dialog")
    expect(dialog.get_by_role("listitem")).to_contain_text("enter a PIN")
    # Odoo reloads the form behind a closed dialog.
    with form.expect_response("**/messaging.account/web_read"):
        form.keyboard.press("Escape")
    fill(form, "pin", PIN)
    button.click()
    expect(dialog.get_by_role("listitem")).to_contain_text("registers it with the PIN")
    dialog.get_by_role("button", name="Connect 1 channel").click()
    expect(dialog.get_by_text("1 connected")).to_be_visible()
    form.keyboard.press("Escape")
    tick = form.locator(".o-messaging-Checklist li[data-key=subscribed].o-done")
    expect(tick).to_be_visible()


def receive_and_answer(desk, hand, name):
    desk.open()
    hand.write("Is my bike ready?")
    desk.row(name).click()
    expect(desk.bubble("Is my bike ready?")).to_be_visible()
    desk.send("Almost: tomorrow.")
    expect(hand.bubble("Almost: tomorrow.")).to_be_visible()
    expect(desk.tick("Almost: tomorrow.", "read")).to_be_visible()


def send_template(desk, hand, phone, customer, conversation, database):
    phone.close_window(customer, f"whatsapp:{NUMBER}")
    database.run(
        "UPDATE messaging_conversation"
        " SET last_inbound_at = last_inbound_at - interval '2 days' WHERE id = %s",
        conversation["id"],
    )
    desk.open(conversation)
    picker = Picker(desk.page).open()
    picker.choose("bike_is_ready")
    picker.place.get_by_role("textbox").last.fill("Ana")
    picker.send_button.click()
    text = "Hello Ana, your bike is ready."
    expect(desk.bubble(text)).to_be_visible()
    expect(hand.bubble(text)).to_be_visible()
    hand.page.get_by_role("button", name="Yes, please", exact=True).click()
    expect(desk.bubble("Yes, please").last).to_be_visible()


def make_deal(desk, conversation, database):
    desk.deal.create("opportunity")
    desk.deal.field("Title").fill("One repaired bike")
    desk.deal.field("Title").press("Enter")
    expect(desk.deal.name).to_have_text("One repaired bike")
    lead_id = linked(database, conversation)["lead_id"]
    eventually(lambda: notes(database, "crm.lead", lead_id), what="the deal's note")


def write_note(desk, phone, customer):
    desk.write_as("Private note")
    desk.note.fill("She pays in cash")
    desk.note.press("Enter")
    expect(desk.bubble("She pays in cash")).to_contain_text("Private note")
    assert not any("cash" in body for body in phone.bodies(customer))
