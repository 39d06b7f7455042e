"""Contact, lead and deal beside the conversation."""

import pytest
from playwright.sync_api import expect

from tests.e2e.support.pane import Desk
from tests.e2e.support.people import make_agent
from tests.e2e.support.screen import MOBILE, leave, log_in
from tests.e2e.support.webhook import text_from
from tests.waiting import eventually


@pytest.fixture(scope="session")
def seller(odoo, admin):
    return make_agent(odoo, admin, "Sara Sales", "group_sale_salesman")


@pytest.fixture(scope="session")
def seller_window(odoo, browser, seller):
    """Keep the window between tests: it has cached the assets."""
    context = log_in(browser, odoo.url, seller)
    yield context
    context.close()


@pytest.fixture
def desk(seller_window):
    page = seller_window.new_page()
    yield Desk(page)
    leave(page)


@pytest.fixture
def contact(admin, customer):
    """Create a contact with the customer's number, as people write it."""
    number = f"{customer[3:6]} {customer[6:8]} {customer[8:10]} {customer[10:]}"
    values = {"name": f"Ana {customer[-4:]}", "phone": number}
    spain = admin.call("res.country", "search", [["code", "=", "ES"]])
    values["country_id"] = spain[0]
    return {"id": admin.call("res.partner", "create", values), **values}


@pytest.fixture
def deal(admin, seller, customer):
    values = {"name": f"Blue ones for {customer[-4:]}", "type": "opportunity"}
    values.update(user_id=seller.id, expected_revenue=2400)
    return {"id": admin.call("crm.lead", "create", values), **values}


def link(person, conversation, **links):
    person.call("messaging.conversation", "action_link", [conversation["id"]], **links)


def linked(database, conversation):
    (row,) = database.rows(
        "SELECT partner_id, lead_id FROM messaging_conversation WHERE id = %s",
        conversation["id"],
    )
    return row


def notes(database, model, record_id):
    return database.rows(
        "SELECT body FROM mail_message WHERE model = %s AND res_id = %s"
        " AND body LIKE '%%/odoo/messaging/%%'",
        model,
        record_id,
    )


# -- contacts -----------------------------------------------------------------


def test_a_likely_match_is_linked_by_one_click_and_leaves_a_note(
    desk, conversation, contact, database
):
    desk.open(conversation)
    expect(desk.contact.matches).to_contain_text(["Same number"])
    desk.contact.button("Use this one").click()
    expect(desk.contact.name).to_have_text(contact["name"])
    expect(desk.event(f"You linked {contact['name']}")).to_be_visible()
    assert "Hello" in notes(database, "res.partner", contact["id"])[0]["body"]


def test_a_rejected_match_is_not_suggested_to_anybody_again(
    desk, window, admin, conversation, contact
):
    desk.open(conversation)
    desk.contact.button("Not this person").click()
    expect(desk.contact.matches).to_have_count(0)
    colleague = Desk(window(admin).new_page()).open(conversation)
    expect(colleague.contact.button("Create")).to_be_enabled()
    expect(colleague.contact.matches).to_have_count(0)
    colleague.contact.search(contact["name"])
    expect(colleague.contact.hits).to_have_count(1)


def test_a_contact_is_created_with_known_details(
    desk, conversation, customer, name, admin, database
):
    desk.open(conversation)
    desk.contact.create("partner")
    expect(desk.contact.field("Name")).to_have_value(name)
    expect(desk.contact.field("Phone")).to_have_value(customer)
    desk.contact.field("Name").fill("Berta Blau")
    desk.contact.field("Email").fill("berta@blau.example")
    desk.contact.field("Email").press("Enter")
    expect(desk.contact.name).to_have_text("Berta Blau")
    (partner,) = admin.call(
        "res.partner",
        "read",
        [linked(database, conversation)["partner_id"]],
        ["name", "phone", "email"],
    )
    assert partner["email"] == "berta@blau.example"
    assert partner["phone"].replace(" ", "") == customer


