"""Voice notes: recorded by an Agent with Chromium's own microphone, and heard."""

import httpx
from playwright.sync_api import expect

from tests.e2e.support.phone import file
from tests.e2e.test_accessibility_browser import violations
from tests.e2e.test_files_browser import VOICE
from tests.waiting import eventually


def record(screen, seconds=1.5):
    screen.page.get_by_label("Record a voice note").click()
    expect(screen.page.get_by_role("timer")).to_be_visible()
    screen.page.wait_for_timeout(seconds * 1000)


def heard(phone, customer):
    """Wait for the audio that the customer got; return its type and content."""

    def arrived():
        messages = phone.received(customer)
        found = [media for message in messages for media in message["media"]]
        return found and found[0]["size"] and found[0]

    media = eventually(arrived)
    content = httpx.get(f"{phone.url}/control/media/{media['sid']}", trust_env=False)
    return media["content_type"], content.content


def test_a_recording_arrives_on_whatsapp_as_opus(screen, phone, known, conversation):
    screen.open(conversation)
    record(screen)
    screen.page.get_by_label("Send the voice note").click()
    expect(screen.page.locator(".o-messaging-Message audio")).to_have_count(1)
    content_type, content = heard(phone, known)
    assert content_type == "audio/ogg"
    assert content.startswith(b"OggS")
    # Mono, as WhatsApp wants it
    assert content.partition(b"OpusHead")[2][:2] == b"\x01\x01"


def test_holding_the_microphone_records_until_it_is_let_go(
    screen, phone, known, conversation
):
    screen.open(conversation)
    screen.page.get_by_label("Record a voice note").hover()
    screen.page.mouse.down()
    expect(screen.page.get_by_role("timer")).to_have_text("0:01")
    screen.page.mouse.up()
    assert heard(phone, known)[0] == "audio/ogg"


def test_a_recording_can_be_heard_before_it_is_sent(screen, conversation):
    screen.open(conversation)
    record(screen)
    panel = screen.page.get_by_role("group", name="Voice note", exact=True)
    assert violations(screen.page, ".o-messaging-Voice-panel") == []
    panel.get_by_label("Stop and listen").click()
    panel.get_by_label("Play").click()
    expect(panel.get_by_label("Pause")).to_be_visible()
    assert violations(screen.page, ".o-messaging-Voice-panel") == []
    screen.page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(screen.composer).to_be_focused()


def test_a_customers_voice_note_is_drawn_and_played(screen, phone, known, conversation):
    screen.open(conversation)
    note = {**file("voice.ogg", VOICE, "audio/ogg"), "voice": True}
    phone.write(known, media=[note])
    player = screen.page.get_by_role("group", name="Audio of")
    expect(player).to_be_visible()
    assert violations(screen.page, ".o-messaging-VoicePlayer") == []
    player.get_by_label("Speed").click()
    player.get_by_label("Play").click()
    position = player.get_by_role("slider")
    eventually(lambda: position.get_attribute("aria-valuetext") != "0:00")
    rate = "() => document.querySelector('.o-messaging-VoicePlayer audio').playbackRate"
    assert screen.page.evaluate(rate) == 1.5
