"""The inbox's right-hand pane, as a salesperson uses it."""

from playwright.sync_api import expect

from tests.e2e.support.screen import Screen


class Card:
    """The card of the contact, or of the lead or deal."""

    def __init__(self, page, name):
        self.page = page
        self.root = page.locator(f"section[aria-labelledby=o-messaging-{name}]")
        self.name = self.root.locator(".o-messaging-Record-name")
        self.matches = self.root.locator(".o-messaging-Match")
        self.form = self.root.locator(".o-messaging-CreateForm")
        self.hits = self.root.get_by_role("option")

    def button(self, label):
        return self.root.get_by_role("button", name=label)

    def search(self, text):
        self.button("Link").click()
        self.page.keyboard.type(text)

    def field(self, label):
        return self.form.get_by_label(label)

    def create(self, kind):
        """Open a form; its values are loaded once the first field has the focus."""
        self.root.locator(f"[data-mode={kind}]").click()
        expect(self.form.locator("input").first).to_be_focused()

    def menu(self, label):
        self.root.locator(".o-messaging-Card-menu").click()
        self.page.get_by_role("menuitem", name=label).click()

    def edit(self, label, value):
        self.button(label).click()
        field = self.root.get_by_role("textbox", name=label)
        expect(field).to_be_focused()
        field.fill(value)
        field.press("Enter")


class Desk(Screen):
    def __init__(self, page):
        super().__init__(page)
        self.contact = Card(page, "contact")
        self.deal = Card(page, "deal")

    def toast(self, text):
        return self.page.locator(".o_notification", has_text=text)
