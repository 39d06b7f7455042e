"""Finding what was written, coming back to it, and who answered meanwhile."""

import pytest
from playwright.sync_api import expect

from tests.e2e.support.screen import DESKTOP, MOBILE, Screen
from tests.e2e.test_accessibility_browser import violations

OLD, MANY = "Is the zebra bike there?", 120


@pytest.fixture
def long_conversation(database, conversation):
    """Fill the conversation: an old question far above the newest messages."""
    database.run(
        "INSERT INTO messaging_message (conversation_id, channel_id, direction, state,"
        " kind, body, sent_at, create_date, write_date)"
        " SELECT %s, %s, 'inbound', 'received', 'text',"
        " CASE n WHEN 10 THEN %s ELSE 'Filling ' || n END, now(), now(), now()"
        " FROM generate_series(1, %s) AS n",
        conversation["id"],
        conversation["channel_id"],
        OLD,
        MANY,
    )
    database.run(
        "UPDATE messaging_conversation SET last_message_id ="
        " (SELECT max(id) FROM messaging_message WHERE conversation_id = %s)"
        " WHERE id = %s",
        conversation["id"],
        conversation["id"],
    )
    return conversation


@pytest.mark.parametrize("viewport", [DESKTOP, MOBILE], ids=["desktop", "phone"])
def test_a_found_message_opens_in_its_place_and_leads_to_the_newest(
    window, agent, long_conversation, viewport, name
):
    screen = Screen(window(agent, viewport=viewport).new_page())
    page = screen.page
    screen.open()
    screen.search.fill("there ZEBRA")
    hit = page.locator(".o-messaging-SearchHit", has_text=name)
    expect(hit.locator("mark")).to_have_text(["zebra", "there"])
    assert violations(page) == []
    hit.click()
    expect(screen.bubble(OLD)).to_be_in_viewport()
    expect(screen.bubble(f"Filling {MANY}")).to_have_count(0)
    page.get_by_label("Jump to the newest message").click()
    expect(screen.bubble(f"Filling {MANY}")).to_be_in_viewport()
    expect(screen.bubble(OLD)).to_have_count(0)
    page.locator(".o-messaging-Thread-scroll").focus()
    page.keyboard.press("Control+f")
    page.get_by_role("textbox", name="Find in this conversation").fill("zebra")
    expect(page.locator(".o-messaging-FindBar-result")).to_have_text("1 of 1")
    expect(screen.bubble(OLD)).to_be_in_viewport()
    assert violations(page) == []


def test_a_snoozed_conversation_comes_back_with_its_time(
    screen, agent, conversation, database, name
):
    agent.conversation(conversation, "action_assign", agent.id)
    screen.open(conversation)
    screen.page.keyboard.press("Alt+Shift+Z")
    screen.page.get_by_role("menuitem", name="Tomorrow morning").click()
    screen.unfold("snoozed")
    expect(screen.row(name, "snoozed")).to_be_visible()
    database.after_a_while(lambda: screen.row(name, "mine").count())
    expect(screen.row(name, "mine")).to_contain_text("The snooze is over")


def test_who_writes_after_a_colleague_is_told_and_may_send_anyway(
    screen, other_agent, conversation
):
    screen.open(conversation)
    screen.page.context.set_offline(True)
    screen.send("We have it")
    expect(screen.bubble("We have it")).to_contain_text("Waiting for connection")
    other_agent.reply(conversation, "Sold out")
    screen.page.context.set_offline(False)
    bubble = screen.bubble("We have it")
    expect(bubble).to_contain_text("Bruno Agent has answered meanwhile")
    bubble.get_by_role("button", name="Send anyway").click()
    expect(
        screen.tick("We have it", "sent").or_(screen.tick("We have it", "delivered"))
    )
    expect(bubble.locator(".o-messaging-Trouble")).to_have_count(0)
