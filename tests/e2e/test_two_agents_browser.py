"""Who handles what, as two agents at their screens meet it: all live, no reload."""

import contextlib

import pytest
from playwright.sync_api import expect

from tests.e2e.support.people import make_agent
from tests.e2e.support.screen import MOBILE, Screen, log_in
from tests.e2e.support.waiting import eventually

ALBA, BRUNO = "Alba Agent", "Bruno Agent"
TAKE = "**/messaging.conversation/action_assign**"
NO_ACCESS = "You have no access to this conversation"


@pytest.fixture(scope="module")
def windows(odoo, browser, agent, other_agent):
    """Alba's window and Bruno's, kept from test to test: they know the assets."""
    contexts = [log_in(browser, odoo.url, one) for one in (agent, other_agent)]
    yield contexts
    for context in contexts:
        context.close()


@pytest.fixture
def both(windows, conversation):
    """Alba's screen and Bruno's, both with the conversation open."""
    screens = [Screen(window.new_page()) for window in windows]
    for screen in screens:
        screen.open(conversation)
        screen.unfold("others")
    yield screens
    for screen in screens:
        screen.page.context.set_offline(False)
        screen.page.close()


@pytest.fixture(autouse=True)
def available(agent, other_agent):
    yield
    for person in (agent, other_agent):
        set_available(person, True)


def set_available(person, available):
    person.call("res.users", "action_messaging_set_available", [person.id], available)


def picker(screen):
    return screen.page.locator(".o-messaging-AssigneeMenu")


def choose(screen, text):
    screen.page.locator(".o-messaging-Assignee").click()
    picker(screen).get_by_text(text, exact=True).click()


def in_picker(screen, text):
    return picker(screen).locator(".dropdown-item", has_text=text)


def available_dot(place):
    return place.locator(".o-messaging-Availability-dot.o-available")


# In one go: between two questions the screen may have changed.
NUMBERS = """() => Object.fromEntries(
    ["mine", "unassigned", "others"].map((section) => {
        const header = document.querySelector(`[data-section=${section}]`);
        const places = [".o-messaging-Section-total", ".o-messaging-Badge"];
        const numbers = places.map((one) => header.querySelector(one)?.innerText);
        return [section, numbers.map((number) => number ?? "0")];
    })
)"""


def numbers(screen):
    """What the sections' headers say: {section: [total, unread]}."""
    return screen.page.evaluate(NUMBERS)


def counted(person):
    """The same as `numbers`, asked by RPC."""
    answer = person.call("messaging.conversation", "inbox_counters")
    text = {100: "99+"}
    return {
        section: [
            text.get(count, str(count))
            for count in (answer["totals"][section], answer[section])
        ]
        for section in ("mine", "unassigned", "others")
    }


def expect_same_numbers(screen, person):
    eventually(lambda: numbers(screen) == counted(person), 10, "the same numbers")


# -- sections -----------------------------------------------------------------


def test_a_conversation_changes_its_section_at_once_for_both(
    both, agent, other_agent, name
):
    alba, bruno = both
    choose(alba, "Assign to me")
    expect(alba.row(name, "mine")).to_be_visible()
    expect(bruno.row(name, "others")).to_be_visible()
    choose(bruno, "Assign to me")
    expect(bruno.row(name, "mine")).to_be_visible()
    expect(alba.row(name, "others")).to_be_visible()
    choose(alba, "Unassign")
    for screen, person in ((alba, agent), (bruno, other_agent)):
        expect(screen.row(name, "unassigned")).to_be_visible()
        expect(screen.bubble("Hello")).to_be_visible()
        expect_same_numbers(screen, person)


def test_sections_say_the_numbers_of_the_server(
    both, agent, other_agent, phone, known, name
):
    alba, bruno = both
    bruno.page.goto("/odoo/messaging")
    choose(alba, BRUNO)
    phone.write(known, "Still there?")
    expect(bruno.row(name, "mine").locator(".o-messaging-Badge")).to_be_visible()
    expect_same_numbers(alba, agent)
    expect_same_numbers(bruno, other_agent)


def test_of_two_who_take_at_the_same_instant_one_wins_and_the_other_reads_who(
    both, name
):
    held = []
    for screen in both:
        screen.page.route(TAKE, lambda route: held.append(route))
        choose(screen, "Assign to me")
    eventually(lambda: both[0].page.wait_for_timeout(50) or len(held) == 2)
    for route in held:
        route.continue_()

    def winners():
        both[0].page.wait_for_timeout(50)
        return [screen for screen in both if screen.row(name, "mine").count()]

    (winner,) = eventually(winners)
    loser = both[1 - both.index(winner)]
    holder = (ALBA, BRUNO)[both.index(winner)]
    notice = loser.page.locator(".o_notification")
    expect(notice).to_contain_text(f"{holder} has this conversation already.")
    expect(loser.row(name, "others")).to_be_visible()
    expect(loser.row(name, "mine")).to_have_count(0)
    expect(loser.page.locator(".o-messaging-Assignee")).to_contain_text(holder)
    expect(winner.page.locator(".o_notification")).to_have_count(0)


# -- availability ---------------------------------------------------------------


def test_colleagues_see_in_the_open_picker_who_comes_and_goes(both):
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


def test_a_refusal_says_who_is_available(both, other_agent, database):
    """Bruno went without a word on the bus, as when Alba's line is slow."""
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


def test_who_is_unavailable_can_not_take_but_goes_on_working(both, name, phone, known):
    alba, bruno = both
    choose(alba, "Assign to me")
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


# -- closing and reopening ------------------------------------------------------


