"""The page in a real browser."""

import re
import time

import httpx
import pytest
from playwright.sync_api import expect

from tests.unit.practice_phone.harness import WEBHOOK, Api, is_signed
from tools.practice_phone import demo

EVIL = '<img src=x onerror="document.title=1"> & <b>bold</b>'
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c636060f8cf00000301010018dd8db0"
    "0000000049454e44ae426082"
)


@pytest.fixture
def odoo(server):
    return server[1]


def choose(page, name):
    rows = page.get_by_role("navigation", name="Phones")
    rows.get_by_role("button", name=re.compile(name)).click()


def write(page, text):
    page.get_by_role("textbox", name="Message").fill(text)
    page.keyboard.press("Enter")


def test_a_text_goes_to_odoo_and_gets_its_ticks(page, odoo):
    choose(page, "Lucía")
    write(page, "Do you have the blue one?")
    bubble = page.locator(".message.own")
    expect(bubble).to_contain_text("Do you have the blue one?")
    expect(bubble.get_by_role("img", name="Received")).to_be_visible()
    assert odoo.messages()[0]["Body"] == "Do you have the blue one?"
    assert is_signed(odoo.received[0])


def test_an_answer_in_the_open_conversation_is_shown_and_marked_read(
    page, control, odoo
):
    choose(page, "Lucía")
    write(page, "Hi")
    expect(page.get_by_role("img", name="Received")).to_be_visible()
    Api(control).send(Body="Good morning", StatusCallback=WEBHOOK)
    expect(page.locator(".message.theirs")).to_contain_text("Good morning")
    assert odoo.statuses(3) == ["sent", "delivered", "read"]


def test_an_answer_to_another_phone_counts_as_unread(page, control, odoo):
    values = {"customer": "+34600100102", "line": demo.WHATSAPP_SID, "window": "open"}
    control.post("/control/window", json=values)
    choose(page, "Lucía")
    Api(control).send(To="whatsapp:+34600100102", StatusCallback=WEBHOOK)
    row = page.get_by_role("button", name=re.compile("Tom Becker"))
    expect(row.get_by_label("1 unread")).to_be_visible()
    assert odoo.statuses(2) == ["sent", "delivered"]
    choose(page, "Tom")
    assert odoo.statuses(3)[-1] == "read"
    expect(row.get_by_label("1 unread")).to_have_count(0)


def test_received_text_is_never_markup(page, control):
    control.patch("/control/customers/+34600100101", json={"name": EVIL})
    choose(page, "bold")
    write(page, EVIL)
    expect(page.locator(".message.own .text")).to_have_text(EVIL)
    expect(page.get_by_role("heading", name=EVIL)).to_be_visible()
    assert page.locator("img[src='x']").count() == 0
    assert page.title() != "1"


def test_pictures_are_chosen_shown_and_sent_in_one_webhook_each(page, odoo):
    choose(page, "Lucía")
    picture = {"name": "a.png", "mimeType": "image/png", "buffer": PIXEL}
    files = page.locator("input[type=file]").first
    files.set_input_files([picture, {**picture, "name": "b.png"}])
    expect(page.locator(".chip")).to_have_count(2)
    page.get_by_role("button", name="Remove b.png").click()
    expect(page.locator(".chip")).to_have_count(1)
    write(page, "Look")
    expect(page.locator(".message.own img[alt='a.png']")).to_be_visible()
    assert [each["NumMedia"] for each in odoo.messages()] == ["1"]


def test_a_reply_quotes_its_message(page, odoo):
    choose(page, "Lucía")
    write(page, "First")
    first = page.locator(".message.own").first
    expect(first.get_by_role("img", name="Received")).to_be_visible()
    first.hover()
    first.get_by_role("button", name="Reply").click()
    write(page, "Second")
    quote = page.locator(".message.own .quote")
    expect(quote).to_contain_text("First")
    expect(page.get_by_role("img", name="Received")).to_have_count(2)
    assert odoo.messages()[1]["OriginalRepliedMessageSid"] == first.get_attribute(
        "data-sid"
    )


def test_a_location_is_sent_from_the_attach_menu_by_keyboard(page, odoo):
    choose(page, "Lucía")
    page.get_by_role("button", name="Attach", exact=True).click()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_label("Name").fill("Our corner")
    page.keyboard.press("Enter")
    expect(page.locator(".place")).to_contain_text("Our corner")
    expect(page.get_by_role("img", name="Received")).to_be_visible()
    assert odoo.messages()[0]["Label"] == "Our corner"


def test_a_new_phone_is_added_and_a_wrong_number_is_explained(page):
    page.get_by_role("button", name="Add a phone").click()
    page.get_by_label("Name").fill("Marta Vidal")
    page.get_by_label("Phone number").fill("123")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("no phone number")
    page.get_by_label("Phone number").fill("+34 600 100 200")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="Marta Vidal")).to_be_visible()


def test_a_customer_with_a_hidden_number_has_no_sms(page):
    choose(page, "Lucía")
    writes = page.get_by_role("group", name="Written by")
    expect(writes.get_by_role("button")).to_have_text(
        ["WhatsApp", "SMS", "Messenger", "Instagram"]
    )
    writes.get_by_role("button", name="SMS").click()
    expect(page.get_by_placeholder("Text message")).to_be_visible()
    choose(page, "Aiko")
    expect(page.get_by_placeholder("Message", exact=True)).to_be_visible()
    expect(writes.get_by_role("button")).to_have_text(
        ["WhatsApp", "Messenger", "Instagram"]
    )
    choose(page, "Marta")
    expect(writes.get_by_role("button")).to_have_text(["Messenger", "Instagram"])


def test_read_receipts_can_be_switched_off(page, control, odoo):
    choose(page, "Lucía")
    page.get_by_text("Read receipts").click()
    expect(page.get_by_role("switch")).not_to_be_checked()
    write(page, "Hi")
    expect(page.get_by_role("img", name="Received")).to_be_visible()
    Api(control).send(StatusCallback=WEBHOOK)
    expect(page.locator(".message.theirs")).to_be_visible()
    time.sleep(0.2)
    assert odoo.statuses(2) == ["sent", "delivered"]


def test_a_refused_message_says_so_and_can_be_tried_again(page, odoo):
    odoo.answers = [httpx.Response(500)]
    choose(page, "Lucía")
    write(page, "Hi")
    expect(page.locator(".failure")).to_contain_text("Odoo answered 500")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("img", name="Received")).to_be_visible()
    first, second = odoo.messages()
    assert first["MessageSid"] == second["MessageSid"]


def test_unsent_text_stays_with_its_conversation(page):
    choose(page, "Lucía")
    page.get_by_role("textbox", name="Message").fill("Half a")
    choose(page, "Tom")
    expect(page.get_by_role("textbox", name="Message")).to_have_value("")
    choose(page, "Lucía")
    expect(page.get_by_role("textbox", name="Message")).to_have_value("Half a")


def test_at_phone_width_there_is_one_pane_and_a_way_back(page):
    page.set_viewport_size({"width": 390, "height": 844})
    choose(page, "Lucía")
    expect(page.get_by_role("navigation", name="Phones")).to_be_hidden()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width == 390
    page.get_by_role("button", name="All phones").click()
    expect(page.get_by_role("navigation", name="Phones")).to_be_visible()


def test_alt_and_an_arrow_switch_phones(page):
    choose(page, "Lucía")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_role("heading", name="Tom Becker")).to_be_visible()
    expect(page.get_by_role("textbox", name="Message")).to_be_focused()
