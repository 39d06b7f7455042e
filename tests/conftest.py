"""Fixtures for the end-to-end and fault tests, shared by the whole run.

They provide a real Odoo with two workers on a real PostgreSQL, and the practice phone
as the provider. Each test uses its own customers, so tests don't interfere.
"""

import itertools
import os

import pytest

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def database_name():
    from tools.dev import databases
    from tools.dev.postgres import postgres

    name = f"e2e_{os.getpid()}"
    with postgres():
        databases.drop_abandoned("e2e_")
        databases.create_database(name)
        try:
            yield name
        finally:
            databases.drop_database(name)


@pytest.fixture(scope="session")
def odoo(database_name):
    from tests.e2e.support.private_logs import check_privacy
    from tools.dev.servers import OdooServer

    options = ("--proxy-mode", "--max-cron-threads", "1")
    with OdooServer(database_name, workers=2, options=options) as server:
        yield server
        check_privacy(server.log, database_name)


@pytest.fixture(scope="session")
def database(odoo):
    from tests.e2e.support.database import Database

    with Database(odoo.database) as database:
        yield database


@pytest.fixture(autouse=True)
def nothing_left_to_send(request):
    """Fail what a test leaves queued: its next try would meet another test's fault."""
    uses_odoo = "database" in request.fixturenames
    database = request.getfixturevalue("database") if uses_odoo else None
    yield
    if database:
        database.run(
            "UPDATE messaging_message SET state = 'failed' WHERE state = 'queued'"
        )


@pytest.fixture(scope="session")
def admin(odoo):
    from tests.e2e.support.people import Person

    return Person(odoo.http_url, odoo.database, "admin", "admin")


@pytest.fixture(scope="session")
def agent(odoo, admin):
    from tests.e2e.support.people import make_agent

    return make_agent(odoo, admin, "Alba Agent")


@pytest.fixture(scope="session")
def other_agent(odoo, admin):
    from tests.e2e.support.people import make_agent

    return make_agent(odoo, admin, "Bruno Agent")


@pytest.fixture(scope="session")
def phone_server(odoo):
    from tools.dev.servers import PracticePhone

    with PracticePhone(odoo.http_url, f"phone-{odoo.database}") as server:
        yield server


@pytest.fixture
def phone(phone_server):
    """Return the practice phone, without the faults that an earlier test set."""
    from tests.e2e.support.phone import Phone

    with Phone(phone_server.url) as phone:
        phone.calm_down()
        yield phone
        phone.calm_down()


@pytest.fixture(scope="session")
def account(admin, odoo, phone_server):
    """Return the practice phone's demo account, connected as a manager does it."""
    from tests.e2e.support.people import connect_to_phone

    return connect_to_phone(admin, odoo.http_url, phone_server.url)


@pytest.fixture(scope="session")
def meta_account(admin, odoo, phone_server):
    """Return the practice phone's demo app, with its Page and Instagram account."""
    from tests.e2e.support.people import META, connect_to_phone

    return connect_to_phone(admin, odoo.http_url, phone_server.url, META)


@pytest.fixture(scope="session")
def cloud_account(admin, odoo, phone_server):
    """Return the practice phone's app with a WhatsApp number straight from Meta."""
    from tests.e2e.support.people import CLOUD, connect_to_phone

    return connect_to_phone(admin, odoo.http_url, phone_server.url, CLOUD)


@pytest.fixture
def customer():
    """Return the number of a new customer."""
    return f"+3461155{next(_numbers):04d}"


@pytest.fixture
def webhook(odoo, account):
    """Return a client that posts to the webhook with Twilio's signature."""
    from tests.e2e.support.webhook import WebhookClient

    return WebhookClient(odoo.http_port, account["webhook_url"])


@pytest.fixture
def known(account, phone, customer):
    """Return the number of a customer who has written, so that we may reply."""
    phone.add(customer)
    phone.write(customer, "Hello")
    return customer
