"""The screen shows every state of a conversation."""

from playwright.sync_api import expect

from tests.e2e.support.phone import SMS
from tests.e2e.support.screen import Screen


def test_a_closed_conversation_is_reopened_by_a_message_of_its_customer(
    screen, phone, known, conversation, name
):
    screen.open(conversation)
    screen.state_button("Close conversation").click()
    expect(screen.row(name, "unassigned")).to_have_count(0)
    screen.unfold("closed")
    expect(screen.row(name, "closed")).to_be_visible()
    expect(screen.page.get_by_text("This conversation is closed.")).to_be_visible()
    phone.write(known, "One more thing")
    expect(screen.row(name, "unassigned")).to_contain_text("One more thing")
    expect(screen.row(name, "closed")).to_have_count(0)
    expect(screen.composer).to_be_visible()


def test_a_closed_conversation_is_reopened_by_the_agent(screen, conversation, name):
    screen.open(conversation)
    screen.state_button("Close conversation").click()
    screen.state_button("Reopen").click()
    expect(screen.row(name, "unassigned")).to_be_visible()
    expect(screen.composer).to_be_visible()


def test_two_agents_in_two_browsers_see_the_same(
    screen, window, agent, other_agent, conversation, name, phone, known
):
    other = Screen(window(other_agent).new_page())
    screen.open(conversation)
    other.open(conversation)
    screen.page.locator(".o-messaging-Assignee").click()
    screen.page.get_by_text("Assign to me").click()
    expect(screen.row(name, "mine")).to_be_visible()
    other.unfold("others")
    expect(other.row(name, "others")).to_be_visible()
    screen.send("I take care of it")
    expect(other.bubble("I take care of it")).to_contain_text("Alba Agent")
    expect(other.tick("I take care of it", "delivered")).to_be_visible()
    phone.write(known, "Thank you")
    expect(screen.bubble("Thank you")).to_be_visible()
    expect(other.bubble("Thank you")).to_be_visible()
    other.state_button("Close conversation").click()
    expect(screen.page.get_by_text("This conversation is closed.")).to_be_visible()


def test_a_failed_message_says_why_and_can_be_retried(
    screen, phone, known, conversation
):
    phone.trouble(callbacks="fail", status="undelivered", error_code=63024)
    screen.open(conversation)
    screen.send("Try it")
    bubble = screen.bubble("Try it")
    expect(screen.tick("Try it", "failed")).to_be_visible()
    expect(bubble.locator(".o-messaging-Trouble")).to_contain_text(".")
    bubble.get_by_role("button", name="Retry").click()
    expect(screen.tick("Try it", "delivered")).to_be_visible()
    expect(bubble.locator(".o-messaging-Trouble")).to_have_count(0)


def test_a_message_that_may_have_been_sent_says_so(screen, phone, conversation):
    phone.trouble(request="500")
    screen.open(conversation)
    screen.send("Perhaps")
    expect(screen.tick("Perhaps", "unknown")).to_be_visible()
    trouble = screen.bubble("Perhaps").locator(".o-messaging-Trouble")
    expect(trouble.get_by_role("button", name="Retry")).to_be_visible()


def test_a_closed_reply_window_replaces_the_composer(screen, database, conversation):
    database.run(
        "UPDATE messaging_conversation SET last_inbound_at = last_inbound_at"
        " - interval '25 hours' WHERE id = %s",
        conversation["id"],
    )
    screen.open(conversation)
    expect(screen.page.get_by_text("The reply window is over.")).to_be_visible()
    expect(screen.composer).to_have_count(0)


def test_the_composer_comes_back_when_the_customer_writes_again(
    screen, database, conversation, phone, known
):
    database.run(
        "UPDATE messaging_conversation SET last_inbound_at = last_inbound_at"
        " - interval '25 hours' WHERE id = %s",
        conversation["id"],
    )
    screen.open(conversation)
    expect(screen.page.get_by_text("The reply window is over.")).to_be_visible()
    phone.write(known, "Still there?")
    expect(screen.composer).to_be_visible()


def test_a_customer_who_wrote_stop_gets_nothing_until_start(
    screen, database, phone, customer, account
):
    phone.add(customer)
    phone.write(customer, "Hi", line=SMS)
    screen.open(database.conversation(customer))
    expect(screen.composer).to_be_visible()
    phone.write(customer, "STOP", line=SMS)
    expect(screen.page.get_by_text("until they send START")).to_be_visible()
    phone.write(customer, "START", line=SMS)
    expect(screen.composer).to_be_visible()
