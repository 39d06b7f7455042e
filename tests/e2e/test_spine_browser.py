"""The main promises of the inbox, as users see them."""

from playwright.sync_api import expect

HANGS = 8


def test_a_customers_message_appears_in_the_inbox_and_is_answered(
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


def test_messages_appear_without_a_reload(screen, phone, known, conversation):
    screen.open(conversation)
    expect(screen.bubble("Hello")).to_be_visible()
    screen.page.evaluate("window.stillTheSamePage = true")
    for number in range(5):
        phone.write(known, f"Quick {number}", wait=False)
        expect(screen.bubble(f"Quick {number}")).to_be_visible()
    assert screen.page.evaluate("window.stillTheSamePage")


def test_ticks_go_from_sent_to_delivered_to_read(screen, phone, known, conversation):
    phone.post("settings", pace=0.5)
    screen.open(conversation)
    screen.send("Ticks")
    expect(screen.tick("Ticks", "sent")).to_be_visible()
    expect(screen.tick("Ticks", "delivered")).to_be_visible()
    phone.look(known)
    expect(screen.tick("Ticks", "read")).to_be_visible()


def test_a_reply_is_on_the_screen_at_once(screen, phone, conversation):
    """The bubble doesn't wait for the server, which waits for the provider here."""
    screen.open(conversation)
    expect(screen.bubble("Hello")).to_be_visible()
    phone.trouble(request="timeout_before", seconds=HANGS)
    screen.send("Instant")
    expect(screen.bubble("Instant")).to_be_visible(timeout=HANGS * 500)
    expect(screen.composer).to_have_value("")
