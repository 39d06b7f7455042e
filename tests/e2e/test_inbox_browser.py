"""The promises of the inbox as a person at the screen meets them."""

import statistics
import time

import pytest
from playwright.sync_api import expect

from tests.e2e.support.phone import SMS, file
from tests.e2e.support.screen import MOBILE, Screen
from tests.e2e.support.waiting import eventually
from tests.e2e.test_media import png

HANGS = 8
# The smallest file of its kind that a browser and a provider take.
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
VOICE = b"OggS\x00\x02" + bytes(200)


@pytest.fixture
def name(customer):
    return f"Customer {customer}"


@pytest.fixture
def conversation(database, known):
    return database.conversation(known)


# -- the spine ----------------------------------------------------------------


def test_what_a_customer_types_is_in_the_open_inbox_within_a_second_and_back(
    screen, handset, phone, account, customer, name
):
    who = phone.add(customer)["customer"]
    screen.open()
    hand = handset(who["id"])
    hand.write("Do you have the blue one?")
    row = screen.row(name, "unassigned")
    expect(row).to_contain_text("Do you have the blue one?")
    row.click()
    expect(screen.bubble("Do you have the blue one?")).to_be_visible()
    screen.send("Yes, tomorrow.")
    expect(hand.bubble("Yes, tomorrow.")).to_be_visible()
    expect(screen.tick("Yes, tomorrow.", "read")).to_be_visible()


def test_a_message_appears_within_a_second_without_a_reload(
    screen, phone, known, conversation
):
    screen.open(conversation)
    expect(screen.bubble("Hello")).to_be_visible()
    seconds = []
    for number in range(5):
        text = f"Quick {number}"
        phone.write(known, text, wait=False)
        started = time.monotonic()
        screen.bubble(text).wait_for(state="attached")
        seconds.append(time.monotonic() - started)
    assert statistics.median(seconds) < 1, seconds


def test_ticks_go_from_sent_to_delivered_to_read(screen, phone, known, conversation):
    phone.post("settings", pace=0.5)
    screen.open(conversation)
    screen.send("Ticks")
    expect(screen.tick("Ticks", "sent")).to_be_visible()
    expect(screen.tick("Ticks", "delivered")).to_be_visible()
    phone.look(known)
    expect(screen.tick("Ticks", "read")).to_be_visible()


def test_an_answer_is_on_the_screen_at_once(screen, phone, conversation):
    """The bubble doesn't wait for the server, which here waits for the provider."""
    screen.open(conversation)
    expect(screen.bubble("Hello")).to_be_visible()
    phone.trouble(request="timeout_before", seconds=HANGS)
    screen.send("Instant")
    expect(screen.bubble("Instant")).to_be_visible(timeout=1000)
    expect(screen.composer).to_have_value("")


# -- everything that can be sent ----------------------------------------------


def test_a_photo_of_a_customer_is_shown(screen, phone, known, conversation):
    screen.open(conversation)
    phone.write(known, "Look", media=[file("blue.png", png(), "image/png")])
    picture = screen.bubble("Look").locator(".o-messaging-File-picture img")
    expect(picture).to_be_visible()
    loaded = "image => image.complete && image.naturalWidth > 0"
    eventually(lambda: picture.evaluate(loaded))
    picture.click()
    expect(screen.page.locator(".o-FileViewer")).to_be_visible()


def test_a_voice_note_of_a_customer_has_a_player(screen, phone, known, conversation):
    screen.open(conversation)
    note = {**file("voice.ogg", VOICE, "audio/ogg"), "voice": True}
    phone.write(known, media=[note])
    expect(screen.page.locator(".o-messaging-Message audio")).to_be_visible()


def test_a_document_of_a_customer_can_be_downloaded(screen, phone, known, conversation):
    screen.open(conversation)
    phone.write(known, media=[file("offer.pdf", PDF, "application/pdf")])
    link = screen.page.get_by_label("Download offer.pdf")
    with screen.page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "offer.pdf"
    with open(download.value.path(), "rb") as content:
        assert content.read() == PDF


def test_a_location_of_a_customer_has_a_link_to_a_map(
    screen, phone, known, conversation
):
    screen.open(conversation)
    place = {"latitude": 41.4, "longitude": 2.17, "label": "The shop"}
    phone.write(known, location=place)
    link = screen.page.locator(".o-messaging-Location")
    expect(link).to_contain_text("The shop")
    assert "41.4" in link.get_attribute("href")


def test_a_contact_card_of_a_customer_is_shown(screen, phone, known, conversation):
    screen.open(conversation)
    phone.write(known, contact={"name": "Eva Cards", "phone": "+34600999888"})
    card = screen.page.locator(".o-messaging-Message.o-kind-contact")
    expect(card).to_contain_text("Contact card")


