"""Files come only from Twilio's hosts, and credentials go only to its API."""

from __future__ import annotations

import gzip

import pytest
from providers import call, fetch
from providers.errors import ProviderError, Reason, Refused, Retryable
from providers.events import MediaRef

from ..server import Reply
from .samples import ACCOUNT_SID

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
def test_other_spellings_of_twilios_addresses_are_accepted(twilio, server, url):
    server.plan(PICTURE)
    assert read(twilio, url) == b"picture"


def test_an_address_that_is_already_rewritten_is_accepted(twilio, server):
    server.plan(redirect(f"{server.url}/elsewhere/x"), PICTURE)
    assert read(twilio, server.url + PATH) == b"picture"


def test_a_relative_redirect_stays_on_its_host(twilio, server):
    server.plan(redirect("/elsewhere/x"), PICTURE)
    assert read(twilio) == b"picture"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_every_kind_of_redirect_is_followed(twilio, server, status):
    server.plan(redirect(CDN, status), PICTURE)
    assert read(twilio) == b"picture"


@pytest.mark.parametrize(
    ("header", "filename"),
    [
        ('inline; filename="Price list.pdf"', "Price list.pdf"),
        ("attachment; filename*=UTF-8''Gr%C3%BC%C3%9Fe.pdf", "Grüße.pdf"),
        ('inline; filename="../../etc/passwd"', "passwd"),
        ('inline; filename="C:\\\\x\\\\a.exe"', "a.exe"),
        ('inline; filename="a\x1b[0m.pdf"', "a[0m.pdf"),
        ("attachment", ""),
        ('inline; filename="' + "a" * 999 + '"', "a" * 128),
    ],
)
def test_the_host_may_name_the_file(twilio, server, header, filename):
    server.plan(Reply(body=b"x", headers={"Content-Disposition": header}))
    assert twilio.download(media()).filename == filename


def test_without_a_type_from_the_host_the_claimed_type_counts(twilio, server):
    server.plan(Reply(body=b"x"))
    assert twilio.download(media()).content_type == "image/jpeg"


def test_passwords_in_netrc_are_never_sent(twilio, server, monkeypatch, tmp_path):
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
def test_an_address_outside_twilio_is_never_opened(twilio, server, url):
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
def test_a_redirect_to_another_host_is_never_followed(twilio, server, location):
    server.plan(redirect(location))
    with pytest.raises(Refused) as refusal:
        twilio.download(media())
    assert refusal.value.reason is Reason.FILE_REFUSED
    assert len(server.captured) == 1


def test_a_redirect_without_an_address_sends_credentials_nowhere(twilio, server):
    server.plan(Reply(307), Reply(401))
    with pytest.raises(Refused):
        twilio.download(media())
    assert "authorization" not in server.captured[-1].headers


def test_an_unreadable_redirect_is_refused(twilio, server):
    server.plan(redirect("https://[::1/x"))
    with pytest.raises(Refused):
        twilio.download(media())
    assert len(server.captured) == 1


def test_endless_redirects_are_refused(twilio, server):
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
def test_an_error_answer_is_not_a_file(twilio, server, status, expected):
    server.plan(Reply(status, headers={"Retry-After": "9"}))
    with pytest.raises(ProviderError) as failure:
        twilio.download(media())
    assert (type(failure.value), failure.value.reason) == expected
    assert failure.value.code == str(status)
    assert getattr(failure.value, "retry_after", 9) == 9


def test_a_file_with_a_too_large_content_length_is_not_read(twilio, server):
    twilio.max_download = 6
    server.plan(PICTURE)
    with pytest.raises(Refused) as refusal:
        twilio.download(media())
    assert refusal.value.reason is Reason.FILE_TOO_BIG


def test_a_file_without_a_content_length_is_cut_off_at_the_limit(twilio, server):
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


def test_a_large_file_is_streamed(twilio, server):
    body = bytes(range(256)) * 1024
    server.plan(Reply(body=body))
    pieces = list(twilio.download(media()).chunks)
    assert b"".join(pieces) == body
    assert len(pieces) > 1
    assert all(len(piece) >= fetch.CHUNK for piece in pieces[:-1])


def test_an_empty_file_is_accepted(twilio, server):
    server.plan(Reply())
    assert read(twilio) == b""


def test_a_file_that_breaks_off_is_retryable(twilio, server):
    server.plan(Reply(body=b"half", headers={"Content-Length": "8"}))
    with pytest.raises(Retryable) as failure:
        read(twilio)
    assert failure.value.reason is Reason.NO_CONNECTION


def test_a_host_that_does_not_answer_is_retryable(twilio, server, monkeypatch):
    monkeypatch.setattr(call, "READ_TIMEOUT", 0.1)
    server.plan(Reply(hang=5))
    with pytest.raises(Retryable) as failure:
        read(twilio)
    assert failure.value.reason is Reason.NO_CONNECTION


def test_a_host_that_stops_in_the_middle_is_retryable(twilio, server, monkeypatch):
    monkeypatch.setattr(call, "READ_TIMEOUT", 0.1)
    unfinished = {"Content-Length": "8"}
    server.plan(Reply(headers=unfinished, write=lambda out, stopped: stopped.wait(5)))
    with pytest.raises(Retryable):
        read(twilio)


def test_a_slow_host_is_given_up(twilio, server, monkeypatch):
    monkeypatch.setattr(fetch, "MAX_SECONDS", 0.2)
    server.plan(Reply(headers={"Content-Length": "1000"}, write=_drip))
    with pytest.raises(Retryable) as failure:
        read(twilio)
    assert failure.value.detail == "The file took too long."


def _drip(out, stopped):
    while not stopped.wait(0.02):
        out.write(b"x")
