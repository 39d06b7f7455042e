"""What only administrators set: retention of a channel, and a monitoring token."""

import re

import httpx
import pytest
from playwright.sync_api import expect

WORDS = "What we agreed on eleven years ago"


@pytest.fixture
def form(window, admin, known, database):
    """Open the form of the channel that a customer has written to."""
    conversation = database.conversation(known)
    page = window(admin).new_page()
    ids = [conversation["channel_id"]]
    path = "/odoo/action-messaging_inbox.messaging_channel_action"
    page.goto(f"{path}/{ids[0]}")
    yield page
    admin.call("messaging.channel", "write", ids, {"messages_kept_unit": False})


def keep_messages(form, number, unit):
    group = form.locator(".o_inner_group", has_text="How long it keeps")
    field = group.locator("[name=messages_kept_unit] input")
    if field.input_value() != unit:
        field.click()
        form.get_by_text(unit, exact=True).click()
    group.locator("[name=messages_kept] input").fill(number)
    form.get_by_role("button", name="Save manually").click()


def test_old_messages_are_erased_on_open_screens_once_the_limit_is_valid(
    form, screen, known, phone, database, admin
):
    phone.write(known, WORDS)
    conversation = database.conversation(known)
    screen.open(conversation)
    expect(screen.bubble(WORDS)).to_be_visible()
    database.run(
        "UPDATE messaging_message SET sent_at = sent_at - interval '11 years'"
        " WHERE conversation_id = %s AND body = %s",
        conversation["id"],
        WORDS,
    )

    keep_messages(form, "121", "months")
    dialog = form.locator(".o_dialog")
    expect(dialog).to_contain_text("enter 1 to 3650 days or 1 to 120 months")
    dialog.get_by_role("button", name="Close").last.click()
    keep_messages(form, "120", "months")
    expect(form.locator(".o_form_saved")).to_be_visible()

    cron = admin.call(
        "ir.model.data", "check_object_reference", "messaging_inbox", "ir_cron_erase"
    )
    admin.call("ir.cron", "method_direct_trigger", [cron[1]])
    expect(screen.bubble(WORDS)).to_have_count(0)
    expect(screen.bubble("keeps messages for a limited time")).to_be_visible()
    expect(screen.bubble("Hello")).to_be_visible()


def test_a_monitoring_token_is_shown_once_and_opens_the_health_route(
    window, admin, odoo
):
    page = window(admin).new_page()
    page.goto("/odoo/settings#crm")
    page.get_by_role("button", name="New token").click()
    dialog = page.locator(".o_dialog", has_text="Monitoring token")
    expect(dialog.locator(".o_clipboard_button")).to_be_visible()
    token = re.search(r"\b[0-9a-f]{40}\b", dialog.inner_text())[0]
    dialog.get_by_role("button", name="Done").click()
    expect(page.get_by_text(token)).to_have_count(0)

    def health(token):
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.get(f"{odoo.http_url}/messaging/health", headers=headers)

    answer = health(token)
    assert answer.status_code == 200 and answer.json()["accounts"]
    assert health(token[::-1]).status_code == 401