def test_existing_contacts_are_suggested_while_typing(
    desk, conversation, customer, admin, database
):
    email = f"carla{customer[-4:]}@example.com"
    values = {"name": "Carla Cruz", "email": email}
    partner = admin.call("res.partner", "create", values)
    desk.open(conversation)
    desk.contact.create("partner")
    desk.contact.field("Email").fill(email)
    expect(desk.contact.form).to_contain_text("A similar record exists already")
    desk.contact.form.get_by_role("button", name="Use this one").click()
    expect(desk.contact.name).to_have_text("Carla Cruz")
    assert linked(database, conversation)["partner_id"] == partner
    same = [["email", "=", email]]
    assert admin.call("res.partner", "search_count", same) == 1


def test_a_contact_is_found_and_linked_by_keyboard_alone(
    desk, conversation, contact, database
):
    desk.open(conversation)
    desk.contact.search(contact["phone"])
    expect(desk.contact.hits).to_have_count(1)
    desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("Enter")
    expect(desk.contact.name).to_be_focused()
    assert linked(database, conversation)["partner_id"] == contact["id"]


def test_unlinking_is_undone_by_one_click(
    desk, seller, conversation, contact, database
):
    link(seller, conversation, partner_id=contact["id"])
    desk.open(conversation)
    desk.contact.menu("Unlink")
    expect(desk.contact.name).to_have_count(0)
    assert not linked(database, conversation)["partner_id"]
    desk.toast("no longer linked").get_by_role("button", name="Undo").click()
    expect(desk.contact.name).to_have_text(contact["name"])


def test_a_contact_deleted_meanwhile_is_not_linked(desk, conversation, contact, admin):
    desk.open(conversation)
    expect(desk.contact.matches).to_have_count(1)
    admin.call("res.partner", "unlink", [contact["id"]])
    desk.contact.button("Use this one").click()
    expect(desk.toast("exist")).to_be_visible()
    expect(desk.contact.matches).to_have_count(0)
    expect(desk.contact.button("Create")).to_be_enabled()


def test_a_colleagues_link_appears_on_the_open_screen(
    desk, admin, conversation, contact
):
    desk.open(conversation)
    expect(desk.contact.button("Create")).to_be_visible()
    link(admin, conversation, partner_id=contact["id"])
    expect(desk.contact.name).to_have_text(contact["name"])


# -- deals --------------------------------------------------------------------


def test_a_deal_is_created_with_its_source_and_edited_in_place(
    desk, conversation, customer, admin, database
):
    desk.open(conversation)
    desk.deal.create("opportunity")
    desk.deal.field("Title").fill("Forty blue ones")
    desk.deal.field("Expected revenue").fill("1,250.50")
    desk.deal.field("Title").press("Enter")
    expect(desk.deal.name).to_have_text("Forty blue ones")
    lead_id = linked(database, conversation)["lead_id"]
    desk.deal.button("Stage").click()
    desk.page.get_by_role("menuitem", name="Qualified").click()
    expect(desk.deal.button("Stage: Qualified")).to_be_visible()
    desk.deal.edit("Expected revenue", "3000")
    expect(desk.deal.button("Expected revenue")).to_contain_text("3,000")
    names = ["type", "phone", "source_id", "stage_id", "expected_revenue"]

    def saved():
        (lead,) = admin.call("crm.lead", "read", [lead_id], names)
        return lead["expected_revenue"] == 3000 and lead

    lead = eventually(saved, what="the revenue")
    assert lead["type"] == "opportunity"
    assert lead["phone"].replace(" ", "") == customer
    assert lead["source_id"]
    assert lead["stage_id"][1] == "Qualified"
    assert notes(database, "crm.lead", lead_id)


