"""All kinds of files, both ways, on the screen."""

import io

from PIL import Image
from playwright.sync_api import expect

from tests.e2e.support.phone import file
from tests.e2e.test_media import png
from tests.waiting import eventually
from tools.dev.places import ADDON

# The smallest file of its kind that a browser and a provider take.
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
VOICE = (ADDON / "demo" / "files" / "voice_note.ogg").read_bytes()
AMR = b"#!AMR\n" + (b"\x3c" + bytes(31)) * 20
# The container is right, what is in it isn't.
BROKEN_FILM = b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + bytes(200)


def test_a_customers_photo_is_shown(screen, phone, known, conversation):
    screen.open(conversation)
    phone.write(known, "Look", media=[file("blue.png", png(), "image/png")])
    picture = screen.bubble("Look").locator(".o-messaging-File-picture img")
    expect(picture).to_be_visible()
    loaded = "image => image.complete && image.naturalWidth > 0"
    eventually(lambda: picture.evaluate(loaded))
    picture.click()
    expect(screen.page.locator(".o-FileViewer")).to_be_visible()


def test_a_customers_voice_note_has_a_player(screen, phone, known, conversation):
    screen.open(conversation)
    note = {**file("voice.ogg", VOICE, "audio/ogg"), "voice": True}
    phone.write(known, media=[note])
    expect(screen.page.locator(".o-messaging-VoicePlayer")).to_be_visible()
    expect(screen.page.get_by_label("Download voice.ogg")).to_be_visible()


def test_a_picture_that_whatsapp_refuses_is_sent_as_jpeg(
    screen, phone, known, conversation
):
    screen.open(conversation)
    bitmap = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(bitmap, "BMP")
    screen.attach(("scan.bmp", bitmap.getvalue(), "image/bmp"))
    entry = screen.page.locator(".o-messaging-ComposerFile")
    expect(entry).to_contain_text("doesn't accept files of this type (BMP)")
    expect(screen.send_button).to_be_disabled()
    entry.get_by_role("button", name="Send as JPEG").click()
    expect(entry).to_contain_text("scan.jpg")
    screen.send("The scan")
    expect(screen.page.locator(".o-messaging-File-picture img")).to_be_visible()
    eventually(
        lambda: any(
            media["content_type"] == "image/jpeg"
            for message in phone.received(known)
            for media in message["media"]
        )
    )


def test_an_unplayable_file_can_be_downloaded(screen, phone, known, conversation):
    screen.open(conversation)
    for name, content, claim in (
        ("note.amr", AMR, "audio/amr"),
        ("film.mp4", BROKEN_FILM, "video/mp4"),
    ):
        phone.write(known, media=[file(name, content, claim)])
        card = screen.page.locator(".o-messaging-File-card", has_text=name)
        expect(card.get_by_label(f"Download {name}")).to_be_visible()
    expect(screen.page.locator("audio, video")).to_have_count(0)


def test_a_customers_document_can_be_downloaded(screen, phone, known, conversation):
    screen.open(conversation)
    phone.write(known, media=[file("offer.pdf", PDF, "application/pdf")])
    link = screen.page.get_by_label("Download offer.pdf")
    with screen.page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "offer.pdf"
    with open(download.value.path(), "rb") as content:
        assert content.read() == PDF


def test_a_customers_location_links_to_a_map(screen, phone, known, conversation):
    screen.open(conversation)
    place = {"latitude": 41.4, "longitude": 2.17, "label": "The shop"}
    phone.write(known, location=place)
    link = screen.page.locator(".o-messaging-Location")
    expect(link).to_contain_text("The shop")
    assert "41.4" in link.get_attribute("href")


def test_a_customers_contact_card_is_shown(screen, phone, known, conversation):
    screen.open(conversation)
    phone.write(known, contact={"name": "Eva Cards", "phone": "+34600999888"})
    card = screen.page.locator(".o-messaging-Message.o-kind-contact")
    expect(card).to_contain_text("Eva Cards")
    number = card.get_by_role("link", name="600")
    assert number.get_attribute("href") == "tel:+34600999888"
    expect(screen.row(known)).to_contain_text("Contact: Eva Cards")


def test_a_customers_choice_shows_the_chosen_option(screen, phone, known, conversation):
    screen.open(conversation)
    phone.write(known, choice={"type": "button", "text": "Yes, please", "id": "yes"})
    expect(screen.bubble("Yes, please")).to_be_visible()


def test_a_customers_quoted_answer_shows_the_quote(screen, phone, known, conversation):
    screen.open(conversation)
    screen.send("Blue or red?")
    (ours,) = phone.received(known)
    phone.write(known, "The first one", reply_to=ours["sid"])
    quote = screen.bubble("The first one").locator(".o-messaging-Quote")
    expect(quote).to_contain_text("Blue or red?")


def test_an_agents_photo_and_document_arrive_on_the_phone(
    screen, phone, known, conversation
):
    screen.open(conversation)
    screen.attach(
        ("blue.png", png(), "image/png"), ("offer.pdf", PDF, "application/pdf")
    )
    expect(screen.page.locator(".o-messaging-ComposerFile")).to_have_count(2)
    screen.send("Here they are")

    def media():
        found = phone.received(known, 3)
        kinds = [each["content_type"] for one in found for each in one["media"]]
        return kinds == ["image/png", "application/pdf"]

    eventually(media)
    assert phone.bodies(known)[0] == "Here they are"


def test_a_file_that_the_channel_does_not_accept_is_refused_at_once(
    screen, conversation
):
    screen.open(conversation)
    screen.attach(("tool.exe", b"MZ" + bytes(100), "application/x-msdownload"))
    notice = screen.page.locator(".o_notification, .o-messaging-ComposerFile.o-failed")
    expect(notice.first).to_contain_text("tool.exe")
    expect(
        screen.page.locator(".o-messaging-ComposerFile:not(.o-failed)")
    ).to_have_count(0)
