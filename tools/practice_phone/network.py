"""Keep the phone on this machine and its local network, off the internet."""

import asyncio
import ipaddress
from urllib.parse import urlsplit


async def is_near(url):
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return False
    try:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(parts.hostname, None)
    except (OSError, UnicodeError):
        return False
    addresses = (ipaddress.ip_address(entry[4][0].split("%")[0]) for entry in found)
    return all(address.is_private for address in addresses)
