"""Desktop notifications: which appear, and how often, whatever is open."""

import pytest
from playwright.sync_api import expect

from tests.e2e.support.counters import expect_same_badges
from tests.e2e.support.notifications import (
    KINDS,
    TEST,
    Browser,
    choose_switches,
    send_test,
    set_focus,
)
from tests.e2e.support.screen import MOBILE, Screen, log_in


@pytest.fixture(scope="session")
def office(odoo, browser, agent):
    """Keep Alba's browser, which may notify, between tests: it has cached assets."""
    context = log_in(browser, odoo.url, agent, permissions=["notifications"])
    yield Browser(context)
    context.close()


@pytest.fixture
def alba(office, agent, account):
    yield office
    office.clear()
    choose_switches(agent, "mine_desktop", "unassigned_desktop", "assigned_desktop")


def give(conversation, assigner, receiver):
    assigner.conversation(conversation, "action_assign", receiver and receiver.id)


@pytest.fixture
def cause(agent, other_agent, conversation, phone, known):
    """Cause a notification of one of the four kinds for Alba."""

    def cause(kind):
        assignee = {"mine": agent, "others": other_agent}.get(kind)
        other_agent.conversation(conversation, "action_unassign")
        if kind == "assigned":
            give(conversation, other_agent, agent)
            return
        if assignee:
            give(conversation, assignee, assignee)
        phone.write(known, f"It is {kind}")

    return cause


@pytest.mark.parametrize("kind", KINDS)
def test_each_enabled_kind_notifies_once_for_all_tabs(kind, agent, alba, cause, name):
    others = [f"{other}_desktop" for other in KINDS if other != kind]
    choose_switches(agent, *others, f"{kind}_email")
    alba.open()
    alba.open()
    cause(kind)
    send_test(agent)
    alba.expect_shown(TEST)
    choose_switches(agent, f"{kind}_desktop")
    cause(kind)
    send_test(agent)
    alba.expect_shown(TEST, name, TEST)


def test_actions_of_users_do_not_notify(
    agent, other_agent, alba, conversation, phone, known
):
    choose_switches(agent, *(f"{kind}_desktop" for kind in KINDS))
    alba.open()
    agent.conversation(conversation, "action_assign", agent.id)
    other_agent.conversation(conversation, "action_assign", other_agent.id)
    other_agent.reply(conversation, "An answer")
    phone.received(known)
    phone.look(known)
    other_agent.conversation(conversation, "action_unassign")
    other_agent.conversation(conversation, "action_close")
    send_test(agent)
    alba.expect_shown(TEST)


def test_several_messages_share_one_notification_with_a_count(
    agent, alba, phone, known, conversation, name
):
    choose_switches(agent, "unassigned_desktop")
    alba.open()
    for number in range(3):
        phone.write(known, f"Message {number}")
    alba.expect_shown(name, name, name)
    alba.expect_displayed(name)
    lines = alba.displayed[name].splitlines()
    assert lines[:2] == ["3 new messages", "Message 2"]
    assert len(lines) == 3, "the channel is named"


def test_the_visible_conversation_does_not_notify_in_any_tab(
    agent, alba, phone, known, conversation, name
):
    choose_switches(agent, "unassigned_desktop")
    # From here on the first tab notifies for both.
    alba.open()
    send_test(agent)
    alba.expect_shown(TEST)
    inbox = alba.open(f"/odoo/messaging/{conversation['id']}")
    screen = Screen(inbox)
    expect(screen.bubble("Hello")).to_be_visible()
    phone.write(known, "Before my eyes")
    expect(screen.bubble("Before my eyes")).to_be_visible()
    send_test(agent)
    alba.expect_shown(TEST, TEST)
    set_focus(inbox, False)
    phone.write(known, "Behind my back")
    alba.expect_shown(TEST, TEST, name)


def test_a_click_opens_the_conversation_in_the_open_tab(
    agent, alba, phone, known, conversation, name
):
    choose_switches(agent, "unassigned_desktop")
    tab = alba.open("/odoo/contacts")
    phone.write(known, "Look here")
    alba.expect_displayed(name)
    alba.click()
    expect(Screen(tab).bubble("Look here")).to_be_visible()
    assert len(alba.context.pages) == 1
    alba.expect_displayed()


def test_a_click_in_the_inbox_keeps_the_screen(
    agent, alba, phone, known, conversation, name
):
    choose_switches(agent, "unassigned_desktop")
    screen = Screen(alba.open("/odoo/messaging"))
    expect(screen.row(name)).to_be_visible()
    screen.page.locator(".o-messaging-Inbox").evaluate("(one) => (one.mark = true)")
    phone.write(known, "Look here")
    alba.expect_displayed(name)
    alba.click()
    expect(screen.bubble("Look here")).to_be_visible()
    assert screen.page.locator(".o-messaging-Inbox").evaluate("(one) => one.mark")