def test_a_choice_of_a_customer_shows_what_was_chosen(
    screen, phone, known, conversation
):
    screen.open(conversation)
    phone.write(known, choice={"type": "button", "text": "Yes, please", "id": "yes"})
    expect(screen.bubble("Yes, please")).to_be_visible()


def test_a_quoted_answer_of_a_customer_shows_the_quote(
    screen, phone, known, conversation
):
    screen.open(conversation)
    screen.send("Blue or red?")
    (ours,) = phone.received(known)
    phone.write(known, "The first one", reply_to=ours["sid"])
    quote = screen.bubble("The first one").locator(".o-messaging-Quote")
    expect(quote).to_contain_text("Blue or red?")


def test_photo_and_document_of_the_agent_arrive_on_the_phone(
    screen, phone, known, conversation
):
    screen.open(conversation)
    screen.attach(
        ("blue.png", png(), "image/png"), ("offer.pdf", PDF, "application/pdf")
    )
    expect(screen.page.locator(".o-messaging-ComposerFile")).to_have_count(2)
    screen.send("Here they are")

    def media():
        found = phone.received(known, 3, wait=20)
        kinds = [each["content_type"] for one in found for each in one["media"]]
        return kinds == ["image/png", "application/pdf"]

    eventually(media, 20)
    assert phone.bodies(known)[0] == "Here they are"


def test_a_file_that_the_channel_does_not_take_is_refused_at_once(screen, conversation):
    screen.open(conversation)
    screen.attach(("tool.exe", b"MZ" + bytes(100), "application/x-msdownload"))
    notice = screen.page.locator(".o_notification, .o-messaging-ComposerFile.o-failed")
    expect(notice.first).to_contain_text("tool.exe")
    expect(
        screen.page.locator(".o-messaging-ComposerFile:not(.o-failed)")
    ).to_have_count(0)


# -- states of a conversation -------------------------------------------------


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


