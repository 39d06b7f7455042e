"""A practice phone in this process, without a network."""

import shutil
import signal
import socket
import threading
import time
import warnings

import httpx
import pytest
from playwright.sync_api import sync_playwright

from tests.unit.practice_phone.harness import WEBHOOK, Api, FakeOdoo
from tools.practice_phone import demo
from tools.practice_phone.__main__ import Server
from tools.practice_phone.app import create_app
from tools.practice_phone.phone import Phone

with warnings.catch_warnings():
    # Starlette would rather have a newer client than the one that the phone uses.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

CHROMIUM = "/usr/bin/chromium"


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
    """Connect the demo account's lines to Odoo."""
    values = {"sid": demo.ACCOUNT_SID, "webhook_url": WEBHOOK}
    assert client.post("/control/accounts", json=values).status_code == 200


@pytest.fixture
def says(client, connected):
    """Return a function that sends as a customer and returns the answer."""

    def say(customer="+34600100101", line="whatsapp:" + demo.WHATSAPP_NUMBER, **draft):
        path = f"/control/customers/{customer}/messages"
        answer = client.post(path, json={"line": line, **draft})
        assert answer.status_code == 200, answer.text
        return answer.json()

    return say


# -- a real server, and its page in a browser ------------------------------------


@pytest.fixture(scope="module")
def browser():
    if not shutil.which(CHROMIUM):
        pytest.skip("install chromium to try the page")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"]
        )
        yield browser.new_context(viewport={"width": 1280, "height": 800})
        browser.close()


@pytest.fixture(scope="module")
def server():
    """A real server in a thread, because the page needs its events."""
    odoo = FakeOdoo()
    server = Server(Phone(transport=httpx.MockTransport(odoo), pace=0))
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}", odoo
    server.handle_exit(signal.SIGTERM, None)
    thread.join(5)
    assert not thread.is_alive()


@pytest.fixture
def control(server):
    address, odoo = server
    with httpx.Client(base_url=address, trust_env=False) as client:
        client.post("/control/reset", json={"everything": True})
        values = {"sid": demo.ACCOUNT_SID, "webhook_url": WEBHOOK}
        assert client.post("/control/accounts", json=values).status_code == 200
        odoo.received.clear()
        odoo.answers.clear()
        yield client


@pytest.fixture
def page(browser, control):
    page = browser.new_page()
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if is_bad(line) else 0)
    page.goto(str(control.base_url))
    yield page
    page.close()
    assert problems == []


def is_bad(line):
    """Tell errors from refusals of the control API, which the browser logs too."""
    return line.type == "error" and "Failed to load resource" not in line.text
