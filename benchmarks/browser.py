"""Chromium, and windows in it in which a user is logged in."""

from contextlib import contextmanager

from playwright.sync_api import sync_playwright

from tools.dev.chromium import find_chromium

ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]
PATIENCE = 60_000


@contextmanager
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=ARGUMENTS
        )
        yield browser
        browser.close()


def window(browser, server, session):
    """Return a page in a window of its own, so that none is in the background."""
    context = browser.new_context(base_url=server.url, locale="en-US")
    context.set_default_timeout(PATIENCE)
    cookie = {"name": "session_id", "url": server.url}
    context.add_cookies([{**cookie, "value": session}])
    return context.new_page()
