"""Reactions, edits, stories and ads of Messenger and Instagram, live on the screen."""

import base64

import pytest
from playwright.sync_api import expect

from tests.e2e.support.screen import DESKTOP, MOBILE

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAA"
    "AElFTkSuQmCC"
)


@pytest.fixture
def talk(fan, database):
    fan.write("Hello")
    return database.conversation(fan.external_id)


def sid(fan, body):
    """Return Meta's id of the customer's message."""
    found = fan.phone.get("messages", customer=fan.external_id)["messages"]
    return next(each["sid"] for each in found if each["body"] == body)


def test_a_reaction_appears_and_disappears_live(screen, fan, talk):
    screen.open(talk)
    screen.send("Here it is")
    expect(screen.tick("Here it is", "sent")).to_have_count(0)
    [answer] = fan.received()
    fan.react(answer["sid"], "❤️")
    label = f"{fan.name} reacted with ❤️"
    reaction = screen.bubble("Here it is").get_by_role("img", name=label)
    expect(reaction).to_be_visible()
    fan.react(answer["sid"], "")
    expect(reaction).to_have_count(0)


# Messenger doesn't report unsent messages.
@pytest.mark.parametrize("fan", ["instagram"], indirect=True)
def test_edited_and_unsent_messages_change_in_place(screen, fan, talk):
    screen.open(talk)
    fan.write("Bleu")
    expect(screen.bubble("Bleu")).to_be_visible()
    fan.edit(sid(fan, "Bleu"), "Blue")
    expect(screen.bubble("Blue")).to_contain_text("edited")
    fan.unsend(sid(fan, "Blue"))
    expect(screen.bubble("deleted by the customer")).to_be_visible()
    expect(screen.bubble("Blue")).to_have_count(0)


def test_messages_sent_outside_odoo_are_marked(screen, fan, talk):
    screen.open(talk)
    screen.send("From Odoo")
    fan.received()
    fan.gets_past_odoo("From the Page's inbox")
    outside = screen.bubble("From the Page's inbox")
    expect(outside).to_contain_text("Sent outside Odoo")
    expect(screen.bubble("From Odoo")).not_to_contain_text("Sent outside Odoo")
    expect(screen.bubble("From Odoo")).to_have_count(1)


@pytest.mark.parametrize("fan", ["instagram"], indirect=True)
def test_an_answer_to_a_story_is_marked(screen, fan, talk):
    screen.open(talk)
    fan.write("Lovely", story="reply")
    expect(screen.bubble("Lovely")).to_contain_text("Replied to your story")


def test_a_customer_from_an_ad_is_marked(screen, fan, talk):
    screen.open(talk)
    ad = {"ad_title": "Spring sale"}
    referral = {"source": "ADS", "type": "OPEN_THREAD", "ad_id": "6045"}
    fan.write("How much?", fields={"referral": {**referral, "ads_context_data": ad}})
    expect(screen.bubble("How much?")).to_contain_text("Came from the ad “Spring sale”")


@pytest.mark.parametrize("fan", ["messenger", "instagram"], indirect=True)
def test_each_channel_kind_has_its_icon(screen, fan, talk):
    name = {"messenger": "Messenger", "instagram": "Instagram"}[fan.kind]
    screen.open(talk)
    icon = screen.page.locator(".o-messaging-Header").get_by_role("img", name=name)
    for viewport in (DESKTOP, MOBILE):
        screen.page.set_viewport_size(viewport)
        expect(icon).to_be_visible()
