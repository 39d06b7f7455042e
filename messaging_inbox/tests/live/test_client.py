import re
from pathlib import Path
from unittest import SkipTest

from odoo.tests import no_retry, tagged

from odoo.addons.web.tests.test_js import unit_test_error_checker

from ..common import MANAGER, MessagingHttpCase

STATIC_TESTS = Path(__file__).parents[2] / "static" / "tests"
SUITE = "@messaging_inbox"
PASSED = re.compile(r"\[HOOT\] Passed (\d+) tests?")
WRITTEN = re.compile(r"^\s*test(?:\.tags\([^)]*\))?\(", re.MULTILINE)
SUCCEEDED = "[HOOT] Test suite succeeded"
BROWSER_LOGGER = "odoo.addons.messaging_inbox.tests.live.test_client"


class BrowserCase(MessagingHttpCase):
    """A missing or slow browser fails the tests instead of skipping them."""

    def browser_js(self, *args, **options):
        try:
            return super().browser_js(*args, **options)
        except SkipTest as reason:
            self.fail(f"The browser tests did not run: {reason}")


class HootCase(BrowserCase):
    """Run our client tests, and check that none was left out."""

    def written(self, mobile):
        """Return the number of tests for a phone or a desktop."""
        texts = [path.read_text() for path in STATIC_TESTS.rglob("*.test.js")]
        chosen = [text for text in texts if ('tags("mobile")' in text) == mobile]
        return sum(len(WRITTEN.findall(text)) for text in chosen)

    def run_suite(self, preset, tag=""):
        options = f"headless&loglevel=2&timeout=15000&preset={preset}{tag}"
        url = f"/web/tests?{options}&id={_hash(SUITE)}"
        with self.assertLogs(BROWSER_LOGGER, "INFO") as logs:
            try:
                self.browser_js(
                    url,
                    "",
                    "",
                    login="admin",
                    timeout=500,
                    success_signal=SUCCEEDED,
                    error_checker=unit_test_error_checker,
                )
            except AssertionError as error:
                # assertLogs hides Hoot's output per test from pytest.
                self.fail("\n".join([str(error), *logs.output]))
        counts = PASSED.findall("\n".join(logs.output))
        self.assertTrue(counts, "Hoot reported no passed test")
        return int(counts[-1])


def _hash(name):
    """Return Hoot's id of a suite."""
    value = 0
    for char in name:
        value = ((value << 5) - value + ord(char)) & 0xFFFFFFFF
    return f"{value:08x}"


@tagged("post_install", "-at_install")
class TestHootDesktop(HootCase):
    @no_retry
    def test_the_client_tests_pass_on_a_desktop(self):
        passed = self.run_suite("desktop")
        self.assertGreaterEqual(passed, self.written(mobile=False))


@tagged("post_install", "-at_install")
class TestHootMobile(HootCase):
    browser_size = "375x667"
    touch_enabled = True

    @no_retry
    def test_the_client_tests_pass_on_a_phone(self):
        passed = self.run_suite("mobile", "&tag=-headless")
        self.assertGreaterEqual(passed, self.written(mobile=True))
        self.assertTrue(passed)


@tagged("post_install", "-at_install")
class TestTours(BrowserCase):
    """The tours use the real screen, with an unread message from a customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Close conversations of other tests, so that only the tour's own are shown.
        cls.env["messaging.conversation"].search([("state", "=", "open")]).write(
            {"state": "closed"}
        )
        cls.walker = cls._user("walker", f"{MANAGER},sales_team.group_sale_manager")

    def walk(self, tour, url, walker=None):
        self.env.cr.precommit.run()
        self.env.flush_all()
        self.start_tour(url, tour, login=(walker or self.walker).login)
        self.env.invalidate_all()

    def test_a_message_is_read_assigned_answered_closed_and_reopened(self):
        message = self.receive("Hello", ProfileName="Ana")
        self.walk("messaging_inbox_spine", "/odoo/crm")
        conversation = message.conversation_id
        self.assertEqual(conversation.state, "open")
        self.assertEqual(conversation.user_id, self.walker)
        answer = conversation.message_ids.filtered(lambda m: m.direction == "outbound")
        self.assertEqual(answer.mapped("body"), ["Good morning, Ana!"])
        self.assertEqual(answer.author_id, self.walker)

    def test_everything_works_by_keyboard(self):
        message = self.receive("Hello", ProfileName="Ana")
        self.receive("Hi", sender="+34622222222", ProfileName="Berta")
        self.walk("messaging_inbox_keyboard", "/odoo/messaging")
        answer = message.conversation_id.message_ids.filtered(
            lambda m: m.direction == "outbound"
        )
        self.assertEqual(answer.mapped("body"), ["Written by keyboard"])

    def test_a_day_of_finding_snoozing_scheduling_and_undoing(self):
        ana = self.receive("Is the zebra bike there?", ProfileName="Ana")
        berta = self.receive("Hi", sender="+34622222222", ProfileName="Berta")
        self.walk("messaging_inbox_day", "/odoo/messaging")
        conversations = ana.conversation_id | berta.conversation_id
        self.assertEqual(set(conversations.mapped("state")), {"closed"})
        self.assertFalse(self.env["messaging.scheduled"].search([]))
        outbound = conversations.message_ids.filtered(
            lambda m: m.direction == "outbound"
        )
        self.assertFalse(outbound)

    def test_a_contact_and_a_deal_are_created_beside_the_conversation(self):
        message = self.receive("Hello", ProfileName="Ana")
        self.walk("messaging_inbox_records", "/odoo/messaging")
        conversation = message.conversation_id
        self.assertEqual(conversation.partner_id.email, "ana@example.com")
        self.assertEqual(conversation.lead_id.name, "Forty blue ones")
        self.assertEqual(conversation.lead_id.stage_id.name, "Qualified")
        self.assertEqual(len(conversation.note_window_ids), 2)

    def test_a_plain_salesperson_finds_the_inbox_and_no_settings(self):
        seller = self._user("seller", "sales_team.group_sale_salesman")
        self.walk("messaging_inbox_menu_of_salespeople", "/odoo/crm", seller)

    def test_a_sales_manager_finds_the_settings(self):
        self.walk("messaging_inbox_menu_of_managers", "/odoo/crm")

    def test_every_tour_is_tested(self):
        """A tour that no test starts would prove nothing."""
        tours = set()
        for path in (STATIC_TESTS / "tours").glob("*.js"):
            tours |= set(re.findall(r'\.add\(\s*"(\w+)"', path.read_text()))
        walked = set(re.findall(r'self\.walk\(\s*"(\w+)"', Path(__file__).read_text()))
        self.assertEqual(walked, tours)
