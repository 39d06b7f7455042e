"""Meta on the loopback interface, with answers planned by the test."""

from __future__ import annotations

import pytest
import requests
from providers.whatsapp_cloud import WhatsAppCloud

from .. import server as loopback
from . import contract
from .samples import CREDENTIALS


@pytest.fixture
def server():
    with loopback.running(contract.check) as running:
        yield running


@pytest.fixture
def whatsapp(server):
    """Return the provider, pointed at this test's server."""
    with requests.Session() as http:
        yield WhatsAppCloud(CREDENTIALS, http, base_url=server.url)
