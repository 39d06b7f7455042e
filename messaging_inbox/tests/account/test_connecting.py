from odoo.exceptions import AccessError, UserError

from ...providers.events import ChannelInfo
from ..common import TOKEN, MessagingCase
from ..scripted import answer, refused

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

    # what connecting replaces

    def found(self, sender, number=""):
        return [
            self.active(),
            answer(200, {"senders": [self.sender(sender)]}),
            answer(200, {"incoming_phone_numbers": [self.number(number)]}),
        ]

    def offer(self, sender="https://bot.example/in"):
        """Connect while the sender posts to another program; return all shown."""
        url = self.account.webhook_url
        shown = self.connect(
            *self.found(sender),
            answer(200, self.number(url)),
            answer(200, self.number(url)),
        )
        dialog = self.env["messaging.connect"].browse(shown["next"]["res_id"])
        return shown, dialog.with_user(self.manager)

    def connect_over(self, sender="https://bot.example/in", number=""):
        """Connect numbers that post to another program today, and take them over."""
        url = self.account.webhook_url
        self.http.answers = [
            *self.found(sender, number),
            answer(202, self.sender(url)),
            answer(200, self.sender(url)),
            answer(200, self.number(url)),
            answer(200, self.number(url)),
        ]
        account = self.account.with_user(self.manager)
        account._connect({("whatsapp", SENDER)})
        self.env.invalidate_all()
        made = self.made()
        return made.filtered(lambda channel: channel.kind == "whatsapp"), made

    def test_the_number_of_another_program_is_left_and_offered(self):
        shown, dialog = self.offer()
        self.assertEqual(self.made().mapped("address"), [NUMBER])
        posted = [url for method, url, _o in self.http.requests if method == "POST"]
        self.assertNotIn("Senders", str(posted))
        self.assertIn(f"program has them: The shop ({SENDER})", shown["message"])
        line = dialog.line_ids
        self.assertEqual(line.webhook_url, "https://bot.example/in")
        self.assertFalse(line.is_taken)

    def test_only_the_ticked_are_taken_over(self):
        url = self.account.webhook_url
        _shown, dialog = self.offer()
        self.http.answers = [
            *self.found("https://bot.example/in", url),
            answer(200, self.number(url)),
            answer(200, self.number(url)),
        ]
        dialog.action_take_over()
        self.assertEqual(self.made().mapped("address"), [NUMBER])
        dialog.line_ids.is_taken = True
        self.http.answers = [
            *self.found("https://bot.example/in", url),
            answer(202, self.sender(url)),
            answer(200, self.sender(url)),
            answer(200, self.number(url)),
            answer(200, self.number(url)),
        ]
        dialog.action_take_over()
        sender = self.made().filtered(lambda channel: channel.kind == "whatsapp")
        self.assertEqual(sender.replaced_webhook, "https://bot.example/in")

    def test_an_agent_takes_nothing_over(self):
        _shown, dialog = self.offer()
        Dialog = self.env["messaging.connect"].with_user(self.agent)
        del self.http.requests[:]
        with self.assertRaises(AccessError):
            dialog.with_user(self.agent).action_take_over()
        with self.assertRaises(AccessError):
            Dialog.create({"account_id": self.account.id}).action_take_over()
        self.assertFalse(self.http.requests)

    def test_the_address_of_another_program_is_kept(self):
        ours = self.account.webhook_url.replace("http://", "http://former.")
        sender, made = self.connect_over(number=ours)
        self.assertEqual(sender.replaced_webhook, "https://bot.example/in")
        self.assertFalse((made - sender).replaced_webhook)
        self.connect_over(sender=self.account.webhook_url)
        self.assertEqual(sender.replaced_webhook, "https://bot.example/in")
        with self.assertRaises(AccessError):
            sender.with_user(self.agent).read(["replaced_webhook"])

    def test_it_is_put_back_and_then_left_alone(self):
        sender, _made = self.connect_over()
        url = sender.replaced_webhook
        with self.assertRaises(AccessError):
            sender.with_user(self.agent).action_put_back_webhook()
        self.http.requests = []
        self.http.answers = [
            answer(202, self.sender(url)),
            answer(200, self.sender(url)),
        ]
        sender.with_user(self.manager).action_put_back_webhook()
        self.assertIn(url, str(self.http.requests[0][2]["json"]))
        self.assertFalse(sender.active or sender.replaced_webhook)
        with self.assertRaisesRegex(UserError, "replaced no other"):
            sender.with_user(self.manager).action_put_back_webhook()

    def test_what_the_provider_refuses_is_not_put_back(self):
        sender, _made = self.connect_over()
        self.http.answers = [refused(400, 20001, "Invalid")]
        with self.assertRaises(UserError):
            sender.with_user(self.manager).action_put_back_webhook()
        self.assertTrue(sender.active and sender.replaced_webhook)

    def test_many_numbers_are_counted_and_not_all_named(self):
        infos = [
            ChannelInfo("sms", f"+3460000{number:04d}", "", f"PN{number}")
            for number in range(130)
        ]
        problems = [f"{info.address}: offline" for info in infos[:9]]
        said = self.account._notify_connected(infos, problems)["params"]["message"]
        self.assertIn("125 more", said)
        self.assertIn("9 can't be used", said)
        self.assertLess(len(said), 250)
