"""The inbox as an agent sees it, and the practice phone as a customer sees it."""

from playwright.sync_api import expect

from tests.waiting import PATIENCE
from tools.dev.chromium import find_chromium

ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    # A microphone that beeps, and that pages may use
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    # Pages of one window share a process, with the web client's compiled code
    "--process-per-site",
    # Without a graphics card, its emulation costs more than drawing without one
    "--disable-gpu",
    "--disable-gpu-compositing",
    "--disable-gpu-rasterization",
    "--disable-software-rasterizer",
]
DESKTOP = {"width": 1440, "height": 900}
MOBILE = {"width": 390, "height": 844}
# Playwright wants milliseconds.
TIMEOUT = PATIENCE * 1000

expect.set_options(timeout=TIMEOUT)


def launch(playwright):
    chromium = find_chromium()
    assert chromium, "The browser tests need Chromium."
    return playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)


def log_in(browser, url, person, **options):
    """Return a browser window in which a user is logged in."""
    options = {"viewport": DESKTOP, "base_url": url, "locale": "en-US", **options}
    context = browser.new_context(**options)
    context.set_default_timeout(TIMEOUT)
    cookie = {"name": "session_id", "value": person.session, "url": url}
    context.add_cookies([cookie])
    return context


def leave(page):
    """Close a page, and leave its window as the next test expects it."""
    page.context.set_offline(False)
    if page.url.startswith("http"):
        page.evaluate("localStorage.clear()")
    page.close()


class Screen:
    """The inbox in one page; its methods are what an agent does or sees."""

    def __init__(self, page):
        self.page = page
        self.composer = page.get_by_label("Write a message")
        self.note = page.get_by_label("Write a private note")
        self.send_button = page.get_by_role("button", name="Send", exact=True)
        self.search = page.get_by_label("Search conversations and messages")
        self.banner = page.locator(".o-messaging-Banner")

    def open(self, conversation=None):
        path = f"/{conversation['id']}" if conversation else ""
        self.page.goto(f"/odoo/messaging{path}")
        expect(self.page.locator(".o-messaging-Inbox")).to_be_visible()
        if conversation:
            expect(self.page.locator(".o-messaging-Header-name")).to_be_visible()
        return self

    def section(self, name):
        return self.page.locator(f"#o-messaging-section-{name}")

    def unfold(self, name):
        header = self.page.locator(f".o-messaging-Section-header[data-section={name}]")
        if header.get_attribute("aria-expanded") == "false":
            header.click()

    def row(self, customer, section=None):
        place = self.section(section) if section else self.page
        return place.locator(".o-messaging-Row", has_text=customer)

    def bubble(self, text):
        return self.page.locator(".o-messaging-Message", has_text=text)

    def tick(self, text, state):
        return self.bubble(text).locator(f".o-messaging-Ticks.o-{state}")

    def event(self, text):
        return self.page.locator(".o-messaging-Event", has_text=text)

    def write_as(self, mode):
        """`mode` is "Reply" or "Private note"."""
        self.page.get_by_role("radio", name=mode).click()

    def send(self, text):
        self.composer.fill(text)
        # Wait until all files are there
        expect(self.send_button).to_be_enabled()
        self.composer.press("Enter")

    def attach(self, *files):
        """`files` are (name, content, type)."""
        self.page.locator(".o-messaging-Composer input[type=file]").set_input_files(
            [
                {"name": name, "buffer": content, "mimeType": kind}
                for name, content, kind in files
            ]
        )

    def state_button(self, label):
        return self.page.locator(".o-messaging-Header").get_by_role(
            "button", name=label
        )


class Handset:
    """The practice phone's page, with one customer's phone."""

    def __init__(self, page):
        self.page = page
        self.input = page.locator("form.composer").get_by_label("Message")

    def take(self, url, customer_id, line=""):
        """Open the phone, at its last conversation or at one of our addresses."""
        self.page.goto(f"{url}/#/{customer_id}/{line}")
        expect(self.input).to_be_visible()
        return self

    def write(self, text):
        self.input.fill(text)
        self.page.get_by_role("button", name="Send", exact=True).click()

    def bubble(self, text):
        return self.page.get_by_role("log").locator(".bubble", has_text=text)
