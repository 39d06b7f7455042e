"""Rules of accessibility that a program can check, by axe."""

import pytest
from playwright.sync_api import expect

from tests.e2e.support.screen import MOBILE, Screen

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


@pytest.mark.parametrize("viewport", [None, MOBILE], ids=["desktop", "phone"])
def test_the_inbox_keeps_the_rules(window, agent, phone, known, conversation, viewport):
    options = {"viewport": viewport} if viewport else {}
    screen = Screen(window(agent, **options).new_page())
    phone.write(known, "Is it in stock?")
    screen.open(conversation)
    expect(screen.bubble("Is it in stock?").first).to_be_visible()
    assert violations(screen.page) == []


def test_the_picker_keeps_the_rules(screen, conversation):
    screen.open(conversation)
    screen.page.locator(".o-messaging-Assignee").click()
    expect(screen.page.get_by_label("Search a colleague")).to_be_visible()
    found = violations(screen.page, ".o-messaging-AssigneeMenu")
    # Odoo gives every item of a dropdown aria-selected.
    assert [one for one in found if one[0] != "aria-allowed-attr"] == []


def violations(page, place=".o-messaging-Inbox"):
    """What axe finds, each as the rule, the element and what is wrong with it."""
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": {"type": "tag", "values": STANDARDS}}
    found = Axe().run(page, context=place, options=options).response["violations"]
    return [
        (rule["id"], node["html"][:120], node.get("failureSummary", "")[:300])
        for rule in found
        for node in rule["nodes"]
    ]
