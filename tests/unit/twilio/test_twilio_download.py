"""Files come from Twilio's hosts alone, and credentials go to its API alone."""

from __future__ import annotations

import gzip
import socket
import threading

import pytest
import requests
from providers import call, fetch
from providers.errors import ProviderError, Reason, Refused, Retryable
from providers.events import MediaRef
from providers.twilio import Twilio

from .conftest import Reply
from .samples import ACCOUNT_SID, AUTH_TOKEN

MESSAGE_SID = f"MM{1:032x}"
PATH = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{MESSAGE_SID}/Media/ME{2:032x}"
ADDRESS = f"https://api.twilio.com{PATH}"
CDN = "https://mms.twiliocdn.com/elsewhere/file?Expires=1&Signature=s%2Bs"
PICTURE = Reply(body=b"picture", headers={"Content-Type": "image/jpeg"})


def redirect(location, status=307):
    return Reply(status, headers={"Location": location})


def media(url=ADDRESS):
    return MediaRef(url, "image/jpeg")


def read(provider, url=ADDRESS):
    return b"".join(provider.download(media(url)).chunks)


def test_a_file_is_fetched_with_credentials_and_its_redirect_without(twilio, server):
    server.plan(redirect(CDN), PICTURE)
    found = twilio.download(media())
    assert (b"".join(found.chunks), found.content_type) == (b"picture", "image/jpeg")
    first, second = server.captured
    assert first.path == PATH
    assert first.headers["authorization"].startswith("Basic ")
    assert second.target == "/elsewhere/file?Expires=1&Signature=s%2Bs"
    assert "authorization" not in second.headers


@pytest.mark.parametrize(
    "url",
    [
        f"https://api.dublin.ie1.twilio.com{PATH}",
        f"https://API.twilio.com:443{PATH}",
        ADDRESS.replace(MESSAGE_SID, "SM" + MESSAGE_SID[2:]),
    ],
)
def test_other_spellings_of_twilios_own_addresses_are_taken(twilio, server, url):
    server.plan(PICTURE)
    assert read(twilio, url) == b"picture"


def test_an_address_that_is_already_rewritten_is_taken(twilio, server):
    server.plan(redirect(f"{server.url}/elsewhere/x"), PICTURE)
    assert read(twilio, server.url + PATH) == b"picture"


def test_a_relative_redirect_stays_where_it_is(twilio, server):
    server.plan(redirect("/elsewhere/x"), PICTURE)
    assert read(twilio) == b"picture"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_every_kind_of_redirect_is_followed(twilio, server, status):
    server.plan(redirect(CDN, status), PICTURE)
    assert read(twilio) == b"picture"


def test_the_claimed_type_holds_where_the_host_says_none(twilio, server):
    server.plan(Reply(body=b"x"))
    assert twilio.download(media()).content_type == "image/jpeg"


def test_passwords_of_the_machine_are_never_sent(twilio, server, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server.plan(redirect(CDN), PICTURE)
    assert read(twilio) == b"picture"
    assert "authorization" not in server.captured[1].headers


ELSE = "AC" + "f" * 32
STRANGE = {
    "another host": f"https://evil.example{PATH}",
    "a host that begins like Twilio's": f"https://api.twilio.com.evil.example{PATH}",
    "a host that ends like Twilio's": f"https://evilapi.twilio.com{PATH}",
    "a final dot": f"https://api.twilio.com.{PATH}",
    "Twilio's other API": f"https://messaging.twilio.com{PATH}",
    "the host of redirects": f"https://mms.twiliocdn.com{PATH}",
    "no TLS": f"http://api.twilio.com{PATH}",
    "another port": f"https://api.twilio.com:8443{PATH}",
    "an impossible port": f"https://api.twilio.com:99999{PATH}",
    "a user": f"https://user@api.twilio.com{PATH}",
    "a host before the user's sign": f"https://api.twilio.com@evil.example{PATH}",
    "a backslash": f"https://api.twilio.com\\@evil.example{PATH}",
    "this machine": f"https://127.0.0.1{PATH}",
    "the cloud's own address": f"http://169.254.169.254{PATH}",
    "half an IPv6 address": f"https://[::1{PATH}",
    "a file": "file:///etc/passwd",
    "no scheme": f"//api.twilio.com{PATH}",
    "nothing": "",
    "another account's file": ADDRESS.replace(ACCOUNT_SID, ELSE),
    "another resource": f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}.json",
    "a path that climbs": ADDRESS.replace("Media/", "Media/../Media/"),
    "a path that goes on": f"{ADDRESS}/../../../../{ELSE}",
    "a suffix": f"{ADDRESS}.json",
    "a short id": ADDRESS[:-1],
    "an id that is no hex": ADDRESS[:-1] + "g",
}


