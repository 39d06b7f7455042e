"""A browser's notifications, seen where the operating system would receive them."""

import json
from collections import Counter

from playwright.sync_api import expect

from tests.waiting import eventually

KINDS = ("mine", "others", "unassigned", "assigned")
TEST = "Test notification"
MODEL = "messaging.conversation"
# Pages without a user always believe that they have the focus. Chromium can't
# register for push here, and would show an error above the page.
STAND_IN = """
window.hasTheFocus = true;
document.hasFocus = () => window.hasTheFocus;
PushManager.prototype.subscribe = () => new Promise(() => {});
window.shown = [];
const show = ServiceWorkerRegistration.prototype.showNotification;
ServiceWorkerRegistration.prototype.showNotification = function (title, options) {
    window.shown.push(title);
    return show.call(this, title, options);
};
"""
DISPLAYED = """async () => {
    const registration = await navigator.serviceWorker.getRegistration("/odoo");
    const shown = await registration.getNotifications();
    return shown.map(({title, body}) => ({title, body}));
}"""
TAKE_AWAY = """async () => {
    const registration = await navigator.serviceWorker.getRegistration("/odoo");
    const shown = await registration.getNotifications();
    shown.forEach((notification) => notification.close());
}"""
WORKER_IS_READY = """async () => {
    const registration = await navigator.serviceWorker.getRegistration("/odoo");
    return Boolean(registration?.active);
}"""
# The bus repeats messages from before the socket was open for so many seconds only.
IS_LISTENING = """() =>
    odoo.__WOWL_DEBUG__?.root.env.services.bus_service.workerState === "CONNECTED"
"""
CLICK = """async () => {
    const [notification] = await registration.getNotifications();
    self.dispatchEvent(new NotificationEvent("notificationclick", {notification}));
}"""


def choose_switches(person, *wanted):
    """Switch the named switches on, such as `mine_desktop`, and all others off."""
    names = [f"{kind}_{way}" for kind in KINDS for way in ("desktop", "email")]
    values = {f"messaging_notify_{name}": name in wanted for name in names}
    person.call("res.users", "action_messaging_save_notifications", [person.id], values)


def send_test(person):
    person.call(
        "res.users", "action_messaging_test_notification", [person.id], "desktop"
    )


class Browser:
    """One browser of a user, with any number of tabs."""

    def __init__(self, context):
        self.context = context
        self.tabs = []
        context.add_init_script(STAND_IN)

    def open(self, path="/odoo/contacts"):
        tab = self.context.new_page()
        tab.goto(path)
        expect(tab.locator(".o-messaging-Systray")).to_be_visible()
        tab.wait_for_function(WORKER_IS_READY)
        tab.wait_for_function(IS_LISTENING)
        for other in self.tabs:
            set_focus(other, False)
        self.tabs.append(tab)
        return tab

    def clear(self):
        """Close all tabs and all displayed notifications."""
        # Any page of Odoo can do it: this one loads at once
        self.tabs[0].goto("/web/health")
        self.tabs[0].evaluate(TAKE_AWAY)
        for tab in self.tabs:
            tab.close()
        self.tabs.clear()

    @property
    def displayed(self):
        """Return the displayed notifications: {title: body}."""
        shown = self.tabs[0].evaluate(DISPLAYED)
        assert len(shown) == len({each["title"] for each in shown}), shown
        return {each["title"]: each["body"] for each in shown}

    @property
    def shown(self):
        """The titles of all that was shown, by whatever tab, in each one's order."""
        return [title for tab in self.tabs for title in tab.evaluate("window.shown")]

    def expect_shown(self, *titles):
        """Expect exactly these; the last of `titles` comes last, so nothing follows."""
        wanted = Counter(titles)
        eventually(
            lambda: wanted <= Counter(self.shown), what=f"notifications {titles}"
        )
        assert sorted(self.shown) == sorted(titles), self.shown

    def expect_displayed(self, *titles, body=None):
        """Expect these and no others, with `body` if it is given."""

        def same():
            bodies = set(self.displayed.values())
            return set(self.displayed) == set(titles) and (
                body is None or bodies == {body}
            )

        try:
            eventually(same, what=f"a screen with {titles}")
        except AssertionError as error:
            raise AssertionError(f"{error}; it has {self.displayed}") from None

    def push_test(self, tab, body):
        """Deliver a test push until it shows: a waking service worker may miss one."""
        for _attempt in range(6):
            self.push(tab, 0, None, body)
            try:
                eventually(lambda: self.displayed.get("Pushed") == body, 5)
                return
            except AssertionError:
                continue
        raise AssertionError(f"the push {body!r} was never shown: {self.displayed}")

    def click(self):
        """Click the only displayed notification."""
        (worker,) = self.context.service_workers
        worker.evaluate(CLICK)

    def push(self, tab, conversation_id, message_id, body):
        """Deliver a push to this browser, as the push service does."""
        session = self.context.new_cdp_session(tab)
        registrations = []
        session.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda event: registrations.extend(event["registrations"]),
        )
        session.send("ServiceWorker.enable")
        eventually(lambda: tab.wait_for_timeout(50) or registrations)
        data = {"model": MODEL, "res_id": conversation_id, "message_id": message_id}
        options = {"body": body, "tag": f"messaging_inbox.{conversation_id}"}
        payload = {"title": "Pushed", "options": {**options, "data": data}}
        session.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": registrations[0]["scopeURL"].partition("/odoo")[0],
                "registrationId": registrations[0]["registrationId"],
                "data": json.dumps(payload),
            },
        )


def set_focus(tab, has_focus):
    tab.evaluate(
        """(hasFocus) => {
            window.hasTheFocus = hasFocus;
            window.dispatchEvent(new Event(hasFocus ? "focus" : "blur"));
        }""",
        has_focus,
    )
