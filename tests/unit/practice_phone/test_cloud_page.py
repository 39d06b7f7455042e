"""The page with a WhatsApp number straight from Meta."""

import pytest
from playwright.sync_api import expect

from tests.unit.practice_phone.cloud import LINE, LUCIA, Cloud, changes, rows, wait_for
from tests.unit.practice_phone.test_page import choose


@pytest.fixture
def odoo(server):
    return server[1]


@pytest.fixture
def cloud(control):
    cloud = Cloud(control)
    cloud.connect()
    return cloud


@pytest.fixture
def whatsapp(page, cloud):
    """Open Lucía's phone at the number from Meta, where she has written."""
    choose(page, "Lucía")
    page.get_by_role("button", name="WhatsApp (Meta)").click()
    page.get_by_label("Message", exact=True).fill("Is it ready?")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("img", name="Received", exact=True)).to_be_visible()
    return page


def test_the_shop_reads_types_and_answers(whatsapp, cloud, odoo):
    (theirs,) = wait_for(odoo, "messages")
    assert theirs["from"] == LUCIA
    mark = {"messaging_product": "whatsapp", "status": "read"}
    mark |= {"message_id": theirs["id"], "typing_indicator": {"type": "text"}}
    cloud.post(f"/{LINE}/messages", mark)
    expect(whatsapp.get_by_role("img", name="Seen", exact=True)).to_be_visible()
    subtitle = whatsapp.locator(".chat-title small")
    expect(subtitle).to_have_text("typing…")
    cloud.send(text={"body": "Yes, today"})
    expect(whatsapp.locator(".message.theirs", has_text="Yes, today")).to_be_visible()
    expect(subtitle).to_contain_text("WhatsApp (Meta)")


def test_the_customer_reacts_and_the_shop_answers_on_its_phone(whatsapp, odoo):
    bubble = whatsapp.locator(".message.own")
    bubble.hover()
    bubble.get_by_role("button", name="React").click()
    bubble.get_by_role("menuitem", name="👍").click()
    assert wait_for(odoo, "messages", 2)[1]["reaction"]["emoji"] == "👍"
    whatsapp.get_by_role("button", name="Write as the shop").click()
    whatsapp.get_by_label("As the shop").fill("From my own phone")
    whatsapp.get_by_role("button", name="Send", exact=True).last.click()
    bubble = whatsapp.locator(".message.theirs", has_text="From my own phone")
    expect(bubble).to_contain_text("Sent outside Odoo")
    assert wait_for(odoo, "message_echoes", field="smb_message_echoes")


def test_quality_and_templates_are_changed_on_the_page(whatsapp, odoo):
    whatsapp.get_by_label("Quality of the number").select_option("Low")
    wait_for(odoo, "messages")
    whatsapp.get_by_role("button", name="Templates").click()
    state = whatsapp.get_by_label("State of service_reminder")
    with whatsapp.expect_response("**/control/templates/*"):
        state.select_option("Approved")
    (value,) = changes(odoo, "message_template_status_update")
    assert value["event"] == "APPROVED"
    assert changes(odoo, "phone_number_quality_update")[0]["event"] == "FLAGGED"
    assert len(rows(odoo, "messages")) == 1
