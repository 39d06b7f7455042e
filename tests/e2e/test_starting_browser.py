"""Agents write first: from a lead, from the inbox, and by SMS where WhatsApp fails."""

import pytest
from playwright.sync_api import expect

from tests.e2e.support.people import make_agent
from tests.e2e.support.screen import MOBILE, Screen, leave, log_in
from tests.e2e.support.templates import make_template
from tests.e2e.test_accessibility_browser import violations
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("only_channels")

# Odoo's dialog has a heading and landmarks that axe objects to.
OURS = ".o-messaging-StartDialog .modal-body > div"


class Starter(Screen):
    """A salesperson who starts conversations."""

    def __init__(self, page):
        super().__init__(page)
        self.dialog = page.locator(".o-messaging-StartDialog")
        self.recipient = self.dialog.locator(".o-messaging-Recipient input[type=text]")
        self.status = self.dialog.locator("#o-messaging-Recipient-status")
        self.text = self.dialog.get_by_label("Message", exact=True)
        self.send_now = self.dialog.get_by_role("button", name="Send", exact=True)

    def channel(self, kind):
        icon = {"WhatsApp": "fa-whatsapp", "SMS": "fa-commenting"}[kind]
        places = self.dialog.locator(".o-messaging-Start-channel")
        return places.filter(has=self.page.locator(f".{icon}"))

    def open_new(self):
        self.open()
        expect(self.page.get_by_role("button", name="New conversation")).to_be_visible()
        self.page.keyboard.press("Alt+Shift+N")
        expect(self.recipient).to_be_focused()

    def open_from(self, lead):
        self.page.goto(f"/odoo/crm.lead/{lead['id']}")
        self.page.locator(".o-messaging-Chatter-start").click()

    def send_template(self, template, *values):
        self.channel("WhatsApp").click()
        self.dialog.get_by_label("Search templates").fill(template["name"])
        self.dialog.get_by_role("option", name=template["name"]).click()
        fields = self.dialog.locator(".o-messaging-TemplateForm-fields input")
        for number, value in enumerate(values):
            fields.nth(number).fill(value)
        self.send_now.click()


@pytest.fixture(scope="session")
def seller(odoo, admin):
    return make_agent(odoo, admin, "Stella Sales", "group_sale_salesman_all_leads")


@pytest.fixture(scope="session")
def seller_window(odoo, browser, seller):
    context = log_in(browser, odoo.url, seller)
    yield context
    context.close()


@pytest.fixture
def starter(seller_window, account):
    page = seller_window.new_page()
    yield Starter(page)
    leave(page)


@pytest.fixture
def brazilian(customer):
    """Return the digits of a new Brazilian mobile number, without its ninth."""
    return f"9{customer[-7:]}"


@pytest.fixture
def lead(admin, seller, brazilian):
    (brazil,) = admin.call("res.country", "search", [["code", "=", "BR"]])
    values = {
        "name": f"Bikes for {brazilian}",
        "contact_name": "Rita",
        "type": "lead",
        "user_id": seller.id,
        "country_id": brazil,
        "phone": f"(11) 9{brazilian[:4]}-{brazilian[4:]}",
    }
    return {"id": admin.call("crm.lead", "create", values), **values}


def count(database):
    (row,) = database.rows("SELECT count(*) AS n FROM messaging_conversation")
    return row["n"]


def test_a_template_to_a_lead_comes_back_to_its_writer(
    starter, seller, admin, account, phone, lead, brazilian, database
):
    number = f"+55119{brazilian}"
    # WhatsApp knows this customer by the shorter spelling.
    phone.add(number, spelling="other")
    template = make_template(phone, admin, account, f"hello_{brazilian}")
    page = starter.page
    starter.open_from(lead)
    starter.send_template(template, "Rita", "tandem")
    toast = page.locator(".o_notification", has_text="on its way")
    expect(toast).to_be_visible()
    expect(starter.dialog).to_have_count(0)
    (received,) = phone.received(number)
    assert received["body"].startswith("Hello Rita, your tandem is ready.")
    phone.write(number, "Sim, sexta!")
    (conversation,) = database.rows(
        "SELECT * FROM messaging_conversation WHERE lead_id = %s", lead["id"]
    )
    assert conversation["user_id"] == seller.id
    assert conversation["contact_phone"] in (number, f"+5511{brazilian}")
    toast.get_by_role("button", name="Open the conversation").click()
    expect(starter.bubble("Sim, sexta!")).to_be_visible()
    page.goto(f"/odoo/crm.lead/{lead['id']}")
    note = page.locator(".o-mail-Message", has_text="Sim, sexta!")
    expect(note).to_be_visible()


def test_giving_up_leaves_nothing(starter, customer, database, seller):
    before = count(database)
    starter.open_new()
    starter.channel("SMS").click()
    starter.recipient.fill(customer)
    starter.text.fill("Shall I?")
    expect(starter.send_now).to_be_enabled()
    starter.page.keyboard.press("Escape")
    question = starter.page.get_by_role("dialog").last
    question.get_by_role("button", name="Leave").click()
    expect(starter.dialog).to_have_count(0)
    assert count(database) == before
    assert database.conversations(customer) == []


