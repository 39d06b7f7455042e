"""A conversation on the form of its contact, live and answerable."""

import pytest
from playwright.sync_api import expect

from tests.e2e.support.screen import MOBILE, Screen
from tests.e2e.test_accessibility_browser import violations

PLACE = ".o-messaging-RecordThread"


@pytest.fixture
def contact(admin, conversation, customer):
    partner = admin.call("res.partner", "create", {"name": f"Ana {customer[-4:]}"})
    ids = [conversation["id"]]
    admin.call("messaging.conversation", "action_link", ids, partner_id=partner)
    return partner


@pytest.mark.parametrize("viewport", [None, MOBILE], ids=["desktop", "phone"])
def test_a_salesperson_reads_and_answers_on_the_contacts_form(
    window, agent, phone, known, contact, viewport
):
    options = {"viewport": viewport} if viewport else {}
    screen = Screen(window(agent, **options).new_page())
    screen.page.goto(f"/odoo/res.partner/{contact}")
    screen.page.locator(".o_notebook .nav-link", has_text="Conversations").click()
    expect(screen.composer).to_be_visible()
    phone.write(known, "Is it in stock?")
    expect(screen.bubble("Is it in stock?")).to_be_visible()
    screen.send("Yes, two of them")
    expect(screen.tick("Yes, two of them", "delivered")).to_be_visible()
    assert "Yes, two of them" in phone.bodies(known)
    assert violations(screen.page, PLACE) == []
