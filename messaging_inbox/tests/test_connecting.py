from odoo.exceptions import AccessError

from .common import TOKEN, MessagingCase
from .scripted import answer, refused

NUMBER = "+34600000007"
SENDER = "+34600000008"


class TestConnecting(MessagingCase):
    """A button checks the credentials, makes the channels and sets their webhook."""

    def setUp(self):
        super().setUp()
        self.account.write({"state": "draft"})

    def active(self, **values):
        return answer(200, {"status": "active", "friendly_name": "Shop", **values})

    def sender(self, url="", status="ONLINE", sid="XE1"):
        return {
            "sid": sid,
            "status": status,
            "sender_id": f"whatsapp:{SENDER}",
            "profile": {"name": "The shop"},
            "webhook": {"callback_url": url},
        }

    def number(self, url="", sid="PN1"):
        return {
            "sid": sid,
            "phone_number": NUMBER,
            "friendly_name": "Texts",
            "capabilities": {"sms": True},
            "sms_url": url,
        }

    def connect(self, *answers, user=None):
        self.http.answers = list(answers)
        action = self.account.with_user(user or self.manager).action_connect()
        self.env.invalidate_all()
        return action["params"]

    def connect_well(self, **options):
        url = self.account.webhook_url
        return self.connect(
            self.active(),
            answer(200, {"senders": [self.sender()]}),
            answer(200, {"incoming_phone_numbers": [self.number()]}),
            answer(202, self.sender(url)),
            answer(200, self.sender(url)),
            answer(200, self.number(url)),
            answer(200, self.number(url)),
            **options,
        )

    def made(self):
        known = self.whatsapp | self.sms | self.private
        found = self.env["messaging.channel"].with_context(active_test=False)
        return found.search([("account_id", "=", self.account.id)]) - known

    def test_it_checks_lists_registers_reads_back_and_makes_channels(self):
        shown = self.connect_well()
        self.assertEqual(shown["type"], "success")
        self.assertIn(SENDER, shown["message"])
        self.assertEqual(self.account.state, "connected")
        self.assertEqual(
            {(channel.kind, channel.address, channel.name) for channel in self.made()},
            {("whatsapp", SENDER, "The shop"), ("sms", NUMBER, "Texts")},
        )
        posted = [
            options.get("json") or options.get("data")
            for method, _url, options in self.http.requests
            if method == "POST"
        ]
        self.assertIn(self.account.webhook_url, str(posted[0]))
        self.assertIn(self.account.webhook_url, str(posted[1]))

    def test_connecting_again_makes_nothing_twice(self):
        self.connect_well()
        made = self.made()
        made[0].name = "My own name"
        self.connect_well()
        self.assertEqual(self.made(), made)
        self.assertEqual(made[0].name, "My own name")

    def test_connecting_again_leaves_an_archived_number_alone(self):
        """Somebody gave it away on purpose: it is neither used nor posted to."""
        self.connect_well()
        given_away = self.made().filtered(lambda channel: channel.kind == "sms")
        given_away.active = False
        del self.http.requests[:]
        url = self.account.webhook_url
        shown = self.connect(
            self.active(),
            answer(200, {"senders": [self.sender(url)]}),
            answer(200, {"incoming_phone_numbers": [self.number()]}),
            answer(202, self.sender(url)),
            answer(200, self.sender(url)),
        )
        self.assertEqual(shown["type"], "success")
        self.assertFalse(given_away.active)
        posted = [url for method, url, _o in self.http.requests if method == "POST"]
        self.assertNotIn("IncomingPhoneNumbers", str(posted))

    def test_the_installer_connects_without_being_a_manager(self):
        shown = self.connect_well(user=self.installer)
        self.assertEqual(shown["type"], "success")

    def test_nobody_else_connects(self):
        for user in (self.agent, self.employee, self.portal, self.stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.account.with_user(user).action_connect()
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.account.with_user(user).action_check_health()
        self.assertFalse(self.http.requests)

    def test_wrong_credentials_are_said_with_the_providers_words(self):
        shown = self.connect(refused(401, 20003, "Authenticate"))
        self.assertEqual(shown["type"], "danger")
        self.assertIn("refuses these credentials", shown["message"])
        self.assertIn("20003 Authenticate", self.account.error_message)
        self.assertNotIn(TOKEN, self.account.error_message)
        self.assertEqual(self.account.state, "draft")
        self.assertFalse(self.made())

    def test_an_account_without_numbers_says_so(self):
        shown = self.connect(
            self.active(),
            answer(200, {"senders": []}),
            answer(200, {"incoming_phone_numbers": []}),
        )
        self.assertEqual(shown["type"], "warning")

    def test_a_sender_that_is_offline_is_named_and_left_out(self):
        shown = self.connect(
            self.active(),
            answer(200, {"senders": [self.sender(status="OFFLINE")]}),
            answer(200, {"incoming_phone_numbers": []}),
        )
        self.assertIn("OFFLINE", shown["message"])
        self.assertIn(SENDER, self.account.error_message)
        self.assertFalse(self.made())

    def test_a_webhook_that_was_not_taken_over_fails_precisely(self):
        shown = self.connect(
            self.active(),
            answer(200, {"senders": [self.sender()]}),
            answer(200, {"incoming_phone_numbers": []}),
            answer(202, self.sender()),
            answer(200, self.sender("https://elsewhere.example.com/")),
        )
        self.assertEqual(shown["type"], "danger")
        self.assertIn("https://elsewhere.example.com/", shown["message"])
        self.assertEqual(self.account.state, "draft")

    def test_a_health_check_shows_and_clears_the_error(self):
        account = self.account.with_user(self.manager)
        account.state = "connected"
        self.http.answers = [refused(401, 20003, "Authenticate")]
        account.action_check_health()
        self.assertEqual(account.state, "error")
        self.http.answers = [self.active()]
        shown = account.action_check_health()["params"]
        self.assertEqual((account.state, account.error_message), ("connected", False))
        self.assertEqual(shown["type"], "success")

    def test_a_connection_that_only_broke_off_is_no_error_of_the_account(self):
        account = self.account.with_user(self.manager)
        account.state = "connected"
        self.http.answers = [refused(503)]
        account.action_check_health()
        self.assertEqual(account.state, "connected")
