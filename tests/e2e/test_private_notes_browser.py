"""Private notes, seen by colleagues and by no customer."""

import re

from playwright.sync_api import expect

from tests.e2e.support.screen import Screen


def test_a_note_reaches_the_mentioned_colleague_and_never_the_customer(
    screen, window, agent, other_agent, conversation, phone, known
):
    other = Screen(window(other_agent).new_page())
    other.open(conversation)
    screen.open(conversation)
    screen.write_as("Private note")
    screen.note.fill("Give her 5 %, @bru")
    screen.page.get_by_role("option", name="Bruno Agent").click()
    screen.note.press("Enter")
    note = other.bubble("Give her 5 %, @Bruno Agent")
    expect(note).to_contain_text("Private note")
    expect(note).to_have_class(re.compile("o-note"))
    screen.write_as("Reply")
    screen.send("You get a discount")
    assert phone.received(known)[-1]["body"] == "You get a discount"
    assert not any("5 %" in body for body in phone.bodies(known))
    [call] = other_agent.call(
        "mail.message",
        "search_read",
        [
            ["model", "=", "messaging.conversation"],
            ["res_id", "=", conversation["id"]],
        ],
        ["body"],
    )
    assert "mentioned you in a private note" in call["body"]
    assert "5 %" not in call["body"]


def test_a_note_draft_is_not_sent_after_switching_the_mode(
    screen, conversation, phone, known
):
    screen.open(conversation)
    screen.write_as("Private note")
    screen.note.fill("She never pays")
    screen.write_as("Reply")
    expect(screen.composer).to_have_value("")
    screen.send("Good morning")
    phone.received(known)
    assert phone.bodies(known) == ["Good morning"]
    screen.write_as("Private note")
    expect(screen.note).to_have_value("She never pays")


def test_a_note_is_written_in_a_closed_conversation_and_leaves_it_closed(
    screen, conversation, name
):
    screen.open(conversation)
    screen.state_button("Close conversation").click()
    screen.unfold("closed")
    screen.write_as("Private note")
    screen.note.fill("Never again")
    screen.note.press("Enter")
    expect(screen.bubble("Never again")).to_be_visible()
    expect(screen.row(name, "closed")).to_be_visible()
