"""Colleagues at work on the same conversations, on two screens."""

from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.e2e.support.assignment import ALBA, BRUNO
from tests.e2e.support.screen import DESKTOP, MOBILE, Screen
from tests.e2e.test_accessibility_browser import violations

SCHEDULED = ".o-messaging-Scheduled"
BAR = ".o-messaging-SelectionBar"
MANY = 160


def test_a_mention_is_seen_at_once_until_it_is_read(
    both, agent, other_agent, conversation, name
):
    alba, bruno = both
    bruno.page.goto("/odoo/messaging")
    expect(bruno.row(name)).to_be_visible()
    agent.call(
        "messaging.conversation",
        "action_note",
        [conversation["id"]],
        "Your bike?",
        mention_ids=[other_agent.id],
    )
    expect(bruno.page.locator(".o_notification")).to_contain_text("mentioned you")
    mark = bruno.row(name).get_by_role("img", name="A colleague mentioned you")
    expect(mark).to_be_visible()
    bruno.page.locator("[data-filter=mentions]").click()
    assert violations(bruno.page) == []
    bruno.row(name).click()
    expect(mark).to_have_count(0)
    expect(bruno.row(name)).to_be_visible()
    expect(
        alba.page.locator("[data-filter=mentions] .o-messaging-Badge")
    ).to_have_count(0)


def test_colleagues_see_who_has_it_open_and_who_types(both, name):
    alba, bruno = both
    colleague = alba.page.locator(".o-messaging-Colleague img")
    expect(colleague).to_have_attribute("alt", f"{BRUNO} has this conversation open")
    bruno.composer.press_sequentially("I will")
    typing = alba.page.locator(".o-messaging-Header-typing")
    expect(typing).to_have_text(f"{BRUNO} is typing…")
    assert violations(alba.page) == []
    expect(bruno.page.locator(".o-messaging-Colleague img")).to_have_attribute(
        "alt", f"{ALBA} has this conversation open"
    )
    bruno.page.goto("/odoo")
    expect(colleague).to_have_count(0)


@pytest.mark.parametrize("viewport", [DESKTOP, MOBILE], ids=["desktop", "phone"])
def test_a_message_is_sent_later_unless_the_customer_writes(
    window, agent, phone, known, conversation, viewport
):
    screen = Screen(window(agent, viewport=viewport).new_page())
    page = screen.page
    screen.open(conversation)
    for text in ("Good morning", "Still interested?"):
        screen.composer.fill(text)
        page.get_by_role("button", name="Send later").click()
        page.locator(".o-messaging-Time").first.click()
        expect(page.locator(SCHEDULED, has_text=text)).to_contain_text("Will be sent")
        expect(screen.composer).to_have_value("")
    assert violations(page) == []
    first = page.locator(SCHEDULED, has_text="Good morning")
    first.get_by_role("button", name="Send now").click()
    expect(first).to_have_count(0)
    phone.received(known)
    phone.write(known, "I am back")
    rest = page.locator(SCHEDULED)
    expect(rest).to_contain_text("the customer wrote first")
    rest.get_by_role("button", name="Edit").click()
    expect(rest).to_have_count(0)
    expect(screen.composer).to_have_value("Still interested?")


def test_a_scheduled_message_leaves_at_its_time(
    screen, database, phone, known, conversation
):
    screen.open(conversation)
    screen.composer.fill("Good morning")
    screen.page.keyboard.press("Alt+Shift+S")
    screen.page.locator(".o-messaging-Time").first.click()
    expect(screen.page.locator(SCHEDULED)).to_be_visible()
    database.after_a_while(lambda: "Good morning" in phone.bodies(known))
    expect(screen.bubble("Good morning")).to_have_count(1)
    expect(screen.page.locator(SCHEDULED)).to_have_count(0)


def test_many_are_closed_at_once_and_undo_brings_them_back(
    screen, phone, conversation, name
):
    other = "+34600998877"
    phone.add(other)
    phone.write(other, "Hello")
    names = [name, f"Customer {other}"]
    page = screen.open().page
    for each in names:
        screen.row(each, "unassigned").click(modifiers=["Control"])
    expect(page.locator(BAR)).to_contain_text("2 selected")
    assert violations(page) == []
    page.locator(BAR).get_by_role("button", name="Close conversations").click()
    for each in names:
        expect(screen.row(each, "unassigned")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    for each in names:
        expect(screen.row(each, "unassigned")).to_be_visible()


@contextmanager
def many_conversations(database, conversation, agent):
    """Add conversations that mention the agent, and delete them afterwards."""
    database.run(
        "INSERT INTO messaging_conversation (channel_id, contact_name, state,"
        " last_message_id, last_message_at, create_date, write_date)"
        " SELECT %s, 'Filling ' || n || ' of many', 'open', n, now(), now(), now()"
        " FROM generate_series(1, %s) AS n",
        conversation["channel_id"],
        MANY,
    )
    # A filter that leaves out what other tests left.
    database.run(
        "INSERT INTO messaging_participation (conversation_id, user_id,"
        " mention_message_id) SELECT id, %s, 1 FROM messaging_conversation"
        " WHERE contact_name LIKE 'Filling %% of many'",
        agent.id,
    )
    try:
        yield
    finally:
        filling = "contact_name LIKE 'Filling %% of many'"
        database.run(f"DELETE FROM messaging_conversation WHERE {filling}")


def test_a_long_list_scrolls_to_its_end(screen, agent, database, conversation):
    with many_conversations(database, conversation, agent):
        page = screen.open().page
        page.locator("[data-filter=mentions]").click()
        screen.section("unassigned").locator(".o-messaging-Row").first.focus()
        last = page.locator(".o-messaging-Row", has_text="Filling 1 of many")
        for _page in range(200):
            page.keyboard.press("End")
            if last.count():
                break
            page.wait_for_timeout(200)
        expect(last).to_be_in_viewport()
        # Only a part of them is drawn.
        assert page.locator(".o-messaging-Row").count() < MANY
