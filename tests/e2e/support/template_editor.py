"""The form of a template, as a manager fills it in."""

from playwright.sync_api import expect

ACTION = "/odoo/action-messaging_inbox.messaging_template_action"


class TemplateForm:
    def __init__(self, page):
        self.page = page
        self.body = page.locator("[data-name=body] textarea")
        self.preview = page.locator(".o-messaging-TemplateBubble")
        self.name = page.locator(".o_field_widget[name=name] input")
        self.state = page.locator(".o_field_widget[name=state]")
        self.submit_button = page.get_by_role("button", name="Create and submit")

    def open(self, template_id="new"):
        self.page.goto(f"{ACTION}/{template_id}")
        expect(self.page.locator(".o-messaging-TemplateEditor")).to_be_visible()
        return self

    def fill_head(self, name, language="English (United States)", category="Utility"):
        self.name.fill(name)
        self._choose("language_choice", language)
        self._choose("category", category)

    def _choose(self, field, option):
        """Choose an option, and wait until it is shown.

        On a slow machine, Odoo's menu empties a field that loses the focus before.
        """
        box = self.page.locator(f".o_field_widget[name={field}] input").first
        box.click()
        self.page.locator(".o_select_menu_item", has_text=option).first.click()
        expect(box).to_have_value(option)

    def insert(self, place, label):
        """Put a variable where the cursor is in a text, by its menu."""
        self.page.locator(f"[data-insert={place}]").click()
        self.page.get_by_role("menuitem", name=label).click()

    def sample(self, name):
        return self.page.get_by_label(f"Sample of {name}")

    def advice(self, place):
        return self.page.locator(f".o-messaging-TemplateAdvice[data-place={place}]")

    def bind(self, name, source, field):
        """Bind a variable to a field of a source, with Odoo's field selector.

        Its search starts a moment after the typing, and moves the field then.
        """
        row = self.page.locator(f"tr[data-variable={name}]")
        row.locator("select").select_option(source)
        row.locator(".o_model_field_selector").click()
        popover = self.page.locator(".o_model_field_selector_popover")
        popover.locator("input").first.fill(field)
        item = popover.locator(".o_model_field_selector_popover_item_name")
        expect(item.first).to_have_text(field)
        item.first.click()
        expect(row.locator(".o_model_field_selector")).to_contain_text(field)

    def add_button(self, kind, text):
        boxes = self.page.locator(".o-messaging-ButtonsEditor-row")
        number = boxes.count()
        self.page.locator(f"[data-add={kind}]").click()
        expect(boxes).to_have_count(number + 1)
        boxes.last.locator("input").first.fill(text)

    def submit(self):
        self.submit_button.click()

    @property
    def id(self):
        return int(self.page.url.rpartition("/")[2])
