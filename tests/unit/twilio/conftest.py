"""A Twilio on the loopback interface with answers planned by the test."""

from __future__ import annotations

import pytest
import requests
from providers.twilio import Twilio

from .. import server as loopback
from . import contract
from .samples import ACCOUNT_SID, AUTH_TOKEN


@pytest.fixture
def server():
    with loopback.running(contract.check) as running:
        yield running


@pytest.fixture
def credentials():
    return {"twilio_account_sid": ACCOUNT_SID, "twilio_auth_token": AUTH_TOKEN}


@pytest.fixture
def twilio(credentials, server):
    """The provider, pointed at the server of this test."""
    with requests.Session() as http:
        yield Twilio(credentials, http, base_url=server.url)