def test_a_refused_edit_is_reverted(desk, conversation, deal, seller, admin):
    link(seller, conversation, lead_id=deal["id"])
    desk.open(conversation)
    expect(desk.deal.button("Expected revenue")).to_contain_text("2,400")
    admin.call("crm.lead", "write", [deal["id"]], {"user_id": admin.id})
    desk.deal.edit("Expected revenue", "9000")
    expect(desk.toast("crm.lead")).to_be_visible()
    expect(desk.deal.root).to_contain_text("You have no access to this deal.")
    (lead,) = admin.call("crm.lead", "read", [deal["id"]], ["expected_revenue"])
    assert lead["expected_revenue"] == 2400


def test_an_edit_without_a_connection_is_reverted(desk, conversation, deal, seller):
    link(seller, conversation, lead_id=deal["id"])
    desk.open(conversation)
    expect(desk.deal.button("Expected revenue")).to_contain_text("2,400")
    desk.page.context.set_offline(True)
    desk.deal.edit("Expected revenue", "9000")
    expect(desk.toast("The connection to the server was lost")).to_be_visible()
    expect(desk.deal.button("Expected revenue")).to_contain_text("2,400")


def test_a_deal_is_lost_in_odoos_own_dialog_and_restored(
    desk, conversation, deal, seller
):
    link(seller, conversation, lead_id=deal["id"])
    desk.open(conversation)
    desk.deal.button("Lost").click()
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Mark as Lost").click()
    expect(desk.deal.root.locator(".o-messaging-Outcome")).to_contain_text("Lost")
    desk.deal.button("Restore").click()
    expect(desk.deal.button("Won")).to_be_visible()


def test_an_activity_is_planned_in_odoos_own_dialog_and_ticked_off(
    desk, conversation, deal, seller
):
    link(seller, conversation, lead_id=deal["id"])
    desk.open(conversation)
    desk.deal.button("Schedule an activity").click()
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Summary").fill("Send the offer")
    dialog.get_by_role("button", name="Save").click()
    expect(desk.deal.root).to_contain_text("Send the offer")
    desk.deal.button("Mark as done").click()
    expect(desk.deal.root).to_contain_text("No activity planned")


def test_a_won_deal_offers_the_next_step_when_the_customer_writes_again(
    desk, conversation, deal, seller, database, phone, known
):
    link(seller, conversation, lead_id=deal["id"])
    desk.open(conversation)
    desk.deal.button("Won").click()
    expect(desk.deal.button("Stage: Won")).to_be_visible()
    database.run(
        "UPDATE crm_lead SET date_closed = date_closed - interval '1 minute'"
        " WHERE id = %s",
        deal["id"],
    )
    phone.write(known, "I need ten more")
    expect(desk.deal.root).to_contain_text("the customer has written again")
    desk.deal.button("New deal").click()
    desk.deal.field("Title").fill("Ten more")
    desk.deal.field("Title").press("Enter")
    expect(desk.deal.name).to_have_text("Ten more")
    expect(desk.deal.root).not_to_contain_text("has written again")


def test_the_salesperson_of_the_deal_takes_the_conversation_by_one_click(
    desk, conversation, deal, seller, name
):
    link(seller, conversation, lead_id=deal["id"])
    desk.open(conversation)
    expect(desk.page.get_by_text("You are the salesperson")).to_be_visible()
    desk.page.get_by_role("button", name="Assign to me").click()
    expect(desk.row(name, "mine")).to_be_visible()
    expect(desk.page.get_by_text("You are the salesperson")).to_have_count(0)


def test_an_invisible_record_shows_only_its_name(
    window, agent, admin, conversation, deal
):
    link(admin, conversation, lead_id=deal["id"])
    screen = Desk(window(agent).new_page()).open(conversation)
    expect(screen.deal.root).to_contain_text(deal["name"])
    expect(screen.deal.root).to_contain_text("You have no access to this deal.")
    expect(screen.deal.name).to_have_count(0)
    expect(screen.deal.root).not_to_contain_text("2,400")


