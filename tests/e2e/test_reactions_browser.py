"""Agents react to customers' messages: on the phone, and on colleagues' screens."""

import pytest
from playwright.sync_api import expect

from tests.e2e.support.screen import Screen, leave


@pytest.fixture
def talk(fan, database):
    fan.write("Thank you")
    return database.conversation(fan.external_id)


@pytest.fixture
def both_open(windows):
    """Open a conversation on Alba's and Bruno's screens."""
    screens = [Screen(window.new_page()) for window in windows]

    def open_in_both(conversation):
        for screen in screens:
            screen.open(conversation)
        return screens

    yield open_in_both
    for screen in screens:
        leave(screen.page)


def on_the_phone(fan):
    """Return the reactions at the customer's message, as the phone shows them."""
    found = fan.phone.get("messages", customer=fan.external_id)["messages"]
    return next(each["reactions"] for each in found if each["body"] == "Thank you")


def react(screen, emoji):
    bubble = screen.bubble("Thank you")
    bubble.hover()
    bubble.get_by_role("button", name="React to this message").click()
    palette = screen.page.get_by_role("toolbar", name="Reactions")
    palette.get_by_role("button", name=emoji).click()


def ours(screen):
    return screen.bubble("Thank you").locator(".o-messaging-Reactions")


def test_a_reaction_reaches_the_customer_and_colleagues(both_open, fan, talk, database):
    mine, colleagues = both_open(talk)
    react(mine, "❤️")
    seen = colleagues.page.get_by_label("Alba Agent reacted with ❤️")
    expect(seen).to_be_visible()
    database.after_a_while(lambda: on_the_phone(fan) == {"us": "❤️"}, what="❤️")
    expect(mine.page.locator(".o-waiting")).to_have_count(0)
    seen.click()
    database.after_a_while(lambda: on_the_phone(fan) == {}, what="no reaction")
    expect(ours(mine)).to_have_count(0)


def test_odoos_emoji_picker_offers_all_others(screen, fan, talk, database):
    screen.open(talk)
    react(screen, "More emojis")
    picker = screen.page.locator(".o-EmojiPicker")
    picker.locator("input").fill("tada")
    picker.locator(".o-Emoji[data-codepoints='🎉']").first.click()
    expect(picker).to_have_count(0)
    expect(ours(screen)).to_have_text("🎉")
    database.after_a_while(lambda: on_the_phone(fan) == {"us": "🎉"}, what="🎉")


def test_a_lost_answer_ends_with_one_reaction(screen, fan, talk, database):
    screen.open(talk)
    fault = {"request": "timeout_after", "times": 1, "method": "POST"}
    fan.phone.post("faults", **fault, path="/messages", seconds=6)
    react(screen, "👍")
    expect(ours(screen).locator(".o-waiting")).to_be_visible()
    waiting = ours(screen).locator(".o-waiting")
    database.after_a_while(lambda: not waiting.count(), what="the answer")
    assert on_the_phone(fan) == {"us": "👍"}


def test_a_refusal_is_explained_and_can_be_dismissed(screen, fan, talk):
    screen.open(talk)
    fault = {"request": "error", "times": 1, "method": "POST", "path": "/messages"}
    fan.phone.post("faults", **fault, code=100)
    react(screen, "👍")
    trouble = screen.bubble("Thank you").get_by_role("alert")
    expect(trouble).to_contain_text("The provider didn't accept this reaction.")
    trouble.get_by_role("button", name="Dismiss").click()
    expect(trouble).to_have_count(0)
    assert on_the_phone(fan) == {}
