"""Messenger and Instagram on the page, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.unit.practice_phone.graph import PSID, Graph, error_of, wait_for
from tests.unit.practice_phone.test_page import choose, write


@pytest.fixture
def odoo(server):
    return server[1]


@pytest.fixture
def graph(control):
    graph = Graph(control)
    graph.connect()
    return graph


@pytest.fixture
def messenger(page, graph):
    """Lucía's phone, writing to the shop's Page."""
    return at_line(page, "Messenger")


def at_line(page, kind):
    choose(page, "Lucía")
    lines = page.get_by_role("group", name="Written by")
    lines.get_by_role("button", name=kind).click()
    expect(page.locator(".device")).to_have_attribute("data-kind", kind.lower())
    return page


def own_bubble(page, text):
    bubble = page.locator(".message.own", has_text=text)
    expect(bubble.get_by_role("img", name="Received", exact=True)).to_be_visible()
    bubble.hover()
    return bubble


def test_a_text_reaches_the_page_and_an_answer_comes_back(messenger, graph, odoo):
    write(messenger, "Do you have the blue one?")
    own_bubble(messenger, "Do you have the blue one?")
    assert graph.send("Yes!").status_code == 200
    expect(messenger.locator(".message.theirs")).to_contain_text("Yes!")
    # It is looked at, so it is read.
    (read,) = wait_for(odoo, "read")
    assert read["sender"]["id"] == PSID


def test_a_reaction_is_added_and_removed(messenger, graph, odoo):
    write(messenger, "Hi")
    for word in ("react", "unreact"):
        bubble = own_bubble(messenger, "Hi")
        bubble.get_by_role("button", name="React").click()
        bubble.get_by_role("menuitem", name="👍").click()
        shown = bubble.locator(".reactions")
        expect(shown).to_have_count(1 if word == "react" else 0)
    added, removed = wait_for(odoo, "reaction", 2)
    assert added["reaction"]["action"] == "react"
    assert removed["reaction"]["action"] == "unreact"


def test_a_message_is_edited_and_unsent(page, graph, odoo):
    at_line(page, "Instagram")
    write(page, "Helo")
    own_bubble(page, "Helo").get_by_role("button", name="Edit").click()
    page.get_by_role("dialog").get_by_label("Text").fill("Hello")
    page.get_by_role("button", name="Save").click()
    bubble = own_bubble(page, "Hello")
    expect(bubble).to_contain_text("Edited")
    assert wait_for(odoo, "message_edit")[0]["message_edit"]["text"] == "Hello"
    bubble.get_by_role("button", name="Unsend").click()
    expect(page.get_by_role("log")).to_contain_text("You unsent this message")
    assert wait_for(odoo, "is_deleted")


def test_a_customer_answers_a_story_and_arrives_from_an_ad(page, graph, odoo):
    at_line(page, "Instagram")
    page.get_by_role("textbox", name="Message").fill("Beautiful")
    page.get_by_role("button", name="Attach", exact=True).click()
    expect(page.get_by_role("menuitem", name="Contact")).to_be_hidden()
    page.get_by_role("menuitem", name="Reply to a story").click()
    story = own_bubble(page, "Beautiful").get_by_role("img", name="Story")
    expect(story).to_be_visible()
    story.evaluate("image => image.decode()")
    page.get_by_role("button", name="Attach", exact=True).click()
    page.get_by_role("menuitem", name="Arrive from an ad").click()
    page.get_by_role("button", name="Send", exact=True).last.click()
    expect(page.locator(".message.own").last).to_contain_text("Came from an ad")
    assert wait_for(odoo, "referral")[0]["message"]["referral"]["source"] == "ADS"


def test_the_shop_answers_outside_odoo(messenger, graph, odoo):
    messenger.get_by_role("button", name="Write as the shop").click()
    messenger.get_by_label("As the shop").fill("From my own phone")
    messenger.get_by_role("button", name="Send", exact=True).last.click()
    bubble = messenger.locator(".message.theirs", has_text="From my own phone")
    expect(bubble).to_contain_text("Sent outside Odoo")
    assert wait_for(odoo, "is_echo")


def test_meta_drops_the_page_and_revokes_the_tokens(messenger, graph):
    messenger.get_by_role("button", name="Let Meta drop the Page").click()
    expect(messenger.locator(".chat-notice")).to_contain_text("isn't connected")
    for is_valid in (False, True):
        with messenger.expect_response("**/control/accounts"):
            messenger.get_by_text("Meta accepts requests").click()
        tokens = messenger.get_by_role("switch", name="Access tokens")
        expect(tokens).to_be_checked(checked=is_valid)
        answer = graph.get("/me")
        assert answer.status_code == 200 if is_valid else error_of(answer) == (190, 460)


def test_all_lines_fit_on_a_phone(page, graph):
    page.set_viewport_size({"width": 390, "height": 844})
    choose(page, "Lucía")
    tabs = page.get_by_role("group", name="Written by")
    width = tabs.evaluate("tabs => tabs.scrollWidth - tabs.clientWidth")
    assert width == 0
    expect(tabs.get_by_role("button", name=re.compile("Instagram"))).to_be_in_viewport()
