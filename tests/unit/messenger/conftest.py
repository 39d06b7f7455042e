"""Meta on the loopback interface, with answers planned by the test."""

from __future__ import annotations

import pytest
import requests
from providers.messenger import Messenger

from .. import server as loopback
from . import contract
from .samples import ACCESS_TOKEN, APP_ID, APP_SECRET, VERIFY_TOKEN


@pytest.fixture
def server():
    with loopback.running(contract.check) as running:
        yield running


@pytest.fixture
def credentials():
    return {
        "app_id": APP_ID,
        "app_secret": APP_SECRET,
        "access_token": ACCESS_TOKEN,
        "verify_token": VERIFY_TOKEN,
    }


@pytest.fixture
def meta(credentials, server):
    """Return the provider, pointed at this test's server."""
    with requests.Session() as http:
        yield Messenger(credentials, http, base_url=server.url)


@pytest.fixture
def instagram(credentials, server):
    """Return the provider with a token of Instagram's own login."""
    with requests.Session() as http:
        own = {**credentials, "access_token": "IGAAown"}
        yield Messenger(own, http, base_url=server.url)
