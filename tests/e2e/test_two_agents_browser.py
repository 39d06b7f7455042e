"""Assignment, as two agents see it live on their screens."""

from playwright.sync_api import expect

from tests.e2e.support.assignment import ALBA, BRUNO, choose
from tests.e2e.support.counters import (
    expect_same_badges,
    expect_same_numbers,
)
from tests.e2e.support.people import make_agent
from tests.e2e.support.screen import Screen
from tests.waiting import eventually

TAKE = "**/messaging.conversation/action_assign**"


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


def test_sections_show_the_servers_numbers(
    both, agent, other_agent, phone, known, name
):
    alba, bruno = both
    bruno.page.goto("/odoo/messaging")
    choose(alba, BRUNO)
    phone.write(known, "Still there?")
    expect(bruno.row(name, "mine").locator(".o-messaging-Badge")).to_be_visible()
    expect_same_numbers(alba, agent)
    expect_same_numbers(bruno, other_agent)


def test_of_two_simultaneous_takes_the_loser_sees_the_assignee(both, name):
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
    assignee = (ALBA, BRUNO)[both.index(winner)]
    notice = loser.page.locator(".o_notification")
    expect(notice).to_contain_text(f"{assignee} already has this conversation.")
    expect(loser.row(name, "others")).to_be_visible()
    expect(loser.row(name, "mine")).to_have_count(0)
    expect(loser.page.locator(".o-messaging-Assignee")).to_contain_text(assignee)
    expect(winner.page.locator(".o_notification")).to_have_count(0)


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
    expect(alba.row(name, "mine")).to_be_visible()
    alba.page.get_by_role("switch", name="Availability").click()
    alba.state_button("Close conversation").click()
    expect(bruno.state_button("Reopen")).to_be_visible()
    phone.write(known, "One more thing")
    expect(alba.row(name, "mine")).to_contain_text("One more thing")
    expect(bruno.row(name, "others")).to_contain_text("One more thing")
    expect(alba.event("Reopened by the customer's message")).to_be_visible()


# -- read markers and counters --------------------------------------------------------


def test_a_conversation_read_in_one_tab_is_read_in_the_others(
    window, odoo, admin, phone, customer, account, name
):
    """A new user: beyond 99 unread conversations, one more changes no number."""
    reader = make_agent(odoo, admin, f"Rita {name[-4:]}")
    phone.add(customer)
    context = window(reader)
    one, other = Screen(context.new_page()).open(), Screen(context.new_page())
    other.page.goto("/odoo/contacts")
    third = Screen(context.new_page()).open()
    systray = other.page.locator(".o-messaging-Systray")
    expect(systray).to_be_visible()
    expect(systray).to_have_text("")
    phone.write(customer, "Anybody there?")
    badge = third.row(name).locator(".o-messaging-Badge")
    expect(badge).to_have_text("1")
    expect(systray).to_have_text("1")
    one.row(name).click()
    expect(one.bubble("Anybody there?")).to_be_visible()
    expect(badge).to_have_count(0)
    for screen in (one, third):
        expect_same_numbers(screen, reader)
    expect_same_badges(reader, systray, one.page, other.page, third.page)


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
