"""Downloads customers' files, only from the provider's own hosts.

In the worst case an attacker chose the address of a file, and the first request may
carry our credentials. So each address is checked against an allow-list and rebuilt
from its checked parts, redirects are followed by our own code, and a connection to a
private network is closed before a byte is sent.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from urllib.parse import urljoin, urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from .call import call, retry_after, time_left
from .errors import Reason, Refused, Retryable, SendError
from .events import Media, MediaRef
from .text import clean

CHUNK = 64 * 1024
MAX_FILENAME = 128
MAX_REDIRECTS = 3
MAX_SECONDS = 120
# Meta refuses the names of some libraries.
USER_AGENT = "Mozilla/5.0 (compatible; Odoo messaging_inbox)"
UNICAST = ipaddress.IPv6Network("2000::/3")
SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Basic auth, or what adds a token to a request
Auth = tuple[str, str] | requests.auth.AuthBase
REDIRECTS = (301, 302, 303, 307, 308)


class PublicConnection(HTTPSConnection):
    """A connection that only talks to the public internet.

    It checks the peer of the open socket before TLS. This leaves no gap between the
    check of a host's address and its use.
    """

    def _new_conn(self):
        connected = super()._new_conn()
        if is_public(connected.getpeername()[0]):
            return connected
        connected.close()
        raise _refusal("its host has an address of an inner network")


class PublicPool(HTTPSConnectionPool):
    ConnectionCls = PublicConnection


class PublicAdapter(HTTPAdapter):
    """Uses public connections for HTTPS; with a proxy, the proxy must check."""

    def init_poolmanager(self, *args, **kwargs):
        # pylint: disable=missing-return
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"https": PublicPool}


def is_public(address: str) -> bool:
    """Return whether an IP address is a host on the public internet.

    ``is_global`` alone accepts multicast and all IPv6 addresses without a registry
    entry, including those that embed a private IPv4 address. IPv6 hosts have an address
    in 2000::/3 (RFC 4291); 6to4 is retired (RFC 7526). Networks without IPv4 reach it
    through NAT64 (RFC 6052), so there the embedded address counts.
    """
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        parsed = _embedded(parsed) or parsed
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed not in UNICAST or parsed in SIX_TO_FOUR:
            return False
    return parsed.is_global and not parsed.is_multicast


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in NAT64:
        return ipaddress.IPv4Address(address.packed[-4:])
    return address.ipv4_mapped


@dataclass(frozen=True)
class Source:
    """The allowed sources of a provider's files.

    ``first`` are the hosts that a file's address may name, ``path_allowed`` checks the
    path there. ``hosts`` are the allowed targets of redirects; a name with a leading
    dot includes its subdomains. ``auth`` is sent with the first request only. If
    ``base_url`` is set, it replaces all of these hosts.
    """

    first: frozenset[str]
    path_allowed: Callable[[str], bool]
    hosts: frozenset[str]
    auth: Auth | None = None
    base_url: str = ""
    max_bytes: int = 0


def fetch(http: requests.Session, media: MediaRef, source: Source) -> Media:
    """Open a file; raise Refused if its address isn't the provider's."""
    if not source.base_url:
        _guard(http)
    url = _checked(media.url, source.first, source)
    if not source.path_allowed(urlsplit(url).path):
        raise _refusal("its address is no file of this account")
    deadline = time.monotonic() + min(MAX_SECONDS, time_left(http))
    response = _follow(http, url, source)
    _refuse_too_big(response, source)
    return Media(
        chunks=_chunks(response, source, deadline),
        content_type=response.headers.get("Content-Type", media.content_type),
        filename=media.filename or _filename(response),
    )


def _guard(http: requests.Session) -> None:
    if not isinstance(http.adapters.get("https://"), PublicAdapter):
        http.mount("https://", PublicAdapter())


def _filename(response: requests.Response) -> str:
    """Return the filename given by the host, without folders."""
    header = Message()
    header["Content-Disposition"] = response.headers.get("Content-Disposition", "")
    name = clean(header.get_filename("")).replace("\\", "/").rpartition("/")[2]
    return "".join(filter(str.isprintable, name))[:MAX_FILENAME]


def _follow(http: requests.Session, url: str, source: Source) -> requests.Response:
    response = _get(http, url, source.auth)
    for _hop in range(MAX_REDIRECTS):
        if response.status_code not in REDIRECTS:
            break
        response.close()
        location = response.headers.get("Location", "")
        url = _checked(location, source.hosts, source, at=url)
        response = _get(http, url, None)
    if response.status_code == 200:
        return response
    response.close()
    raise _failure(response)


def _get(http: requests.Session, url: str, auth: Auth | None) -> requests.Response:
    # Without `auth`, `requests` would read credentials from ~/.netrc. Compressed
    # answers would pass the size limit before they are decompressed.
    headers = {"Accept-Encoding": "identity", "User-Agent": USER_AGENT}
    return call(http, "GET", url, auth=auth or _anonymous, headers=headers, stream=True)


def _anonymous(request: requests.PreparedRequest) -> requests.PreparedRequest:
    request.headers.pop("Authorization", None)
    return request


def _checked(url: str, hosts: frozenset[str], source: Source, at: str = "") -> str:
    """Check ``url`` and return the address to open, rebuilt from the checked parts."""
    try:
        parts = urlsplit(urljoin(at, url))
        host, port = (parts.hostname or ""), parts.port
    except ValueError:
        raise _refusal("its address can't be read") from None
    base = urlsplit(source.base_url)
    if source.base_url and (parts.scheme, parts.netloc) == (base.scheme, base.netloc):
        return urlunsplit((base.scheme, base.netloc, parts.path, parts.query, ""))
    if parts.scheme != "https" or port not in (None, 443) or "@" in parts.netloc:
        raise _refusal("its address isn't a plain https one")
    if not _is_listed(host, hosts):
        raise _refusal("its host isn't one of the provider's")
    scheme, netloc = (base.scheme, base.netloc) if source.base_url else ("https", host)
    return urlunsplit((scheme, netloc, parts.path, parts.query, ""))


def _is_listed(host: str, hosts: frozenset[str]) -> bool:
    below = tuple(name for name in hosts if name.startswith("."))
    return host in hosts or (bool(below) and host.endswith(below))


def _refusal(why: str) -> Refused:
    return Refused(Reason.FILE_REFUSED, detail=f"The file was not fetched: {why}.")


def _failure(response: requests.Response) -> SendError:
    status = response.status_code
    wish = retry_after(response.headers)
    detail = f"The provider answered HTTP {status}."
    if status == 429:
        return Retryable(Reason.RATE_LIMITED, str(status), detail, wish)
    if status >= 500:
        return Retryable(Reason.PROVIDER_DOWN, str(status), detail, wish)
    if status == 404:
        # The event may arrive shortly before the file can be downloaded.
        return Retryable(Reason.FILE_NOT_FETCHED, str(status), detail, wish)
    reason = Reason.BAD_CREDENTIALS if status == 401 else Reason.FILE_NOT_FETCHED
    return Refused(reason, str(status), detail)


def _refuse_too_big(response: requests.Response, source: Source) -> None:
    if (_length(response) or 0) > source.max_bytes > 0:
        response.close()
        raise _too_big(source)


def _too_big(source: Source) -> Refused:
    return Refused(Reason.FILE_TOO_BIG, detail=f"over {source.max_bytes} bytes")


def _length(response: requests.Response) -> int | None:
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isascii() and length.isdecimal() else None


def _chunks(
    response: requests.Response, source: Source, deadline: float
) -> Iterator[bytes]:
    """Yield the file in chunks of about 64 KB, then close the response."""
    received, expected = 0, _length(response)
    with response:
        for chunk in _pieces(response, deadline):
            received += len(chunk)
            if received > source.max_bytes > 0:
                raise _too_big(source)
            yield chunk
    # urllib3 checks this itself only since version 2.
    if expected is not None and received != expected:
        raise Retryable(Reason.NO_CONNECTION, detail="The file broke off.")


def _pieces(response: requests.Response, deadline: float) -> Iterator[bytes]:
    pending = bytearray()
    # read1 returns what is available: a slow host can't exceed the deadline.
    read = getattr(response.raw, "read1", response.raw.read)
    try:
        while data := read(CHUNK):
            if time.monotonic() > deadline:
                raise Retryable(Reason.NO_CONNECTION, detail="The file took too long.")
            pending += data
            if len(pending) >= CHUNK:
                yield bytes(pending)
                pending.clear()
    except (HTTPError, OSError) as error:
        detail = type(error).__name__
        raise Retryable(Reason.NO_CONNECTION, detail=detail) from None
    if pending:
        yield bytes(pending)