@pytest.mark.parametrize("url", STRANGE.values(), ids=STRANGE)
def test_an_address_that_is_not_twilios_is_never_opened(twilio, server, url):
    with pytest.raises(Refused) as refusal:
        twilio.download(media(url))
    assert refusal.value.reason is Reason.FILE_REFUSED
    assert refusal.value.detail.startswith("The file was not fetched: ")
    assert not server.captured


TRAPS = {
    "another host": "https://evil.example/x",
    "no TLS": "http://mms.twiliocdn.com/x",
    "a user": "https://user:secret@mms.twiliocdn.com/x",
    "another port": "https://mms.twiliocdn.com:22/x",
    "a name that only ends alike": "https://eviltwiliocdn.com/x",
    "a name that goes on": "https://mms.twiliocdn.com.evil.example/x",
    "this machine": "https://127.0.0.1/x",
    "the cloud's own address": "http://169.254.169.254/latest/meta-data",
    "an inner network": "https://10.0.0.1/x",
    "a file": "file:///etc/passwd",
    "Twilio's API once more": ADDRESS,
    "another port here": "http://127.0.0.1:1/x",
}


@pytest.mark.parametrize("location", TRAPS.values(), ids=TRAPS)
def test_a_redirect_that_leads_away_is_never_followed(twilio, server, location):
    server.plan(redirect(location))
    with pytest.raises(Refused) as refusal:
        twilio.download(media())
    assert refusal.value.reason is Reason.FILE_REFUSED
    assert len(server.captured) == 1


def test_a_redirect_without_an_address_goes_nowhere_with_credentials(twilio, server):
    server.plan(Reply(307), Reply(401))
    with pytest.raises(Refused):
        twilio.download(media())
    assert "authorization" not in server.captured[-1].headers


def test_a_redirect_that_cannot_be_read_is_refused(twilio, server):
    server.plan(redirect("https://[::1/x"))
    with pytest.raises(Refused):
        twilio.download(media())
    assert len(server.captured) == 1


def test_redirects_come_to_an_end(twilio, server):
    server.plan(*[redirect(CDN)] * 9)
    with pytest.raises(Refused) as refusal:
        twilio.download(media())
    assert refusal.value.code == "307"
    assert len(server.captured) == 1 + fetch.MAX_REDIRECTS


ANSWERS = {
    401: (Refused, Reason.BAD_CREDENTIALS),
    403: (Refused, Reason.FILE_NOT_FETCHED),
    404: (Retryable, Reason.FILE_NOT_FETCHED),
    410: (Refused, Reason.FILE_NOT_FETCHED),
    204: (Refused, Reason.FILE_NOT_FETCHED),
    206: (Refused, Reason.FILE_NOT_FETCHED),
    429: (Retryable, Reason.RATE_LIMITED),
    500: (Retryable, Reason.PROVIDER_DOWN),
    503: (Retryable, Reason.PROVIDER_DOWN),
}


@pytest.mark.parametrize(("status", "expected"), ANSWERS.items())
def test_an_answer_that_is_no_file(twilio, server, status, expected):
    server.plan(Reply(status, headers={"Retry-After": "9"}))
    with pytest.raises(ProviderError) as failure:
        twilio.download(media())
    assert (type(failure.value), failure.value.reason) == expected
    assert failure.value.code == str(status)
    assert getattr(failure.value, "retry_after", 9) == 9


def test_a_file_that_says_it_is_too_big_is_not_read(twilio, server):
    twilio.max_download = 6
    server.plan(PICTURE)
    with pytest.raises(Refused) as refusal:
        twilio.download(media())
    assert refusal.value.reason is Reason.FILE_TOO_BIG


def test_a_file_that_hides_its_size_is_cut_off(twilio, server):
    twilio.max_download = 6
    chunked = {"Transfer-Encoding": "chunked", "Content-Length": "0"}
    server.plan(Reply(headers=chunked, write=_write_chunks))
    with pytest.raises(Refused) as refusal:
        read(twilio)
    assert refusal.value.reason is Reason.FILE_TOO_BIG


