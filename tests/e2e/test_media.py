"""Customers' files are downloaded after the webhook, from the provider only."""

import base64
import struct
import zlib

import pytest

from tests.e2e.support.phone import file
from tests.e2e.support.trap import Trap
from tests.e2e.support.webhook import WebhookClient, new_sid, picture_from
from tests.waiting import eventually
from tools.practice_phone import demo

FILES_OF_ACCOUNT = f"/2010-04-01/Accounts/{demo.ACCOUNT_SID}/Messages"


def png():
    """Return a complete picture of one red pixel."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\x00\xff\x00\x00")
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def settled(database, customer, count=1):
    """Wait until the customer's files are downloaded or given up; return them."""

    def look():
        found = database.media(customer)
        done = [each for each in found if each["state"] != "pending"]
        return len(done) == count and found

    return eventually(look, what="the download")


def stored(agent, media):
    (attachment,) = agent.call(
        "ir.attachment", "read", [media["attachment_id"]], ["name", "mimetype", "datas"]
    )
    return attachment


@pytest.fixture
def trap():
    with Trap() as trap:
        yield trap


@pytest.fixture
def twilio(odoo, admin, database):
    """A Twilio of our own that may answer as it likes, and its account's webhook."""
    with Trap() as twilio:
        values = {
            "name": "Trap",
            "twilio_account_sid": demo.ACCOUNT_SID,
            "twilio_auth_token": demo.AUTH_TOKEN,
            "api_base_url": twilio.url,
            "state": "connected",
        }
        ids = admin.call("messaging.account", "create", [values])
        channel = {"account_id": ids[0], "kind": "whatsapp", "name": "Trap"}
        channel["address"] = demo.WHATSAPP_NUMBER
        admin.call("messaging.channel", "create", [channel])
        (account,) = admin.call("messaging.account", "read", ids, ["webhook_url"])
        twilio.webhook = WebhookClient(odoo.http_port, account["webhook_url"])
        yield twilio


def file_url(sid=None):
    path = f"{FILES_OF_ACCOUNT}/{sid or new_sid('MM')}/Media/{new_sid('ME')}"
    return f"https://api.twilio.com{path}", path


@pytest.mark.usefixtures("account")
def test_a_customers_picture_appears_in_the_inbox(phone, database, agent, customer):
    phone.add(customer)
    phone.write(customer, media=[file("blue.png", png(), "image/png")])
    (media,) = settled(database, customer)
    assert media["state"] == "ready"
    attachment = stored(agent, media)
    assert attachment["mimetype"] == "image/png"
    assert base64.b64decode(attachment["datas"]) == png()


@pytest.mark.usefixtures("account")
def test_an_album_is_downloaded_completely(phone, database, customer):
    phone.add(customer)
    phone.write(customer, media=[file(f"{n}.png", png(), "image/png") for n in "123"])
    found = settled(database, customer, 3)
    assert [media["state"] for media in found] == ["ready"] * 3
    assert len(database.conversations(customer)) == 1


@pytest.mark.parametrize(
    "name, content",
    [
        ("page.html", b"<html><script>alert(1)</script></html>"),
        ("image.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>'),
        ("feed.xml", b'<?xml version="1.0"?><a xmlns="http://www.w3.org/1999/xhtml"/>'),
    ],
)
@pytest.mark.usefixtures("account")
def test_markup_disguised_as_a_picture_is_never_rendered(
    phone, database, agent, customer, name, content
):
    phone.add(customer)
    phone.write(customer, media=[file(name, content, "image/jpeg")])
    (media,) = settled(database, customer)
    assert stored(agent, media)["mimetype"] in (
        "text/plain",
        "application/octet-stream",
    )


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    "path",
    ["/a.jpg", f"{FILES_OF_ACCOUNT}/MM{'0' * 32}/Media/ME{'0' * 32}"],
    ids=["any path", "a path like Twilio's"],
)
def test_a_file_on_another_host_is_never_downloaded(
    webhook, database, customer, trap, path
):
    assert webhook.post(picture_from(customer, f"{trap.url}{path}")).status == 200
    (media,) = settled(database, customer)
    assert media["state"] == "failed"
    assert trap.visits == []


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://api.twilio.com.evil.example/2010-04-01/x",
        "https://api.twilio.com@127.0.0.1/2010-04-01/x",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "//api.twilio.com/x",
        "https://[::1]/x",
        "no address at all",
    ],
)
def test_an_address_that_is_not_a_providers_file_is_refused_at_once(
    webhook, database, customer, address
):
    assert webhook.post(picture_from(customer, address)).status == 200
    (media,) = settled(database, customer)
    assert (media["state"], media["attempts"]) == ("failed", 1)
    assert len(database.messages(customer)) == 1


@pytest.mark.parametrize(
    "elsewhere",
    [
        "{trap}/stolen",
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:5432/",
        "https://evil.example.com/x",
    ],
    ids=["a host of this machine", "cloud metadata", "a local port", "another name"],
)
def test_a_redirect_to_a_foreign_or_private_address_is_not_followed(
    twilio, trap, database, customer, elsewhere
):
    url, path = file_url()
    location = {"Location": elsewhere.format(trap=trap.url)}
    twilio.answers[path] = (302, location, b"")
    assert twilio.webhook.post(picture_from(customer, url)).status == 200
    (media,) = settled(database, customer)
    assert media["state"] == "failed"
    assert [path for path, _headers in twilio.visits] == [path]
    assert trap.visits == []


def test_credentials_go_to_the_first_address_only(twilio, database, customer):
    url, path = file_url()
    moved = {"Location": "https://mms.twiliocdn.com/moved.png"}
    twilio.answers[path] = (307, moved, b"")
    twilio.answers["/moved.png"] = (200, {"Content-Type": "image/png"}, png())
    twilio.webhook.post(picture_from(customer, url))
    (media,) = settled(database, customer)
    assert media["state"] == "ready"
    (first, first_headers), (second, second_headers) = twilio.visits
    assert (first, second) == (path, "/moved.png")
    assert first_headers["Authorization"].startswith("Basic ")
    assert "Authorization" not in second_headers


def test_a_file_of_another_account_is_not_downloaded(twilio, database, customer):
    other = FILES_OF_ACCOUNT.replace(demo.ACCOUNT_SID, "AC" + "9" * 32)
    url = f"https://api.twilio.com{other}/{new_sid('MM')}/Media/{new_sid('ME')}"
    twilio.webhook.post(picture_from(customer, url))
    (media,) = settled(database, customer)
    assert media["state"] == "failed"
    assert twilio.visits == []


def test_an_agent_can_retry_a_download_that_was_given_up(
    twilio, database, customer, agent
):
    url, path = file_url()
    twilio.answers[path] = (403, {}, b"")
    twilio.webhook.post(picture_from(customer, url))
    (media,) = settled(database, customer)
    assert media["state"] == "failed"
    twilio.answers[path] = (200, {"Content-Type": "image/png"}, png())
    agent.call("messaging.media", "action_retry", [media["id"]])
    eventually(lambda: database.media(customer)[0]["state"] == "ready")


def test_a_download_from_a_dead_provider_is_retried_later(twilio, database, customer):
    url, path = file_url()
    twilio.answers[path] = (503, {}, b"")
    twilio.webhook.post(picture_from(customer, url))
    eventually(lambda: len(twilio.visits) == 1)
    eventually(lambda: database.media(customer)[0]["error"])
    assert database.media(customer)[0]["state"] == "pending"
    twilio.answers[path] = (200, {"Content-Type": "image/png"}, png())
    database.let_time_pass()
    eventually(lambda: database.media(customer)[0]["state"] == "ready")
