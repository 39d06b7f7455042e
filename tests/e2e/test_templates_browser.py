"""Templates in the composer, on the practice phone, and back."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.support.screen import DESKTOP, MOBILE, Screen
from tests.e2e.support.templates import make_template
from tests.e2e.test_accessibility_browser import violations
from tests.e2e.test_media import png

TEXT = "Hello Ana, your city bike is ready. Does Friday suit you?"
SMALLEST_TARGET = 40
WIDTHS = {
    "desktop": {"viewport": DESKTOP},
    "phone": {"viewport": MOBILE, "has_touch": True, "is_mobile": True},
}


class Picker:
    """The picker of templates in place of the composer."""

    def __init__(self, page):
        self.page = page
        self.place = page.locator(".o-messaging-TemplatePicker")
        self.search = self.place.get_by_label("Search templates")
        self.send_button = self.place.get_by_role("button", name="Send", exact=True)

    def open(self):
        self.page.get_by_role("button", name="Choose a template").click()
        expect(self.place).to_be_visible()
        return self

    def choose(self, name):
        self.search.fill(name)
        self.place.get_by_role("option", name=re.compile(name)).click()

    def fill(self, label, text):
        self.place.get_by_label(label).fill(text)


@pytest.fixture
def template(phone, admin, account, customer):
    """Return the name of a template with two variables and a button."""
    name = f"visit_{customer[1:]}"
    return make_template(phone, admin, account, name)["name"]


@pytest.fixture
def with_picture(phone, admin, account, customer):
    """Return the name of a template whose picture the agent chooses."""
    name = f"picture_{customer[1:]}"
    return make_template(phone, admin, account, name, file=True)["name"]


@pytest.fixture(params=WIDTHS)
def at_width(window, agent, request):
    return Screen(window(agent, **WIDTHS[request.param]).new_page())


def test_after_the_window_a_template_is_sent_and_its_button_answered(
    at_width, template, late, handset, phone, known
):
    screen = at_width.open(late)
    expect(screen.page.get_by_text("The reply window is over.")).to_be_visible()
    picker = Picker(screen.page).open()
    picker.choose(template)
    expect(picker.send_button).to_be_disabled()
    expect(picker.send_button).to_have_attribute("title", re.compile("Fill in: "))
    picker.fill("Value 1", "Ana")
    picker.fill("Model", "city bike")
    expect(picker.place.locator(".o-messaging-TemplateBubble")).to_contain_text(TEXT)
    picker.send_button.click()

    sent = screen.bubble(TEXT)
    expect(sent).to_be_visible()
    button = sent.locator(".o-messaging-TemplateButton", has_text="Yes, please")
    expect(button).to_be_visible()
    (received,) = phone.received(known)
    hand = handset(received["customer_id"])
    hand.bubble(TEXT).get_by_role("button", name="Yes, please").click()
    answer = screen.page.locator(".o-messaging-Message.o-inbound", has_text="Yes, pl")
    expect(answer.locator(".o-messaging-Quote")).to_contain_text("Hello Ana")
    # The customer wrote, so a text can be sent again.
    expect(screen.composer).to_be_visible()


def test_a_template_takes_the_picture_that_the_agent_chooses(
    at_width, with_picture, late, phone, known
):
    picker = Picker(at_width.open(late).page).open()
    picker.choose(with_picture)
    picker.fill("Value 1", "Ana")
    picker.fill("Model", "city bike")
    expect(picker.send_button).to_have_attribute("title", "Choose a picture")
    files = [{"name": "bike.png", "buffer": png(), "mimeType": "image/png"}]
    picker.place.locator("input[type=file]").set_input_files(files)
    picker.send_button.click()
    bubble = at_width.bubble(TEXT)
    expect(bubble.locator(".o-messaging-File-picture img")).to_be_visible()
    expect(at_width.tick(TEXT, "delivered")).to_be_visible()
    (received,) = phone.received(known)
    assert received["media"][0]["size"] == len(png())


def test_a_slash_searches_templates_within_the_window(
    screen, template, conversation, phone, known
):
    screen.open(conversation)
    screen.composer.press("/")
    picker = Picker(screen.page)
    expect(picker.search).to_be_focused()
    screen.page.keyboard.type(template)
    expect(picker.place.get_by_role("option")).to_have_count(1)
    screen.page.keyboard.press("Escape")
    expect(screen.composer).to_have_value(f"/{template}")
    expect(screen.composer).to_be_focused()

    screen.composer.fill("")
    screen.composer.press("/")
    expect(picker.search).to_be_focused()
    screen.page.keyboard.type(template)
    screen.page.keyboard.press("Enter")
    expect(picker.place.get_by_label("Value 1")).to_be_focused()
    screen.page.keyboard.type("Ana")
    screen.page.keyboard.press("Enter")
    screen.page.keyboard.type("city bike")
    screen.page.keyboard.press("Enter")
    expect(screen.bubble(TEXT)).to_be_visible()
    expect(screen.composer).to_be_focused()
    phone.received(known)
    assert phone.bodies(known) == [TEXT]


def test_the_picker_is_accessible_and_fits_the_screen(at_width, template, late):
    page = at_width.open(late).page
    picker = Picker(page).open()
    expect(picker.place.get_by_role("option").first).to_be_visible()
    assert violations(page, ".o-messaging-TemplatePicker") == []
    picker.choose(template)
    expect(picker.send_button).to_be_visible()
    assert violations(page, ".o-messaging-TemplatePicker") == []
    wide = "document.scrollingElement.scrollWidth > innerWidth"
    assert not page.evaluate(wide)
    for target in picker.place.locator("button, input[type=text]").all():
        assert target.bounding_box()["height"] >= SMALLEST_TARGET
