"""Accessibility rules that axe can check."""

import pytest
from playwright.sync_api import expect

from tests.e2e.support.screen import MOBILE, Screen

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


@pytest.mark.parametrize("viewport", [None, MOBILE], ids=["desktop", "phone"])
def test_the_inbox_is_accessible(window, agent, phone, known, conversation, viewport):
    options = {"viewport": viewport} if viewport else {}
    screen = Screen(window(agent, **options).new_page())
    phone.write(known, "Is it in stock?")
    screen.open(conversation)
    expect(screen.bubble("Is it in stock?").first).to_be_visible()
    assert violations(screen.page) == []


def test_the_picker_is_accessible(screen, conversation):
    screen.open(conversation)
    screen.page.locator(".o-messaging-Assignee").click()
    expect(screen.page.get_by_label("Search for a colleague")).to_be_visible()
    found = violations(screen.page, ".o-messaging-AssigneeMenu")
    # Odoo sets aria-selected on every item of a dropdown.
    assert [one for one in found if one[0] != "aria-allowed-attr"] == []


def violations(page, place=".o-messaging-Inbox"):
    """Return axe's findings, each with its rule, its element and the problem."""
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": {"type": "tag", "values": STANDARDS}}
    found = Axe().run(page, context=place, options=options).response["violations"]
    return [
        (rule["id"], node["html"][:120], node.get("failureSummary", "")[:300])
        for rule in found
        for node in rule["nodes"]
    ]