def test_reading_in_one_browser_removes_the_notification_everywhere(
    agent, alba, window, phone, known, conversation, name
):
    choose_switches(agent, "unassigned_desktop")
    home = Browser(window(agent, permissions=["notifications"]))
    tabs = alba.open(), home.open()
    phone.write(known, "Who reads me?")
    alba.expect_displayed(name)
    home.expect_displayed(name)
    for tab in tabs:
        systray = tab.locator(".o-messaging-Systray")
        expect_same_badges(agent, systray, tab)
    home.click()
    expect(Screen(tabs[1]).bubble("Who reads me?")).to_be_visible()
    alba.expect_displayed()
    home.expect_displayed()
    for tab in tabs:
        expect_same_badges(agent, tab.locator(".o-messaging-Systray"), tab)


def test_without_permission_the_focused_page_shows_the_notification(
    agent, window, phone, known, conversation, name
):
    choose_switches(agent, "unassigned_desktop")
    page = window(agent).new_page()
    page.goto("/odoo/contacts")
    expect(page.locator(".o-messaging-Systray")).to_be_visible()
    phone.write(known, "Nobody rings")
    toast = page.locator(".o_notification", has_text=name)
    expect(toast).to_contain_text("Nobody rings")
    toast.get_by_role("button", name="Open").click()
    expect(Screen(page).bubble("Nobody rings")).to_be_visible()


def test_a_private_channel_does_not_notify_other_agents(
    agent, admin, alba, phone, known, conversation
):
    choose_switches(agent, "unassigned_desktop")
    alba.open()
    channel = [conversation["channel_id"]]
    admin.call("messaging.channel", "write", channel, {"visibility": "private"})
    try:
        phone.write(known, "Between us")
        send_test(agent)
        alba.expect_shown(TEST)
    finally:
        admin.call("messaging.channel", "write", channel, {"visibility": "shared"})


# -- web push -----------------------------------------------------------------


def test_a_push_does_not_repeat_a_notification_of_a_tab(
    agent, other_agent, alba, phone, known, conversation, name, database
):
    choose_switches(agent, "unassigned_desktop", "assigned_desktop")
    tab = alba.open()
    phone.write(known, "By the tab")
    alba.expect_displayed(name)
    newest = database.conversation(known)["last_message_id"]
    alba.push(tab, conversation["id"], newest, "By the push")
    alba.push_test(tab, "A test of the push")
    alba.expect_displayed(name, "Pushed")
    assert "By the tab" in alba.displayed[name]
    give(conversation, other_agent, agent)
    alba.expect_shown(name, name)
    event = database.messages(known)[-1]
    alba.push(tab, conversation["id"], event["id"], "By the push")
    alba.push_test(tab, "Another test")
    assert "Bruno Agent assigned this to you" in alba.displayed[name]


def test_a_push_is_not_shown_while_an_odoo_tab_is_visible(agent, alba, conversation):
    tab = alba.open()
    alba.push(tab, conversation["id"], conversation["last_message_id"], "A message")
    alba.push_test(tab, "A test of the push")
    alba.expect_displayed("Pushed")
    assert alba.displayed == {"Pushed": "A test of the push"}


def test_pushes_notify_without_open_tabs_once_per_conversation(
    agent, alba, conversation
):
    tab = alba.open()
    tab.goto("/web/static/img/odoo-icon-192x192.png")
    newest = conversation["last_message_id"]
    for number, body in enumerate(("One", "2 new messages", "3 new messages")):
        alba.push(tab, conversation["id"], newest + number, body)
    alba.expect_displayed("Pushed", body="3 new messages")


# -- the dialog ---------------------------------------------------------------


def bell(tab):
    tab.locator(".o-messaging-Bell").click()
    dialog = tab.get_by_role("dialog")
    expect(dialog.get_by_role("switch")).to_have_count(8)
    return dialog


def test_settings_are_saved_by_the_button_and_reach_other_tabs(agent, alba):
    choose_switches(agent)
    first, second = alba.open("/odoo/messaging"), alba.open("/odoo/messaging")
    label = "New message in a conversation assigned to others: Desktop"
    dialog, other = bell(first), bell(second)
    switch = dialog.get_by_role("switch", name=label)
    switch.check()
    dialog.get_by_role("button", name="Discard").click()
    dialog = bell(first)
    expect(switch).not_to_be_checked()
    switch.focus()
    first.keyboard.press("Space")
    expect(switch).to_be_checked()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(other.get_by_role("switch", name=label)).to_be_checked()
    first.reload()
    bell(first)
    expect(switch).to_be_checked()


def test_the_dialog_sends_a_desktop_test(alba):
    tab = alba.open("/odoo/messaging")
    dialog = bell(tab)
    dialog.get_by_text("When it doesn't work").click()
    method = dialog.locator("[data-method=desktop]")
    expect(method).to_contain_text("This browser shows notifications.")
    method.get_by_role("button", name="Send a test").click()
    expect(method.get_by_role("status")).to_be_visible()
    alba.expect_shown(TEST)


def test_settings_work_by_touch_on_a_phone(agent, window, account):
    choose_switches(agent)
    page = window(agent, viewport=MOBILE, has_touch=True, is_mobile=True).new_page()
    page.goto("/odoo/messaging")
    page.locator(".o-messaging-Bell").tap()
    dialog = page.get_by_role("dialog")
    switch = dialog.get_by_role("switch", name="assigned to me: Email")
    switch.tap()
    dialog.get_by_role("button", name="Save").tap()
    expect(dialog).to_have_count(0)
    page.locator(".o-messaging-Bell").tap()
    expect(switch).to_be_checked()