def _write_chunks(out, _stopped):
    out.write(b"4\r\naaaa\r\n4\r\nbbbb\r\n0\r\n\r\n")


def test_a_packed_file_is_never_unpacked(twilio, server):
    packed = gzip.compress(b"a" * 100_000)
    server.plan(Reply(body=packed, headers={"Content-Encoding": "gzip"}))
    assert read(twilio) == packed
    assert server.captured[0].headers["accept-encoding"] == "identity"


def test_a_large_file_comes_in_pieces(twilio, server):
    body = bytes(range(256)) * 1024
    server.plan(Reply(body=body))
    pieces = list(twilio.download(media()).chunks)
    assert b"".join(pieces) == body
    assert len(pieces) > 1
    assert all(len(piece) >= fetch.CHUNK for piece in pieces[:-1])


def test_an_empty_file_is_no_error(twilio, server):
    server.plan(Reply())
    assert read(twilio) == b""


def test_a_file_that_breaks_off_may_be_tried_again(twilio, server):
    server.plan(Reply(body=b"half", headers={"Content-Length": "8"}))
    with pytest.raises(Retryable) as failure:
        read(twilio)
    assert failure.value.reason is Reason.NO_CONNECTION


def test_a_host_that_says_nothing_may_be_tried_again(twilio, server, monkeypatch):
    monkeypatch.setattr(call, "READ_TIMEOUT", 0.1)
    server.plan(Reply(hang=5))
    with pytest.raises(Retryable) as failure:
        read(twilio)
    assert failure.value.reason is Reason.NO_CONNECTION


def test_a_host_that_stops_in_the_middle_may_be_tried_again(
    twilio, server, monkeypatch
):
    monkeypatch.setattr(call, "READ_TIMEOUT", 0.1)
    unfinished = {"Content-Length": "8"}
    server.plan(Reply(headers=unfinished, write=lambda out, stopped: stopped.wait(5)))
    with pytest.raises(Retryable):
        read(twilio)


def test_a_host_that_drips_is_given_up(twilio, server, monkeypatch):
    monkeypatch.setattr(fetch, "MAX_SECONDS", 0.2)
    server.plan(Reply(headers={"Content-Length": "1000"}, write=_drip))
    with pytest.raises(Retryable) as failure:
        read(twilio)
    assert failure.value.detail == "The file took too long."


def _drip(out, stopped):
    while not stopped.wait(0.02):
        out.write(b"x")


# Without an API address of its own, the provider meets what names resolve to.


@pytest.fixture
def listener():
    """A port of this machine, and all bytes that somebody sent to it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        received = []
        thread = threading.Thread(target=_record, args=(listening, received))
        thread.start()
        yield listening.getsockname(), received
        socket.create_connection(listening.getsockname()).close()
        thread.join()


def _record(listening, received):
    connection, _address = listening.accept()
    with connection:
        connection.settimeout(1)
        received.append(connection.recv(1024))


@pytest.fixture
def rebound(credentials, listener, monkeypatch):
    """The provider on a machine whose names all resolve to itself."""
    address, _received = listener

    def resolve(*_args, **_options):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with requests.Session() as http:
        yield Twilio(credentials, http)


def test_a_name_of_an_inner_network_gets_not_a_byte(rebound, listener):
    with pytest.raises(Refused) as refusal:
        rebound.download(media())
    assert refusal.value.reason is Reason.FILE_REFUSED
    assert "inner network" in refusal.value.detail
    assert b"".join(listener[1]) == b""


def test_a_public_name_is_talked_to(rebound, listener, monkeypatch):
    monkeypatch.setattr(fetch, "is_public", lambda _address: True)
    with pytest.raises(Retryable):
        rebound.download(media())
    hello = b"".join(listener[1])
    assert b"api.twilio.com" in hello
    assert AUTH_TOKEN.encode() not in hello


def test_a_session_is_guarded_once(rebound, monkeypatch):
    monkeypatch.setattr(fetch, "_follow", lambda *_args: requests.Response())
    rebound.download(media())
    guard = rebound.http.get_adapter(ADDRESS)
    rebound.download(media())
    assert rebound.http.get_adapter(ADDRESS) is guard


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("::ffff:93.184.216.34", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("::1", False),
        ("::ffff:10.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
    ],
)
def test_the_public_internet_is_told_from_inner_networks(address, public):
    assert fetch.is_public(address) is public