def test_a_closed_conversation_of_a_colleague_is_found_and_reopened_by_another(
    both, name
):
    alba, bruno = both
    choose(alba, "Assign to me")
    expect(bruno.row(name, "others")).to_be_visible()
    bruno.state_button("Close conversation").click()
    for screen in both:
        expect(screen.state_button("Reopen")).to_be_visible()
        screen.unfold("closed")
        expect(screen.row(name, "closed")).to_be_visible()
    bruno.search.fill(name)
    results = bruno.page.get_by_label("Search results").locator(".o-messaging-Row")
    expect(results).to_have_count(1)
    bruno.search.fill("")
    bruno.state_button("Reopen").click()
    expect(alba.row(name, "mine")).to_be_visible()
    expect(bruno.row(name, "others")).to_be_visible()


def test_a_message_reopens_into_the_section_of_its_assignee(both, phone, known, name):
    alba, bruno = both
    choose(alba, "Assign to me")
    alba.page.get_by_role("switch", name="Availability").click()
    alba.state_button("Close conversation").click()
    expect(bruno.state_button("Reopen")).to_be_visible()
    phone.write(known, "One more thing")
    expect(alba.row(name, "mine")).to_contain_text("One more thing")
    expect(bruno.row(name, "others")).to_contain_text("One more thing")
    expect(alba.event("Reopened by the customer's message")).to_be_visible()


# -- deletion -------------------------------------------------------------------


def test_a_deletion_says_what_goes_and_stays_and_empties_all_screens(
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
        "Messages, files, drafts and read marks.",
        "Notes on contacts, leads and deals.",
        "What lies at Twilio stays there",
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


def test_an_old_link_says_that_the_conversation_was_deleted(
    screen, admin, conversation
):
    admin.call("messaging.conversation", "unlink", [conversation["id"]])
    screen.page.goto(f"/odoo/messaging/{conversation['id']}")
    expect(screen.page.get_by_text("This conversation was deleted")).to_be_visible()
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
    """What to write to make somebody no Agent, and to make him one again."""
    domain = [("name", "=", "group_messaging_user")]
    (group,) = admin.call("ir.model.data", "search_read", domain, ["res_id"])
    return [{"group_ids": [[code, group["res_id"]]]} for code in (3, 4)]


def without_company(admin, name):
    """What to write to move somebody to another company, and back."""
    values = [{"name": f"Company of {name}"}]
    (elsewhere,) = admin.call("res.company", "create", values)
    companies = elsewhere, 1
    return [{"company_ids": [[6, 0, [one]]], "company_id": one} for one in companies]


@pytest.mark.parametrize("losing", [without_group, without_company])
def test_who_loses_the_inbox_has_nothing_on_the_screen_until_it_is_back(
    losing, window, odoo, admin, conversation, name, phone, known
):
    carla = make_agent(odoo, admin, f"Carla {name}")
    screen = Screen(window(carla).new_page()).open(conversation)
    # What arrives proves that the screen listens.
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


def test_who_loses_access_to_what_is_assigned_to_him_is_taken_off(
    both, admin, conversation, name
):
    alba, _bruno = both
    choose(alba, "Assign to me")
    expect(alba.row(name, "mine")).to_be_visible()
    with private_channel(admin, conversation):
        expect(alba.row(name)).to_have_count(0)
    expect(alba.row(name, "unassigned")).to_be_visible()


# -- read marks and counters --------------------------------------------------------


def test_what_is_read_in_one_tab_is_read_in_the_others(
    window, agent, phone, customer, account, database, name
):
    phone.add(customer)
    context = window(agent)
    one, other = Screen(context.new_page()).open(), Screen(context.new_page())
    other.page.goto("/odoo/contacts")
    third = Screen(context.new_page()).open()
    systray = other.page.locator(".o-messaging-Systray")
    expect(systray).to_be_visible()
    before = counted(agent)["unassigned"]
    phone.write(customer, "Anybody there?")
    badge = third.row(name).locator(".o-messaging-Badge")
    expect(badge).to_have_text("1")
    eventually(lambda: counted(agent)["unassigned"] != before)
    one.row(name).click()
    expect(one.bubble("Anybody there?")).to_be_visible()
    expect(badge).to_have_count(0)
    for screen in (one, third):
        expect_same_numbers(screen, agent)
    expect_same_badges(agent, systray, one.page, other.page, third.page)


def expect_same_badges(person, systray, *pages):
    """The systray's number and the titles' are the server's."""

    def same():
        badge = person.call("messaging.conversation", "inbox_counters")["badge"]
        text = {0: "", 100: "99+"}.get(badge, str(badge))
        marks = [page.title().startswith(f"({badge})") for page in pages]
        return systray.inner_text().strip() == text and all(
            mark == bool(badge) for mark in marks
        )

    eventually(same, 10, "the server's number in the systray and the titles")


def test_after_an_interruption_sections_and_numbers_are_right_again(
    both, agent, other_agent, phone, known, name, customer
):
    alba, bruno = both
    alba.page.context.set_offline(True)
    expect(alba.banner).to_be_visible()
    choose(bruno, "Assign to me")
    expect(bruno.row(name, "mine")).to_be_visible()
    newcomer = customer.replace("+34611", "+34633")
    phone.add(newcomer)
    phone.write(newcomer, "I came meanwhile")
    alba.page.context.set_offline(False)
    expect(alba.row(name, "others")).to_be_visible()
    expect(alba.row(f"Customer {newcomer}", "unassigned")).to_be_visible()
    expect(alba.page.locator(".o-messaging-Assignee")).to_contain_text(BRUNO)
    expect_same_numbers(alba, agent)
    expect_same_numbers(bruno, other_agent)