def test_an_sms_from_the_inbox_needs_only_the_keyboard(
    starter, seller, phone, customer, database
):
    phone.add(customer)
    starter.open_new()
    starter.channel("SMS").click()
    starter.recipient.focus()
    starter.page.keyboard.type("12")
    expect(starter.status).to_contain_text("isn't a valid phone number")
    starter.recipient.fill(f"+34 ({customer[3:6]}) {customer[6:]}")
    expect(starter.status).to_contain_text(customer)
    starter.page.keyboard.press("Enter")
    expect(starter.text).to_be_focused()
    starter.page.keyboard.type("Your bike is ready")
    starter.page.keyboard.press("Control+Enter")
    expect(starter.dialog).to_have_count(0)
    expect(starter.bubble("Your bike is ready")).to_be_visible()
    assert phone.received(customer)[0]["body"] == "Your bike is ready"
    assert database.conversation(customer)["user_id"] == seller.id


def test_a_number_with_a_conversation_opens_it(starter, conversation, known, name):
    starter.open_new()
    starter.channel("WhatsApp").click()
    starter.recipient.fill(known)
    starter.dialog.get_by_role("button", name="Open it").click()
    expect(starter.page.locator(".o-messaging-Header-name")).to_have_text(name)


def test_odoos_sms_button_opens_the_dialog_with_its_number(
    starter, admin, customer, phone
):
    phone.add(customer)
    partner = admin.call("res.partner", "create", {"name": "Ona", "phone": customer})
    starter.page.goto(f"/odoo/contacts/{partner}")
    starter.page.locator(".o_field_widget[name=phone]").first.hover()
    starter.page.locator(".o_field_phone_sms").first.click()
    starter.text.fill("Good morning")
    expect(starter.send_now).to_be_enabled()
    starter.send_now.dblclick()
    assert phone.received(customer)[0]["body"] == "Good morning"
    expect(starter.dialog).to_have_count(0)
    assert phone.bodies(customer) == ["Good morning"]


def test_after_a_lost_connection_the_message_arrives_once(
    starter, admin, customer, phone
):
    phone.add(customer)
    starter.open_new()
    starter.channel("SMS").click()
    starter.recipient.fill(customer)
    expect(starter.status).to_have_text("")
    starter.text.fill("Still there?")
    expect(starter.send_now).to_be_enabled()
    starter.page.context.set_offline(True)
    starter.send_now.click()
    expect(starter.dialog.get_by_role("alert").last).to_contain_text("connection")
    expect(starter.text).to_have_value("Still there?")
    starter.page.context.set_offline(False)
    starter.dialog.get_by_role("button", name="Send", exact=True).click()
    expect(starter.dialog).to_have_count(0)
    phone.received(customer)
    assert phone.bodies(customer) == ["Still there?"]


@pytest.mark.parametrize("viewport", [None, MOBILE], ids=["desktop", "phone"])
def test_the_dialog_is_accessible(window, seller, account, viewport):
    options = {"viewport": viewport} if viewport else {}
    starter = Starter(window(seller, **options).new_page())
    starter.open()
    starter.page.get_by_role("button", name="New conversation").click()
    expect(starter.recipient).to_be_visible()
    assert violations(starter.page, OURS) == []
    starter.channel("SMS").click()
    starter.recipient.fill("12")
    expect(starter.status).to_contain_text("isn't a valid phone number")
    assert violations(starter.page, OURS) == []
    starter.page.keyboard.press("Escape")
    expect(starter.dialog).to_have_count(0)
    new = starter.page.get_by_role("button", name="New conversation")
    expect(new).to_be_focused()


def test_a_number_that_is_not_on_whatsapp_gets_an_sms_instead(
    starter, admin, account, phone, lead, brazilian, database
):
    number = f"+55119{brazilian}"
    phone.add(number, whatsapp="refused")
    template = make_template(phone, admin, account, f"missed_{brazilian}")
    starter.open_from(lead)
    starter.send_template(template, "Rita", "tandem")
    expect(starter.dialog).to_have_count(0)
    (refused,) = database.conversations(number)
    eventually(lambda: database.messages(number, "outbound")[0]["state"] == "failed")
    starter.open(refused)
    notice = starter.page.locator(".o-messaging-Unreachable")
    expect(notice).to_contain_text("Not on WhatsApp")
    starter.open_from(lead)
    starter.channel("WhatsApp").click()
    mark = starter.dialog.locator(".o-messaging-Recipient-choice .badge")
    expect(mark).to_have_text("Not on WhatsApp")
    starter.dialog.get_by_role("button", name="Send an SMS instead").click()
    starter.text.fill("By SMS, then")
    starter.send_now.click()
    expect(starter.dialog).to_have_count(0)
    phone.received(number)
    assert phone.bodies(number)[-1] == "By SMS, then"
