import pytest


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    from tests.e2e.support.screen import launch

    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def window(odoo, browser):
    """Open a window for somebody; each test has its own."""
    from tests.e2e.support.screen import log_in

    contexts = []

    def open_window(person, **options):
        context = log_in(browser, odoo.url, person, **options)
        contexts.append(context)
        return context

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture
def screen(window, agent):
    """The inbox of the agent, open."""
    from tests.e2e.support.screen import Screen

    return Screen(window(agent).new_page())


@pytest.fixture
def handset(browser, phone):
    """Take the phone of a customer in one's hand: its page, looked at."""
    from tests.e2e.support.screen import Handset

    context = browser.new_context()
    page = context.new_page()
    yield lambda customer_id: Handset(page).take(phone.url, customer_id)
    context.close()


@pytest.fixture
def name(customer):
    return f"Customer {customer}"


@pytest.fixture
def conversation(database, known):
    return database.conversation(known)


@pytest.fixture
def nothing_is_written(database):
    """The database is the same after the test as before."""
    before = database.footprint()
    yield
    assert database.footprint() == before
