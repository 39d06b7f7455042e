"""An agent sends a place, and the customer sees it on their phone."""

import pytest
from playwright.sync_api import expect

from tests.e2e.support.fans import arrived, at
from tests.e2e.test_accessibility_browser import violations
from tests.waiting import eventually

LINK = "https://www.google.com/maps/place/Bike+Shop/@41.3874,2.1686,17z"


@pytest.fixture
def write(screen, fan, database):
    """Open the conversation of a customer who has just written."""
    fan.write("Where are you?")
    arrived(database, fan)
    screen.open(database.conversation(fan.external_id))


@at("twilio", "whatsapp_cloud")
def test_a_pasted_link_to_a_map_reaches_the_customer_as_a_place(
    screen, fan, write, phone
):
    page = screen.page
    page.keyboard.press("Alt+Shift+G")
    where = page.get_by_label("Coordinates or link to a map")
    expect(where).to_be_focused()
    page.keyboard.type("somewhere")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("No place was found in this")
    where.fill(LINK)
    expect(page.get_by_label("Name")).to_have_value("Bike Shop")
    page.get_by_label("Address").fill("Gran Via 1")
    assert violations(page, ".o-messaging-PlaceDialog") == []
    page.keyboard.press("Enter")
    bubble = page.locator(".o-messaging-Location").last
    expect(bubble).to_contain_text("Bike Shop")
    expect(screen.composer).to_be_focused()

    def place():
        found = [each["location"] for each in fan.received() if each.get("location")]
        return found[0] if found else None

    seen = eventually(place, what="the place on the customer's phone")
    assert (seen["latitude"], seen["longitude"]) == (41.3874, 2.1686)
    assert (seen["label"], seen["address"]) == ("Bike Shop", "Gran Via 1")


@at("messenger")
def test_where_no_place_can_be_sent_none_is_offered(screen, fan, write):
    expect(screen.composer).to_be_visible()
    expect(screen.page.get_by_label("Send a location")).to_have_count(0)
