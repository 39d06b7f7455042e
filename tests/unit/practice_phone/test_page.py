"""The page in a real browser."""

import json
import re
import time

import httpx
import pytest
from playwright.sync_api import expect

from tests.unit.practice_phone.harness import WEBHOOK, Api, is_signed
from tools.practice_phone import demo, demo_templates

LUCIA = "+34600100101"
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
    expect(bubble.get_by_role("img", name="Received", exact=True)).to_be_visible()
    assert odoo.messages()[0]["Body"] == "Do you have the blue one?"
    assert is_signed(odoo.received[0])


def test_an_answer_in_the_open_conversation_is_shown_and_marked_read(
    page, control, odoo
):
    choose(page, "Lucía")
    write(page, "Hi")
    expect(page.get_by_role("img", name="Received", exact=True)).to_be_visible()
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
    expect(first.get_by_role("img", name="Received", exact=True)).to_be_visible()
    first.hover()
    first.get_by_role("button", name="Reply").click()
    write(page, "Second")
    quote = page.locator(".message.own .quote")
    expect(quote).to_contain_text("First")
    expect(page.get_by_role("img", name="Received", exact=True)).to_have_count(2)
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
    expect(page.get_by_role("img", name="Received", exact=True)).to_be_visible()
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
        ["WhatsApp", "SMS", "Messenger", "Instagram", "WhatsApp (Meta)"]
    )
    writes.get_by_role("button", name="SMS").click()
    expect(page.get_by_placeholder("Text message")).to_be_visible()
    choose(page, "Aiko")
    expect(page.get_by_placeholder("Message", exact=True)).to_be_visible()
    expect(writes.get_by_role("button")).to_have_text(
        ["WhatsApp", "Messenger", "Instagram", "WhatsApp (Meta)"]
    )
    choose(page, "Marta")
    expect(writes.get_by_role("button")).to_have_text(["Messenger", "Instagram"])


def test_read_receipts_can_be_switched_off(page, control, odoo):
    choose(page, "Lucía")
    page.get_by_text("Read receipts").click()
    expect(page.get_by_role("switch")).not_to_be_checked()
    write(page, "Hi")
    expect(page.get_by_role("img", name="Received", exact=True)).to_be_visible()
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
    expect(page.get_by_role("img", name="Received", exact=True)).to_be_visible()
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


# -- templates -------------------------------------------------------------------


def send_template(control, sid, **values):
    answer = Api(control).send(
        ContentSid=sid, ContentVariables=json.dumps(values), Body=None
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["sid"]


def test_a_template_is_drawn_as_whatsapp_does(page, control):
    choose(page, "Lucía")
    send_template(control, demo_templates.OFFER, name="*Lucía*", path="winter")
    bubble = page.locator(".message.theirs")
    expect(bubble.locator(".text")).to_contain_text("Hello Lucía, until Sunday")
    expect(bubble.locator(".text strong")).to_have_text("Lucía")
    expect(bubble.locator(".text em")).to_have_text("While stocks last.")
    expect(bubble.locator(".picture img")).to_be_visible()
    expect(bubble.get_by_text("Reply STOP to stop our offers")).to_be_visible()
    link = bubble.get_by_role("link", name="See the offers")
    expect(link).to_have_attribute("href", "https://bikeshop.example/winter")
    expect(bubble.get_by_role("link", name="Call us")).to_have_attribute(
        "href", "tel:+34600000001"
    )
    send_template(control, demo_templates.CARD)
    expect(page.locator(".template-header")).to_have_text("Your Bicycle is ready")


def test_a_button_of_a_template_is_tapped(page, control, odoo):
    choose(page, "Lucía")
    sid = send_template(control, demo_templates.APPOINTMENT)
    page.get_by_role("button", name="Another day").click()
    expect(page.locator(".message.own")).to_contain_text("Another day")
    expect(page.get_by_role("img", name="Received", exact=True)).to_be_visible()
    form = odoo.messages()[0]
    assert form["ButtonPayload"] == "appointment_move"
    assert form["OriginalRepliedMessageSid"] == sid


def test_a_row_of_a_list_is_chosen(page, control, odoo):
    values = {"customer": LUCIA, "line": demo.WHATSAPP_SID, "window": "open"}
    control.post("/control/window", json=values)
    choose(page, "Lucía")
    send_template(control, demo_templates.LIST_PICKER)
    page.get_by_role("button", name="Services").click()
    page.get_by_role("button", name="Repair We call first").click()
    expect(page.locator(".message.own")).to_contain_text("Repair")
    expect(page.get_by_role("img", name="Received", exact=True)).to_be_visible()
    assert odoo.messages()[0]["ListId"] == "repair"


def test_the_console_decides_about_templates(page, control):
    page.get_by_role("button", name="Templates").click()
    row = page.locator(".template-list li", has_text="invoice_ready")
    row.get_by_role("combobox").select_option("approved")
    expect(row).to_have_attribute("data-status", "approved")
    row.get_by_role("combobox").select_option("rejected")
    page.get_by_label("Reason").fill("TAG_CONTENT_MISMATCH")
    page.get_by_role("button", name="Reject", exact=True).click()
    expect(row).to_contain_text("TAG_CONTENT_MISMATCH")
    row.get_by_role("button", name="Change invoice_ready").click()
    page.get_by_label("Text").fill("Hello {{1}}, here is {{2}} for you.")
    page.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("here is {{2}} for you.")
    row.get_by_role("button", name="Delete invoice_ready").click()
    expect(row).to_have_count(0)
    sids = [each["sid"] for each in control.get("/control/contents").json()["contents"]]
    assert demo_templates.PENDING not in sids


def test_a_rejection_without_a_reason_is_given_up(page):
    page.get_by_role("button", name="Templates").click()
    row = page.locator(".template-list li", has_text="autumn_offer")
    row.get_by_role("combobox").select_option("rejected")
    dialog = page.get_by_role("dialog", name="Reject the template")
    dialog.get_by_role("button", name="Close").click()
    expect(row.get_by_role("combobox")).to_have_value("approved")


def test_a_number_leaves_whatsapp_and_is_spelled_otherwise(page, control):
    control.post("/control/customers", json={"name": "Ana", "phone": "+5511987654321"})
    choose(page, "Ana")
    page.get_by_role("switch", name="Other spelling").check(force=True)
    write(page, "Oi")
    expect(page.get_by_role("img", name="Received", exact=True)).to_be_visible()
    page.locator("select[name=whatsapp]").select_option("refused")
    expect(page.get_by_role("button", name="WhatsApp", exact=True)).to_have_count(0)


def test_a_dropping_service_is_named(page, control):
    choose(page, "Lucía")
    control.post("/control/services", json={"lines": [demo.WHATSAPP_SID]})
    expect(page.get_by_text("Twilio drops what you write")).to_be_visible()
