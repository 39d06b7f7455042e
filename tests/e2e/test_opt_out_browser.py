"""A customer opts out and in: what agents see, and what the provider still blocks."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.support.people import Refused
from tests.e2e.support.phone import SMS, WHATSAPP
from tests.e2e.support.screen import Screen
from tests.waiting import eventually


@pytest.fixture
def both_channels(phone, account, customer, database):
    """Return the conversations of a customer who writes by SMS and on WhatsApp."""
    phone.add(customer)
    for line in (SMS, WHATSAPP):
        phone.write(customer, "Hello", line=line)

    def look():
        rows = database.rows(
            "SELECT c.id, ch.kind FROM messaging_conversation c"
            " JOIN messaging_channel ch ON ch.id = c.channel_id"
            " WHERE c.contact_phone = %s",
            customer,
        )
        return len(rows) == 2 and {row["kind"]: row for row in rows}

    return eventually(look)


@pytest.fixture
def proof(database):
    def look(conversation):
        (row,) = database.rows(
            "SELECT c.opted_out, c.opt_out_source, m.body FROM messaging_conversation c"
            " LEFT JOIN messaging_message m ON m.id = c.opt_out_message_id"
            " WHERE c.id = %s",
            conversation["id"],
        )
        return tuple(row.values())

    return look


def test_stop_is_shown_respected_on_all_channels_and_ended_by_start(
    screen, both_channels, phone, customer, proof, admin
):
    sms, whatsapp = both_channels["sms"], both_channels["whatsapp"]
    screen.open(sms)
    phone.write(customer, "Stop", line=SMS)
    badge = screen.page.locator(".o-messaging-Header-optOut")
    expect(badge).to_contain_text("Opted out")
    expect(badge).to_have_attribute("title", re.compile("The customer opted out on "))
    expect(screen.page.get_by_text("until they send START")).to_be_visible()
    assert proof(sms) == (True, "customer", "Stop")
    assert proof(whatsapp) == (True, "blacklist", None)
    domain = [["number", "=", customer]]
    assert admin.call("phone.blacklist", "search_count", domain) == 1
    phone.write(customer, "START", line=SMS)
    expect(screen.composer).to_be_visible()
    expect(badge).to_have_count(0)
    assert proof(whatsapp)[0] is False
    assert admin.call("phone.blacklist", "search_count", domain) == 0


def test_the_contact_says_with_which_message_it_opted_out(
    screen, both_channels, phone, customer, proof, agent, admin
):
    sms = both_channels["sms"]
    partner = admin.call("res.partner", "create", [{"name": f"Ana {customer}"}])[0]
    agent.conversation(sms, "action_link", partner)
    phone.write(customer, "STOP", line=SMS)
    eventually(lambda: proof(sms)[0])
    screen.page.goto(f"/odoo/res.partner/{partner}")
    expect(
        screen.page.locator(".alert", has_text="Opted out with “STOP”")
    ).to_be_visible()


def test_a_manager_records_an_opt_in_and_the_providers_block_shows_again(
    window, both_channels, phone, customer, proof, admin, agent
):
    sms = both_channels["sms"]
    phone.write(customer, "STOP", line=SMS)
    eventually(lambda: proof(sms)[0])
    with pytest.raises(Refused, match="Only managers"):
        agent.conversation(sms, "action_opt_in", "Agreed by phone")
    screen = Screen(window(admin).new_page()).open(sms)
    screen.page.get_by_role("button", name="Record an opt-in…").click()
    dialog = screen.page.get_by_role("dialog")
    expect(dialog).to_contain_text("The provider may block this customer, too")
    dialog.get_by_label("How did the customer agree").fill("Agreed by phone")
    dialog.get_by_role("button", name="Record the opt-in").click()
    expect(screen.event("recorded an opt-in: “Agreed by phone”")).to_be_visible()
    screen.send("Welcome back")
    face = screen.page.locator(".o-messaging-ComposerFace")
    expect(face).to_contain_text("The provider blocks messages")
    assert proof(sms)[1] == "provider"
    assert "Welcome back" not in phone.bodies(customer)


def test_a_number_on_odoos_blacklist_closes_the_composer_live(
    screen, both_channels, customer, admin
):
    screen.open(both_channels["whatsapp"])
    expect(screen.composer).to_be_visible()
    admin.call("phone.blacklist", "add", [], customer)
    face = screen.page.locator(".o-messaging-ComposerFace")
    expect(face).to_contain_text("on the phone blacklist")
    admin.call("phone.blacklist", "remove", [], customer)
    expect(screen.composer).to_be_visible()


def test_advanced_opt_out_of_a_service_counts(phone, both_channels, customer, proof):
    phone.service(SMS, advanced_opt_out=True, use_inbound_webhook_on_number=True)
    phone.write(customer, "Stop", line=SMS)
    eventually(lambda: proof(both_channels["sms"])[:2] == (True, "customer"))
    phone.write(customer, "Start", line=SMS)
    eventually(lambda: not proof(both_channels["sms"])[0])


def test_two_stops_at_once_block_nothing(
    phone, both_channels, customer, proof, database
):
    query = "SELECT count(*) AS n FROM messaging_receipt WHERE state = 'failed'"
    before = database.rows(query)
    drafts = [{"line": line, "body": "STOP"} for line in (SMS, WHATSAPP)]
    phone.post("batch", messages=[{"customer": customer, **draft} for draft in drafts])
    for conversation in both_channels.values():
        eventually(
            lambda conversation=conversation: proof(conversation)[1] == "customer"
        )
    assert database.rows(query) == before