# -- coming back ---------------------------------------------------------------


@pytest.mark.parametrize("way", ["breadcrumb", "browser"])
def test_coming_back_from_the_record_restores_the_screen(
    way, desk, conversation, contact, seller, webhook, customer
):
    webhook.post_at_once([text_from(customer, f"Line {n}") for n in range(25)])
    link(seller, conversation, partner_id=contact["id"])
    desk.open(conversation)
    first = desk.bubble("Line").first
    expect(first).to_be_attached()
    first.scroll_into_view_if_needed()
    expect(desk.page.get_by_label("Jump to the newest message")).to_be_visible()
    desk.composer.fill("Half a sentence")
    here = desk.page.url
    desk.contact.name.click()
    expect(desk.page.locator(".o_form_view")).to_be_visible()
    # Odoo's router sets the address shortly after the form appears.
    expect(desk.page).not_to_have_url(here)
    places = desk.page.locator(".breadcrumb-item, .o_breadcrumb .active")
    expect(places).to_have_text(["Messaging", contact["name"]])
    if way == "browser":
        desk.page.go_back()
    else:
        desk.page.locator(".o_breadcrumb, .breadcrumb").get_by_text("Messaging").click()
    expect(desk.composer).to_have_value("Half a sentence")
    expect(first).to_be_in_viewport()
    expect(desk.contact.name).to_have_text(contact["name"])


# -- phone ---------------------------------------------------------------------


def test_at_phone_width_the_pane_covers_the_messages_and_closes(
    window, seller, conversation, contact
):
    context = window(seller, viewport=MOBILE, has_touch=True, is_mobile=True)
    desk = Desk(context.new_page()).open(conversation)
    expect(desk.contact.root).to_have_count(0)
    desk.page.get_by_label("Details", exact=True).tap()
    back = desk.page.get_by_label("Back to the messages")
    expect(back).to_be_focused()
    desk.contact.button("Use this one").tap()
    expect(desk.contact.name).to_have_text(contact["name"])
    width = "document.documentElement.scrollWidth"
    assert desk.page.evaluate(width) <= MOBILE["width"]
    back.tap()
    expect(desk.contact.root).to_have_count(0)
    expect(desk.bubble("Hello")).to_be_visible()


# -- markup --------------------------------------------------------------------

EVIL = "<img src=x onerror=alert(1)>"


def test_markup_in_a_customers_data_is_text_everywhere(
    desk, phone, customer, account, admin, database
):
    alarms = []
    desk.page.on("dialog", lambda dialog: (alarms.append(dialog), dialog.dismiss()))
    phone.post("customers", name=EVIL, phone=customer)
    phone.write(customer, f"{EVIL}<script>alert(2)</script>")
    conversation = database.conversation(customer)
    desk.open(conversation)
    expect(desk.row(EVIL)).to_be_visible()
    desk.contact.create("partner")
    desk.contact.field("Name").press("Enter")
    expect(desk.contact.name).to_have_text(EVIL)
    desk.deal.create("opportunity")
    desk.deal.field("Title").press("Enter")
    expect(desk.deal.name).to_have_text(EVIL)
    expect(desk.event(f"You linked {EVIL}").first).to_be_visible()
    desk.contact.menu("Unlink")
    expect(desk.toast(f"{EVIL} is no longer linked")).to_be_visible()
    desk.contact.button("Link").click()
    expect(desk.contact.hits).to_contain_text([EVIL])
    assert_only_text(desk.page)
    desk.page.keyboard.press("Escape")
    desk.deal.name.click()
    note = desk.page.locator(".o-mail-Message", has_text=EVIL)
    expect(note.first).to_be_visible()
    assert_only_text(desk.page)
    assert not alarms


def assert_only_text(page):
    expect(page.locator("img[src='x'], img[onerror]")).to_have_count(0)
    assert page.locator("script", has_text="alert(2)").count() == 0
