import pytest

from tools.practice_phone import demo


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
    """Open a window for a user; each test has its own."""
    from tests.e2e.support.screen import log_in

    contexts = []

    def open_window(person, **options):
        context = log_in(browser, odoo.url, person, **options)
        contexts.append(context)
        return context

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def windows(odoo, browser, agent, other_agent):
    """Keep Alba's and Bruno's windows between tests: they have cached the assets.

    An empty page keeps each one's process, too.
    """
    from tests.e2e.support.screen import log_in

    contexts = [log_in(browser, odoo.url, one) for one in (agent, other_agent)]
    for context in contexts:
        context.new_page().goto("/web/health")
    yield contexts
    for context in contexts:
        context.close()


@pytest.fixture
def screen(windows):
    """Open the agent's inbox: a new page in her window, whose storage is empty."""
    from tests.e2e.support.screen import Screen, leave

    screen = Screen(windows[0].new_page())
    yield screen
    leave(screen.page)


@pytest.fixture
def both(windows, agent, other_agent, conversation):
    """Open the conversation on Alba's and Bruno's screens; both are available."""
    from tests.e2e.support.assignment import set_available
    from tests.e2e.support.screen import Screen, leave

    screens = [Screen(window.new_page()) for window in windows]
    for screen in screens:
        screen.open(conversation)
        screen.unfold("others")
    yield screens
    for screen in screens:
        leave(screen.page)
    for person in (agent, other_agent):
        set_available(person, True)


@pytest.fixture
def handset(browser, phone):
    """Open the page of a customer's phone."""
    from tests.e2e.support.screen import Handset

    context = browser.new_context()
    page = context.new_page()
    yield lambda *whom: Handset(page).take(phone.url, *whom)
    context.close()


@pytest.fixture
def name(customer):
    return f"Customer {customer}"


@pytest.fixture
def conversation(database, known):
    return database.conversation(known)


@pytest.fixture
def late(database, conversation, phone, known):
    """Return a conversation whose reply window is closed, in Odoo and at Twilio."""
    phone.close_window(known)
    database.run(
        "UPDATE messaging_conversation"
        " SET last_inbound_at = last_inbound_at - interval '2 days' WHERE id = %s",
        conversation["id"],
    )
    return conversation


@pytest.fixture
def only_channels(admin, account):
    """Archive what other tests left meanwhile: users would have to choose."""
    ours = [demo.WHATSAPP_NUMBER, demo.SMS_NUMBER]
    others = {
        "messaging.account": [("id", "!=", account["id"])],
        "messaging.channel": [
            ("account_id", "=", account["id"]),
            ("address", "not in", ours),
        ],
    }
    found = {
        model: admin.call(model, "search", which) for model, which in others.items()
    }
    for model, ids in found.items():
        admin.call(model, "write", ids, {"active": False})
    yield
    for model, ids in found.items():
        admin.call(model, "write", ids, {"active": True})


@pytest.fixture
def new_fan(phone, request):
    """Make a new customer at a place, and connect its account."""
    from tests.e2e.support.fans import PLACES, new_fan

    def make(place):
        request.getfixturevalue(PLACES[place][1])
        return new_fan(phone, place)

    return make


@pytest.fixture
def fan(new_fan, request):
    return new_fan(getattr(request, "param", "messenger"))


@pytest.fixture
def other_fan(new_fan, fan):
    return new_fan(fan.place)


@pytest.fixture
def nothing_is_written(database):
    """Check that the test leaves the database unchanged."""
    with database.crons_at_rest():
        before = database.settled_footprint()
        yield
        assert database.footprint() == before
