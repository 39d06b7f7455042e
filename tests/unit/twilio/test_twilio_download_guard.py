"""Without an API address of its own, the provider checks what host names resolve to."""

from __future__ import annotations

import socket
import threading

import pytest
import requests
from providers import fetch
from providers.errors import Reason, Refused, Retryable
from providers.events import MediaRef
from providers.twilio import Twilio

from .samples import ACCOUNT_SID, AUTH_TOKEN

PATH = f"Messages/MM{1:032x}/Media/ME{2:032x}"
ADDRESS = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}/{PATH}"
MEDIA = MediaRef(ADDRESS, "image/jpeg")


@pytest.fixture
def listener():
    """Yield a local port and the bytes sent to it."""
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
    """The provider on a machine where every host name resolves to localhost."""
    address, _received = listener

    def resolve(*_args, **_options):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with requests.Session() as http:
        yield Twilio(credentials, http)


def test_a_host_name_of_a_private_network_gets_no_byte(rebound, listener):
    with pytest.raises(Refused) as refusal:
        rebound.download(MEDIA)
    assert refusal.value.reason is Reason.FILE_REFUSED
    assert "inner network" in refusal.value.detail
    assert b"".join(listener[1]) == b""


def test_a_public_host_name_gets_the_request(rebound, listener, monkeypatch):
    monkeypatch.setattr(fetch, "is_public", lambda _address: True)
    with pytest.raises(Retryable):
        rebound.download(MEDIA)
    hello = b"".join(listener[1])
    assert b"api.twilio.com" in hello
    assert AUTH_TOKEN.encode() not in hello


def test_a_session_is_guarded_once(rebound, monkeypatch):
    monkeypatch.setattr(fetch, "_follow", lambda *_args: requests.Response())
    rebound.download(MEDIA)
    guard = rebound.http.get_adapter(ADDRESS)
    rebound.download(MEDIA)
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
        ("::127.0.0.1", False),
        ("::93.184.216.34", False),
        ("64:ff9b::93.184.216.34", True),
        ("64:ff9b::127.0.0.1", False),
        ("64:ff9b::10.1.2.3", False),
        ("64:ff9b:1::10.1.2.3", False),
        ("2002:7f00:1::1", False),
        ("2002:5db8:d822::1", False),
        ("2001:0:a00:1::1", False),
        ("fec0::1", False),
        ("ff0e::1", False),
        ("::ffff:224.0.0.1", False),
        ("224.0.1.1", False),
        ("239.1.2.3", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("5f00::1", False),
    ],
)
def test_public_and_private_addresses_are_told_apart(address, public):
    assert fetch.is_public(address) is public
