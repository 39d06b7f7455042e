"""The inbox by keyboard, at phone width, and from anywhere in Odoo."""

from playwright.sync_api import expect

from tests.e2e.support.people import make_agent
from tests.e2e.support.screen import MOBILE, Screen


def test_searching_opening_and_answering_work_by_keyboard(
    screen, phone, known, conversation, customer
):
    screen.open()
    expect(screen.row(f"Customer {customer}")).to_be_visible()
    for _ in range(40):
        if screen.search.evaluate("input => input === document.activeElement"):
            break
        screen.page.keyboard.press("Tab")
    screen.page.keyboard.type(customer[-6:])
    results = screen.page.get_by_label("Search results").locator(".o-messaging-Row")
    expect(results).to_have_count(1)
    screen.page.keyboard.press("ArrowDown")
    screen.page.keyboard.press("Enter")
    expect(screen.composer).to_be_focused()
    screen.page.keyboard.type("Typed only")
    screen.page.keyboard.press("Enter")
    expect(screen.bubble("Typed only")).to_be_visible()
    phone.received(known)
    assert phone.bodies(known) == ["Typed only"]


def test_shift_enter_makes_a_new_line(screen, phone, known, conversation):
    screen.open(conversation)
    screen.composer.fill("One")
    screen.composer.press("Shift+Enter")
    screen.composer.press_sequentially("Two")
    screen.composer.press("Enter")
    phone.received(known)
    assert phone.bodies(known) == ["One\nTwo"]


def test_at_phone_width_one_pane_is_shown_at_a_time(
    window, agent, conversation, phone, known, name
):
    context = window(agent, viewport=MOBILE, has_touch=True, is_mobile=True)
    screen = Screen(context.new_page()).open()
    row = screen.row(name)
    row.tap()
    expect(screen.bubble("Hello")).to_be_visible()
    expect(row).to_have_count(0)
    screen.composer.fill("From the tram")
    screen.send_button.tap()
    phone.received(known)
    width = "document.documentElement.scrollWidth"
    assert screen.page.evaluate(width) <= MOBILE["width"]
    screen.page.get_by_label("Back to the conversations").tap()
    expect(screen.row(name)).to_be_visible()
    expect(screen.composer).to_have_count(0)


def test_unread_messages_are_counted_until_the_conversation_is_opened(
    screen, phone, known, conversation, name
):
    phone.write(known, "And another thing")
    screen.open()
    badge = screen.row(name).locator(".o-messaging-Badge")
    expect(badge).to_have_text("2")
    screen.row(name).click()
    expect(screen.bubble("And another thing")).to_be_visible()
    expect(badge).to_have_count(0)


def test_the_badge_in_the_systray_grows_everywhere_in_odoo(
    odoo, admin, window, phone, customer, account
):
    """A new user has read nothing and missed nothing."""
    screen = Screen(window(make_agent(odoo, admin, "Nora New")).new_page())
    screen.page.goto("/odoo/contacts")
    systray = screen.page.locator(".o-messaging-Systray")
    expect(systray).to_be_visible()
    expect(systray).to_have_text("")
    phone.add(customer)
    phone.write(customer, "Anybody there?")
    expect(systray).to_have_text("1")
    systray.click()
    expect(screen.row(f"Customer {customer}")).to_be_visible()


def test_a_customers_text_is_never_rendered_as_markup(
    screen, phone, known, conversation
):
    screen.open(conversation)
    text = "<img src=x onerror=\"document.title='owned'\"><b>bold</b>"
    phone.write(known, text)
    expect(screen.bubble("<b>bold</b>")).to_be_visible()
    assert screen.page.title() != "owned"
    assert screen.page.locator(".o-messaging-Bubble b", has_text="bold").count() == 0


def test_only_the_installer_can_delete_and_all_screens_follow(
    screen, window, admin, conversation, name
):
    screen.open(conversation)
    screen.page.locator(".o-messaging-Header-name").click()
    expect(screen.page.get_by_text("Mark as unread")).to_be_visible()
    expect(screen.page.get_by_text("Delete conversation")).to_have_count(0)
    screen.page.keyboard.press("Escape")
    installer = Screen(window(admin).new_page()).open(conversation)
    installer.page.locator(".o-messaging-Header-name").click()
    installer.page.get_by_text("Delete conversation").click()
    dialog = installer.page.get_by_role("dialog")
    expect(dialog).to_contain_text("isn't deleted")
    dialog.get_by_role("button", name="Delete").click()
    expect(screen.page.get_by_text("This conversation was deleted")).to_be_visible()
    expect(screen.row(name)).to_have_count(0)
