"""A practice phone in this process, without a network."""

import warnings

import httpx
import pytest

from tests.unit.practice_phone.harness import WEBHOOK, Api, FakeOdoo
from tools.practice_phone import demo
from tools.practice_phone.app import create_app
from tools.practice_phone.phone import Phone

with warnings.catch_warnings():
    # Starlette would rather have a newer client than the one that the phone uses.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient


@pytest.fixture
def odoo():
    return FakeOdoo()


@pytest.fixture
def phone(odoo):
    return Phone(transport=httpx.MockTransport(odoo), pace=0)


@pytest.fixture
def client(phone):
    with TestClient(create_app(phone), follow_redirects=False) as client:
        yield client


@pytest.fixture
def api(client):
    """Requests to Twilio's API with the demo account's credentials."""
    return Api(client)


@pytest.fixture
def connected(client):
    """The demo account's lines call Odoo."""
    values = {"sid": demo.ACCOUNT_SID, "webhook_url": WEBHOOK}
    assert client.post("/control/accounts", json=values).status_code == 200


@pytest.fixture
def says(client, connected):
    """Sends as a customer; returns the control API's answer."""

    def say(customer="+34600100101", line="whatsapp:" + demo.WHATSAPP_NUMBER, **draft):
        path = f"/control/customers/{customer}/messages"
        answer = client.post(path, json={"line": line, **draft})
        assert answer.status_code == 200, answer.text
        return answer.json()

    return say
