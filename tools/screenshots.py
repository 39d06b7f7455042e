"""Takes the pictures of README and docs from a fresh `make run`.

`python3 -m tools.dev exec python -m tools.screenshots [URL of Odoo] [of the phone]`
writes docs/images/*.png. Install fonts with emoji and Roboto first. Nothing is changed,
but the conversations that are opened count as read: start from a new database.
"""

import sys
from datetime import datetime, timezone

from playwright.sync_api import sync_playwright

from tools.dev.chromium import find_chromium
from tools.dev.places import ROOT

IMAGES = ROOT / "docs" / "images"
DESKTOP, PHONE = (1440, 900), (390, 844)
# The demo data is relative to now: let it be an afternoon.
AFTERNOON = 15
READY = ".o-messaging-Message"


class Camera:
    def __init__(self, browser, url):
        self.browser = browser
        self.url = url

    def use(self, size):
        width, height = size
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            timezone_id=afternoon(),
            has_touch=size == PHONE,
            device_scale_factor=2 if size == PHONE else 1,
        )
        self.page = context.new_page()

    def log_in(self, user, size=DESKTOP):
        self.use(size)
        self.page.goto(f"{self.url}/web/login")
        self.page.fill("input[name=login]", user)
        self.page.fill("input[name=password]", user)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url("**/odoo**")

    def open(self, path, ready):
        self.page.goto(f"{self.url}/odoo/{path}")
        self.page.wait_for_selector(ready)
        self.page.wait_for_timeout(1500)

    def open_conversation(self, name):
        self.open("messaging", ".o-messaging-Row")
        if not self.page.locator(f".o-messaging-Row:has-text('{name}')").count():
            self.page.click(".o-messaging-Section-header:has-text('others')")
        self.page.click(f".o-messaging-Row:has-text('{name}')")
        self.page.wait_for_selector(READY)
        self.page.wait_for_timeout(1500)

    def take(self, name, **options):
        self.page.screenshot(path=IMAGES / f"{name}.png", **options)


def afternoon():
    """Return a time zone in which it is afternoon now; its names count westwards."""
    offset = (AFTERNOON - datetime.now(timezone.utc).hour + 11) % 24 - 11
    return f"Etc/GMT{-offset:+d}" if offset else "Etc/GMT"


def take_agents_pictures(camera):
    camera.log_in("agent1")
    camera.open_conversation("Lucía Fernández")
    camera.take("inbox")
    camera.open_conversation("Tom Becker")
    camera.page.click(".o-messaging-Assignee")
    camera.page.wait_for_timeout(800)
    camera.take("assign")
    camera.open_conversation("Giulia Conti")
    camera.take("window-over")
    camera.page.click("button:has-text('Choose a template')")
    camera.page.wait_for_selector(".o-messaging-TemplatePicker")
    camera.page.get_by_label("Search templates").fill("order")
    camera.page.wait_for_timeout(800)
    camera.take("template-picker")
    camera.open_conversation("Marta Ribeiro")
    camera.take("media")
    take_the_list(camera)


def take_the_list(camera):
    camera.open_conversation("Lucía Fernández")
    search = camera.page.get_by_placeholder("Search names")
    search.fill("bike")
    camera.page.wait_for_selector(".o-messaging-SearchHit")
    camera.page.wait_for_timeout(800)
    camera.take("search")
    search.fill("")
    camera.page.wait_for_selector(".o-messaging-Section-header")
    rows = camera.page.locator(".o-messaging-Row")
    for number in range(3):
        rows.nth(number).click(modifiers=["Control"])
    camera.page.wait_for_selector(".o-messaging-SelectionBar")
    camera.page.wait_for_timeout(800)
    camera.take("many")


def take_the_start(camera):
    camera.log_in("agent1")
    camera.open("messaging", ".o-messaging-Row")
    camera.page.click(".o-messaging-List-new")
    camera.page.get_by_placeholder("A name, or a number").fill("+34 600 100 999")
    options = camera.page.locator(".modal [role=option]")
    options.filter(has_text="order_confirmation").first.click()
    for label, value in (("Name", "Ana"), ("Order", "S042")):
        camera.page.locator(".modal").get_by_label(label, exact=True).fill(value)
    camera.page.wait_for_timeout(1500)
    camera.take("start")


def take_the_editor(camera):
    camera.log_in("admin")
    camera.open("messaging-templates", ".o_data_row")
    camera.page.click(".o_data_row:has-text('order_confirmation')")
    camera.page.wait_for_selector(".o-messaging-TemplateEditor")
    camera.page.wait_for_timeout(1500)
    camera.take("template-editor")


def take_phone_pictures(camera):
    camera.log_in("agent1", PHONE)
    camera.open("messaging", ".o-messaging-Row")
    camera.take("phone-list")
    camera.open_conversation("Lucía Fernández")
    camera.take("phone-conversation")


def take_managers_pictures(camera):
    camera.log_in("admin")
    camera.open_conversation("Lucía Fernández")
    camera.page.click(".o-messaging-Header-name")
    camera.page.wait_for_timeout(500)
    camera.take("delete")
    camera.open("messaging-accounts/new", ".o_form_view")
    camera.take("account-new")
    take_whatsapp_from_meta(camera)
    camera.open("messaging-accounts/1", ".o_form_view")
    camera.take("account-connected")
    camera.page.click("button:has-text('Connect again')")
    camera.page.wait_for_selector(".o-messaging-ConnectDialog")
    camera.page.wait_for_timeout(800)
    camera.take("connect")


def take_whatsapp_from_meta(camera):
    """Fill in the form of a new account, and discard it."""
    page = camera.page
    page.locator("[name=name] input").fill("Bike shop")
    page.locator("[name=provider] input").click()
    page.get_by_role("menuitem", name="WhatsApp (Meta)").click()
    page.locator("[name=whatsapp_app_id] input").fill("104030201000077")
    for secret in ("app_secret", "access_token"):
        page.locator(f"[name=whatsapp_{secret}] input").fill("x" * 32)
    page.wait_for_timeout(500)
    camera.take("account-whatsapp")
    page.get_by_role("button", name="Discard").click()


def take_the_practice_phone(camera, url):
    camera.use((1200, 860))
    camera.page.goto(url)
    camera.page.click("text=Lucía Fernández")
    camera.page.wait_for_timeout(1500)
    camera.take("practice-phone")


def main():
    given = dict(enumerate(sys.argv[1:]))
    url = given.get(0, "http://127.0.0.1:8069")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox"]
        )
        camera = Camera(browser, url)
        take_agents_pictures(camera)
        take_the_start(camera)
        take_the_editor(camera)
        take_phone_pictures(camera)
        take_managers_pictures(camera)
        take_the_practice_phone(camera, given.get(1, "http://127.0.0.1:8070"))
        browser.close()


if __name__ == "__main__":
    main()
