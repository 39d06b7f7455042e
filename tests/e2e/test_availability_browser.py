"""Availability, as colleagues see it live."""

from playwright.sync_api import expect

from tests.e2e.support.assignment import ALBA, BRUNO, available_dot, choose, in_picker
from tests.e2e.support.screen import MOBILE


def test_the_open_picker_shows_live_who_is_available(both):
    alba, bruno = both
    alba.page.locator(".o-messaging-Assignee").click()
    colleague = in_picker(alba, BRUNO)
    expect(available_dot(colleague)).to_be_visible()
    bruno.page.get_by_role("switch", name="Availability").click()
    expect(available_dot(colleague)).to_have_count(0)
    expect(colleague).to_have_attribute("aria-disabled", "true")
    bruno.page.get_by_role("switch", name="Availability").click()
    expect(available_dot(colleague)).to_be_visible()


def test_the_switch_is_in_the_user_menu_on_every_page(both, other_agent, database):
    alba, bruno = both
    bruno.page.goto("/odoo/contacts")
    expect(bruno.page.locator(".o-messaging-Systray")).to_be_visible()
    bruno.page.locator(".o_user_menu button").click()
    switch = bruno.page.get_by_role("menuitemcheckbox", name="Availability")
    expect(available_dot(switch)).to_be_visible()
    switch.click()
    expect(available_dot(switch)).to_have_count(0)
    expect(switch).to_have_attribute("aria-checked", "false")
    alba.page.locator(".o-messaging-Assignee").click()
    expect(in_picker(alba, BRUNO)).to_have_attribute("aria-disabled", "true")
    bruno.page.goto("/odoo/messaging")
    expect(bruno.page.get_by_role("switch", name="Availability")).to_have_text(
        "Unavailable"
    )


def test_on_a_phone_the_switch_is_in_the_menu_too(window, agent, account):
    context = window(agent, viewport=MOBILE, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto("/odoo/contacts")
    expect(page.locator(".o_view_controller")).to_be_visible()
    expect(page.locator(".o-messaging-Systray")).to_be_visible()
    page.locator(".o_mobile_menu_toggle").tap()
    page.locator(".o_burger_menu .o_burger_menu_avatar").tap()
    switch = page.get_by_role("menuitemcheckbox", name="Availability")
    switch.tap()
    expect(switch).to_contain_text("Unavailable for conversations")
    switch.tap()
    expect(available_dot(switch)).to_be_visible()


def test_a_refusal_says_who_is_available(both, other_agent, database):
    """Bruno leaves without a bus message, as if Alba's connection were slow."""
    alba, _bruno = both
    alba.page.locator(".o-messaging-Assignee").click()
    expect(available_dot(in_picker(alba, BRUNO))).to_be_visible()
    database.run(
        "UPDATE messaging_availability SET available = FALSE WHERE user_id = %s",
        other_agent.id,
    )
    in_picker(alba, BRUNO).click()
    notice = alba.page.locator(".o_notification")
    expect(notice).to_contain_text(f"{BRUNO} is unavailable")
    expect(notice).to_contain_text("Available now:")
    expect(notice).to_contain_text(ALBA)
    expect(alba.page.locator(".o-messaging-Assignee")).to_contain_text("Unassigned")


def test_an_unavailable_agent_cannot_take_but_can_go_on_working(
    both, name, phone, known
):
    alba, bruno = both
    choose(alba, "Assign to me")
    expect(alba.row(name, "mine")).to_be_visible()
    alba.page.get_by_role("switch", name="Availability").click()
    alba.send("Ongoing work")
    expect(alba.tick("Ongoing work", "delivered")).to_be_visible()
    phone.write(known, "Good")
    expect(alba.bubble("Good")).to_be_visible()
    choose(alba, "Unassign")
    expect(alba.row(name, "unassigned")).to_be_visible()
    alba.page.locator(".o-messaging-Assignee").click()
    take = in_picker(alba, "Assign to me")
    expect(take).to_have_attribute("aria-disabled", "true")
    expect(take).to_contain_text("you are unavailable")
    alba.page.keyboard.press("Escape")
    alba.state_button("Close conversation").click()
    expect(bruno.page.get_by_text("This conversation is closed.")).to_be_visible()