def test_a_failed_message_says_why_and_is_sent_by_retry(
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


def test_a_message_that_may_have_left_says_so(screen, phone, conversation):
    phone.trouble(request="timeout_before", seconds=HANGS)
    screen.open(conversation)
    screen.send("Perhaps")
    expect(screen.tick("Perhaps", "unknown")).to_be_visible()
    trouble = screen.bubble("Perhaps").locator(".o-messaging-Trouble")
    expect(trouble.get_by_role("button", name="Retry")).to_be_visible()


def test_a_closed_reply_window_says_so_instead_of_a_composer(
    screen, database, conversation
):
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


def test_a_customer_who_said_stop_gets_nothing_until_start(
    screen, database, phone, customer, account
):
    phone.add(customer)
    phone.write(customer, "Hi", line=SMS)
    screen.open(database.conversation(customer))
    expect(screen.composer).to_be_visible()
    phone.write(customer, "STOP", line=SMS)
    expect(screen.page.get_by_text("The customer has opted out")).to_be_visible()
    phone.write(customer, "START", line=SMS)
    expect(screen.composer).to_be_visible()


# -- nothing typed is lost ----------------------------------------------------


def test_text_is_not_lost_on_an_error_and_is_sent_once_by_retry(
    screen, phone, known, conversation
):
    screen.open(conversation)
    expect(screen.bubble("Hello")).to_be_visible()
    reply = "**/messaging.conversation/reply**"
    screen.page.route(reply, lambda route: route.abort())
    screen.send("Don't lose me")
    bubble = screen.bubble("Don't lose me")
    expect(bubble.locator(".o-messaging-Trouble")).to_be_visible()
    screen.page.unroute(reply)
    bubble.get_by_role("button", name="Retry").click()
    expect(screen.tick("Don't lose me", "delivered")).to_be_visible()
    assert phone.bodies(known) == ["Don't lose me"]


def test_text_whose_answer_was_lost_is_not_sent_twice_by_retry(
    screen, phone, known, conversation
):
    """The server has it; only its answer did not come through."""
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
    screen.composer.fill("Begun at the desk")
    screen.composer.blur()
    time.sleep(2)
    other = Screen(window(agent).new_page()).open(conversation)
    expect(other.composer).to_have_value("Begun at the desk")


def test_offline_there_is_a_banner_and_nothing_pretends_to_be_sent(
    screen, phone, known, conversation
):
    screen.open(conversation)
    expect(screen.bubble("Hello")).to_be_visible()
    screen.page.context.set_offline(True)
    expect(screen.banner).to_contain_text("offline")
    screen.send("In a tunnel")
    bubble = screen.bubble("In a tunnel")
    expect(bubble.locator(".o-messaging-Trouble")).to_contain_text("offline")
    phone.write(known, "Are you there?")
    screen.page.context.set_offline(False)
    expect(screen.banner).to_have_count(0)
    expect(screen.bubble("Are you there?")).to_be_visible()
    bubble.get_by_role("button", name="Retry").click()
    expect(screen.tick("In a tunnel", "delivered")).to_be_visible()


# -- keyboard, phone width, badge ---------------------------------------------


def test_search_open_and_answer_work_by_keyboard_alone(
    screen, phone, known, conversation, customer
):
    screen.open()
    expect(screen.row(f"Customer {customer}")).to_be_visible()
    for _ in range(40):
        if screen.search.evaluate("input => input === document.activeElement"):
            break
        screen.page.keyboard.press("Tab")
    screen.page.keyboard.type(customer[-6:])
    results = screen.page.get_by_label("Search results").locator(".o-messaging-Row")
    expect(results).to_have_count(1)
    screen.page.keyboard.press("ArrowDown")
    screen.page.keyboard.press("Enter")
    expect(screen.composer).to_be_focused()
    screen.page.keyboard.type("Typed only")
    screen.page.keyboard.press("Enter")
    expect(screen.bubble("Typed only")).to_be_visible()
    phone.received(known)
    assert phone.bodies(known) == ["Typed only"]


def test_shift_and_enter_make_a_new_line(screen, phone, known, conversation):
    screen.open(conversation)
    screen.composer.fill("One")
    screen.composer.press("Shift+Enter")
    screen.composer.press_sequentially("Two")
    screen.composer.press("Enter")
    phone.received(known)
    assert phone.bodies(known) == ["One\nTwo"]


def test_at_phone_width_one_pane_is_shown_at_a_time(
    window, agent, conversation, phone, known, name
):
    context = window(agent, viewport=MOBILE, has_touch=True, is_mobile=True)
    screen = Screen(context.new_page()).open()
    row = screen.row(name)
    row.tap()
    expect(screen.bubble("Hello")).to_be_visible()
    expect(row).to_have_count(0)
    screen.composer.fill("From the tram")
    screen.send_button.tap()
    phone.received(known)
    width = "document.documentElement.scrollWidth"
    assert screen.page.evaluate(width) <= MOBILE["width"]
    screen.page.get_by_label("Back to the conversations").tap()
    expect(screen.row(name)).to_be_visible()
    expect(screen.composer).to_have_count(0)


def test_unread_messages_are_counted_until_the_conversation_is_opened(
    screen, phone, known, conversation, name
):
    phone.write(known, "And another thing")
    screen.open()
    badge = screen.row(name).locator(".o-messaging-Badge")
    expect(badge).to_have_text("2")
    screen.row(name).click()
    expect(screen.bubble("And another thing")).to_be_visible()
    expect(badge).to_have_count(0)


def test_the_badge_in_the_systray_grows_everywhere_in_odoo(
    screen, phone, customer, account
):
    screen.page.goto("/odoo/contacts")
    systray = screen.page.locator(".o-messaging-Systray")
    expect(systray).to_be_visible()
    before = systray.inner_text().strip()
    phone.add(customer)
    phone.write(customer, "Anybody there?")
    eventually(lambda: systray.inner_text().strip() != before, 10)
    systray.click()
    expect(screen.row(f"Customer {customer}")).to_be_visible()


# -- one's name on the door ----------------------------------------------------


def test_text_of_a_customer_is_never_run_as_markup(screen, phone, known, conversation):
    screen.open(conversation)
    text = "<img src=x onerror=\"document.title='owned'\"><b>bold</b>"
    phone.write(known, text)
    expect(screen.bubble("<b>bold</b>")).to_be_visible()
    assert screen.page.title() != "owned"
    assert screen.page.locator(".o-messaging-Bubble b", has_text="bold").count() == 0


def test_only_the_installer_is_offered_to_delete_and_all_see_it_go(
    screen, window, admin, conversation, name
):
    screen.open(conversation)
    screen.page.locator(".o-messaging-Header-name").click()
    expect(screen.page.get_by_text("Mark as unread")).to_be_visible()
    expect(screen.page.get_by_text("Delete conversation")).to_have_count(0)
    screen.page.keyboard.press("Escape")
    installer = Screen(window(admin).new_page()).open(conversation)
    installer.page.locator(".o-messaging-Header-name").click()
    installer.page.get_by_text("Delete conversation").click()
    dialog = installer.page.get_by_role("dialog")
    expect(dialog).to_contain_text("stays there")
    dialog.get_by_role("button", name="Delete").click()
    expect(screen.page.get_by_text("This conversation was deleted")).to_be_visible()
    expect(screen.row(name)).to_have_count(0)
