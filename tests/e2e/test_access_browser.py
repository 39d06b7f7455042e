"""Deleted and no longer accessible conversations leave open screens at once."""

import contextlib

import pytest
from playwright.sync_api import expect

from tests.e2e.support.assignment import choose
from tests.e2e.support.counters import expect_same_numbers
from tests.e2e.support.people import make_agent
from tests.e2e.support.screen import Screen

NO_ACCESS = "You have no access to this conversation"


# -- deletion -------------------------------------------------------------------


def test_a_deletion_explains_itself_and_clears_all_screens(
    both, window, admin, conversation, name, agent
):
    alba, bruno = both
    bruno.page.goto("/odoo/messaging")
    expect(bruno.row(name)).to_be_visible()
    installer = Screen(window(admin).new_page()).open(conversation)
    installer.page.locator(".o-messaging-Header-name").click()
    installer.page.get_by_role("menuitem", name="Delete conversation").click()
    dialog = installer.page.get_by_role("dialog")
    for words in (
        "can't be undone",
        "Messages, files, drafts and read markers.",
        "Notes on contacts, leads and deals.",
        "The copy at Twilio isn't deleted",
    ):
        expect(dialog).to_contain_text(words)
    console = dialog.get_by_role("link", name="Open Twilio")
    assert console.get_attribute("href").startswith("https://console.twilio.com/")
    dialog.get_by_role("button", name="Delete conversation").click()
    for screen in (installer, alba):
        expect(screen.page.get_by_text("This conversation was deleted")).to_be_visible()
        expect(screen.bubble("Hello")).to_have_count(0)
    expect(bruno.row(name)).to_have_count(0)
    expect_same_numbers(alba, agent)


def test_a_link_to_a_deleted_conversation_says_so(screen, admin, conversation):
    admin.call("messaging.conversation", "unlink", [conversation["id"]])
    screen.page.goto(f"/odoo/messaging/{conversation['id']}")
    expect(screen.page.get_by_text("This conversation doesn't exist")).to_be_visible()
    screen.page.get_by_role("button", name="Back to the inbox").click()
    expect(screen.page.get_by_text("No conversation selected")).to_be_visible()


# -- a change of access ----------------------------------------------------------


@contextlib.contextmanager
def private_channel(admin, conversation):
    channel = [conversation["channel_id"]]
    admin.call("messaging.channel", "write", channel, {"visibility": "private"})
    try:
        yield
    finally:
        admin.call("messaging.channel", "write", channel, {"visibility": "shared"})


def test_a_channel_made_private_leaves_open_screens_at_once(
    both, window, admin, agent, conversation, name, phone, known
):
    alba, bruno = both
    bruno.page.goto("/odoo/messaging")
    expect(bruno.row(name)).to_be_visible()
    installer = Screen(window(admin).new_page()).open(conversation)
    expect(installer.bubble("Hello")).to_be_visible()
    with private_channel(admin, conversation):
        expect(alba.page.get_by_text(NO_ACCESS)).to_be_visible()
        expect(alba.bubble("Hello")).to_have_count(0)
        for screen in both:
            expect(screen.row(name)).to_have_count(0)
        expect_same_numbers(alba, agent)
        phone.write(known, "For the installer alone")
        expect(installer.bubble("For the installer alone")).to_be_visible()
        alba.page.wait_for_timeout(1000)
        for screen in both:
            expect(screen.page.get_by_text("For the installer alone")).to_have_count(0)
    expect(alba.bubble("For the installer alone")).to_be_visible()
    expect(bruno.row(name)).to_contain_text("For the installer alone")


def without_group(admin, _name):
    """Return the values that make a user no Agent, and those that restore the role.

    The user keeps a role in Odoo: without any, Odoo's own screens fail.
    """
    names = [("group_messaging_user", "messaging_inbox"), ("group_user", "base")]
    agent, employee = (
        admin.call("ir.model.data", "check_object_reference", module, name)[1]
        for name, module in names
    )
    return [{"group_ids": [[code, agent], [4, employee]]} for code in (3, 4)]


def without_company(admin, name):
    """Return the values that move a user to another company, and back."""
    values = [{"name": f"Company {name[-4:]}"}]
    (elsewhere,) = admin.call("res.company", "create", values)
    companies = elsewhere, 1
    return [{"company_ids": [[6, 0, [one]]], "company_id": one} for one in companies]


@pytest.mark.parametrize("losing", [without_group, without_company])
def test_a_user_who_loses_the_inbox_sees_nothing_until_it_is_back(
    losing, window, odoo, admin, conversation, name, phone, known
):
    carla = make_agent(odoo, admin, f"Carla {name[-4:]}")
    screen = Screen(window(carla).new_page()).open(conversation)
    # A message proves that the screen listens, so it will hear of its return as well.
    phone.write(known, "Carla sees this")
    expect(screen.bubble("Carla sees this")).to_be_visible()
    take, give = losing(admin, name)
    admin.call("res.users", "write", [carla.id], take)
    expect(screen.page.get_by_text("You have no access to the inbox")).to_be_visible()
    contents = screen.page.locator(".o-messaging-Row, .o-messaging-Message")
    expect(contents).to_have_count(0)
    expect(screen.page.locator(".o-messaging-Systray")).to_have_count(0)
    phone.write(known, "Nobody tells Carla")
    screen.page.wait_for_timeout(1000)
    expect(screen.page.get_by_text("Nobody tells Carla")).to_have_count(0)
    admin.call("res.users", "write", [carla.id], give)
    expect(screen.bubble("Nobody tells Carla")).to_be_visible()
    phone.write(known, "Live again")
    expect(screen.bubble("Live again")).to_be_visible()


def test_an_assignee_loses_conversations_with_access_and_gets_them_back(
    both, admin, conversation, name
):
    alba, _bruno = both
    choose(alba, "Assign to me")
    expect(alba.row(name, "mine")).to_be_visible()
    with private_channel(admin, conversation):
        expect(alba.row(name)).to_have_count(0)
    # It is shared again, and the conversation wasn't assigned meanwhile
    expect(alba.row(name, "mine")).to_be_visible()
    expect(alba.row(name, "unassigned")).to_have_count(0)
