"""No typed text is lost, and none is sent twice."""

from contextlib import suppress

from playwright.sync_api import Error, expect

from tests.e2e.support.screen import Screen


def test_text_survives_an_error_and_is_sent_once_by_retry(
    screen, phone, known, conversation
):
    screen.open(conversation)
    expect(screen.bubble("Hello")).to_be_visible()
    reply = "**/messaging.conversation/reply**"
    screen.page.route(reply, lambda route: route.abort())
    screen.send("Don't lose me")
    bubble = screen.bubble("Don't lose me")
    expect(bubble.locator(".o-messaging-Trouble")).to_be_visible()
    retry = bubble.get_by_role("button", name="Retry")
    expect(retry).to_be_visible()
    screen.page.unroute(reply)
    # It may have been sent automatically meanwhile
    with suppress(Error):
        retry.click(timeout=2000)
    expect(screen.tick("Don't lose me", "delivered")).to_be_visible()
    assert phone.bodies(known) == ["Don't lose me"]


def test_retry_after_a_lost_answer_sends_no_second_message(
    screen, phone, known, conversation
):
    """The server has the text; only its answer was lost."""
    screen.open(conversation)
    expect(screen.bubble("Hello")).to_be_visible()
    reply = "**/messaging.conversation/reply**"

    def lose_answer(route):
        route.fetch()
        route.abort()

    screen.page.route(reply, lose_answer)
    with screen.page.expect_event("requestfailed"):
        screen.send("Only once")
    screen.page.unroute(reply)
    expect(screen.tick("Only once", "delivered")).to_be_visible()
    assert phone.bodies(known) == ["Only once"]
    expect(screen.bubble("Only once")).to_have_count(1)


def test_a_draft_survives_a_switch_and_a_reload(
    screen, conversation, phone, customer, database, name
):
    other = customer.replace("+34611", "+34622")
    phone.add(other)
    phone.write(other, "Me too")
    screen.open(conversation)
    screen.composer.fill("Half a sen")
    screen.row(f"Customer {other}").click()
    expect(screen.bubble("Me too")).to_be_visible()
    expect(screen.composer).to_have_value("")
    screen.row(name).click()
    expect(screen.composer).to_have_value("Half a sen")
    screen.page.reload()
    expect(screen.composer).to_have_value("Half a sen")


def test_a_draft_follows_the_agent_to_another_browser(
    screen, window, agent, conversation
):
    screen.open(conversation)
    with screen.page.expect_response("**/inbox_save_draft"):
        screen.composer.fill("Begun at the desk")
        screen.composer.blur()
    other = Screen(window(agent).new_page()).open(conversation)
    expect(other.composer).to_have_value("Begun at the desk")


def test_an_offline_message_waits_and_is_sent_once_automatically(
    screen, phone, known, conversation
):
    screen.open(conversation)
    expect(screen.bubble("Hello")).to_be_visible()
    screen.page.context.set_offline(True)
    expect(screen.banner).to_contain_text("offline")
    screen.send("In a tunnel")
    bubble = screen.bubble("In a tunnel")
    expect(bubble).to_contain_text("Waiting for connection")
    waiting = screen.row(conversation["contact_name"]).get_by_role(
        "img", name="Waiting for connection"
    )
    expect(waiting).to_be_visible()
    phone.write(known, "Are you there?")
    screen.page.context.set_offline(False)
    expect(screen.banner).to_have_count(0)
    expect(screen.bubble("Are you there?")).to_be_visible()
    expect(screen.tick("In a tunnel", "delivered")).to_be_visible()
    expect(waiting).to_have_count(0)
    expect(bubble).to_have_count(1)
