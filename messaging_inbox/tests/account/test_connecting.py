from unittest.mock import patch

from odoo.exceptions import AccessError, UserError

from ...providers.errors import Reason, Refused
from ...providers.events import ChannelInfo
from ...providers.twilio import Twilio
from ..common import TOKEN, MessagingCase
from ..scripted import answer, refused, to

NUMBER = "+34600000007"
SENDER = "+34600000008"
OTHER = "https://bot.example/in"


class TestConnecting(MessagingCase):
    """Connecting checks the credentials, creates channels and sets their webhooks."""

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

    def number(self, url="", sid="PN1", **values):
        return {
            "sid": sid,
            "phone_number": NUMBER,
            "friendly_name": "Texts",
            "capabilities": {"sms": True},
            "sms_url": url,
            **values,
        }

    def connect(self, *answers, user=None):
        self.http.answers = list(answers)
        action = self.account.with_user(user or self.manager).action_connect()
        self.env.invalidate_all()
        return action["params"]

    def found(self, *senders_and_numbers):
        """Return the responses to the check of credentials and the list of numbers."""
        found = senders_and_numbers
        return [
            self.active(),
            answer(200, {"senders": [each for each in found if "sender_id" in each]}),
            answer(
                200,
                {
                    "incoming_phone_numbers": [
                        each for each in found if "phone_number" in each
                    ]
                },
            ),
        ]

    def taken(self, *senders_and_numbers, url=None):
        """Return the responses to the registration of these numbers, in any order."""
        ours = url or self.account.webhook_url
        answers = []
        for each in senders_and_numbers:
            key = "sms_url" if "phone_number" in each else "webhook"
            now = {**each, key: ours if key == "sms_url" else {"callback_url": ours}}
            answers += [to(f"/{each['sid']}", answer(200, now)) for _ in range(2)]
        return answers

    def connect_well(self, **options):
        both = self.sender(), self.number()
        return self.connect(*self.found(*both), *self.taken(*both), **options)

    def made(self):
        known = self.whatsapp | self.sms | self.private
        found = self.env["messaging.channel"].with_context(active_test=False)
        return found.search([("account_id", "=", self.account.id)]) - known

    def test_connecting_registers_numbers_and_creates_channels(self):
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
        self.assertEqual(len(posted), 2)
        for values in posted:
            self.assertIn(self.account.webhook_url, str(values))

    def test_connecting_again_creates_no_duplicates(self):
        self.connect_well()
        made = self.made()
        made[0].name = "My own name"
        self.connect_well()
        self.assertEqual(self.made(), made)
        self.assertEqual(made[0].name, "My own name")

    def test_connecting_again_leaves_an_archived_number_alone(self):
        """It was archived on purpose, so its webhook isn't registered again."""
        self.connect_well()
        given_away = self.made().filtered(lambda channel: channel.kind == "sms")
        given_away.active = False
        del self.http.requests[:]
        ours = self.sender(self.account.webhook_url)
        shown = self.connect(*self.found(ours, self.number()), *self.taken(ours))
        self.assertEqual(shown["type"], "success")
        self.assertFalse(given_away.active)
        posted = [url for method, url, _o in self.http.requests if method == "POST"]
        self.assertNotIn("IncomingPhoneNumbers", str(posted))

    def test_the_installer_connects_without_being_a_manager(self):
        shown = self.connect_well(user=self.installer)
        self.assertEqual(shown["type"], "success")

    def test_other_users_cannot_connect(self):
        for user in (self.agent, self.employee, self.portal, self.stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.account.with_user(user).action_connect()
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.account.with_user(user).action_list_numbers()
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.account.with_user(user).action_check_health()
        self.assertFalse(self.http.requests)

    def test_wrong_credentials_show_the_providers_message(self):
        shown = self.connect(refused(401, 20003, "Authenticate"))
        self.assertEqual(shown["type"], "danger")
        self.assertIn("refuses these credentials", shown["message"])
        self.assertIn("20003 Authenticate", self.account.error_message)
        self.assertNotIn(TOKEN, self.account.error_message)
        self.assertEqual(self.account.state, "draft")
        self.assertFalse(self.made())

    def test_an_account_without_numbers_is_reported(self):
        shown = self.connect(*self.found())
        self.assertEqual(shown["type"], "warning")

    def test_an_offline_sender_is_named_and_skipped(self):
        shown = self.connect(*self.found(self.sender(status="OFFLINE")))
        self.assertIn("OFFLINE", shown["message"])
        self.assertIn(SENDER, self.account.error_message)
        self.assertFalse(self.made())

    def test_a_webhook_that_was_not_changed_is_reported(self):
        elsewhere = "https://elsewhere.example.com/"
        sender = self.sender()
        shown = self.connect(*self.found(sender), *self.taken(sender, url=elsewhere))
        self.assertEqual(shown["type"], "danger")
        self.assertIn(f"The shop ({SENDER}):", shown["message"])
        self.assertIn(elsewhere, shown["message"])
        self.assertIn(elsewhere, self.account.error_message)
        self.assertEqual(self.account.state, "draft")
        self.assertFalse(self.made())

    def test_a_number_that_fails_does_not_block_the_others(self):
        both = self.sender(), self.number()
        failing = to("/PN1", refused(400, 21502, "SmsUrl is no URL"))
        shown = self.connect(*self.found(*both), *self.taken(both[0]), failing)
        self.assertEqual(self.made().mapped("address"), [SENDER])
        self.assertEqual(self.account.state, "connected")
        self.assertEqual(shown["type"], "warning")
        for text in (shown["message"], self.account.error_message):
            self.assertIn(f"Texts ({NUMBER}):", text)
            self.assertIn("21502 SmsUrl is no URL", text)

    def test_a_channel_that_posts_elsewhere_leaves_the_checklist_unticked(self):
        self.connect_well()
        self.assertTrue(self.account.registered_at)
        self.connect(*self.found(self.sender(OTHER)))
        self.assertFalse(self.account.registered_at)

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

    def test_a_broken_connection_is_not_an_account_error(self):
        account = self.account.with_user(self.manager)
        account.state = "connected"
        self.http.answers = [refused(503)]
        account.action_check_health()
        self.assertEqual(account.state, "connected")

    # the list

    def offer(self, *found, user=None, more=()):
        """Open the dialog for these numbers; return it and its rows."""
        self.http.answers = [*more, *self.found(*found)]
        account = self.account.with_user(user or self.manager)
        params = account.action_list_numbers()["params"]
        dialog = self.env["messaging.connect"].browse(params["dialog_id"])
        return dialog.with_user(user or self.manager), params["rows"]

    def choose(self, dialog, *indexes, answers=()):
        self.http.answers = list(answers)
        errors = dialog.action_connect_numbers(list(indexes))
        self.env.invalidate_all()
        return errors

    def posted(self):
        return [url for method, url, _o in self.http.requests if method == "POST"]

    def test_numbers_are_listed_with_their_current_webhook_first(self):
        archived = self.sms
        archived.active = False
        ours = self.account.webhook_url.replace("http://", "http://former.")
        _dialog, rows = self.offer(
            self.sender(OTHER),
            self.sender(status="OFFLINE", sid="XE2"),
            self.number(),
            self.number(ours, sid="PN2", friendly_name=NUMBER),
            self.number(sid="PN3", phone_number=archived.address),
        )
        self.assertFalse(self.posted() or self.made())
        self.assertEqual(self.account.state, "draft")
        shown = [
            (row["verdict"], row["is_ticked"], row["can_be_ticked"]) for row in rows
        ]
        self.assertEqual(
            shown,
            [
                ("other", False, True),
                ("problem", False, False),
                ("free", True, True),
                ("ours", True, True),
                ("archived", False, False),
            ],
        )
        other, problem, free, ours_row, archived_row = rows
        self.assertEqual(other["webhook_url"], OTHER)
        self.assertEqual((other["kind"], other["name"]), ("WhatsApp", "The shop"))
        self.assertIn("Another program", other["note"])
        self.assertIn("OFFLINE", problem["note"])
        self.assertEqual((free["note"], free["webhook_url"]), ("", ""))
        self.assertEqual((ours_row["name"], ours_row["address"]), ("", NUMBER))
        self.assertIn("archived", archived_row["note"])

    def test_wrong_credentials_show_an_error_instead_of_a_list(self):
        self.http.answers = [refused(401, 20003, "Authenticate")]
        shown = self.account.with_user(self.manager).action_list_numbers()
        self.assertEqual(shown["tag"], "display_notification")
        self.assertIn("20003 Authenticate", shown["params"]["message"])
        self.assertIn("20003 Authenticate", self.account.error_message)

    def test_only_the_selected_numbers_are_connected(self):
        number = self.number()
        dialog, rows = self.offer(self.sender(OTHER), number)
        errors = self.choose(dialog, 1, answers=self.taken(number))
        self.assertEqual(errors, {"1": ""})
        self.assertEqual(self.made().mapped("address"), [NUMBER])
        self.assertEqual(self.account.state, "connected")
        self.assertNotIn("Senders", str(self.posted()))

    def test_only_another_programs_address_is_kept(self):
        both = self.sender(OTHER), self.number(self.account.webhook_url)
        dialog, _rows = self.offer(*both)
        self.choose(dialog, 0, 1, answers=self.taken(*both))
        sender = self.made().filtered(lambda channel: channel.kind == "whatsapp")
        self.assertEqual(sender.replaced_webhook, OTHER)
        self.assertFalse((self.made() - sender).replaced_webhook)
        self.connect_well()
        self.assertEqual(sender.replaced_webhook, OTHER)
        with self.assertRaises(AccessError):
            sender.with_user(self.agent).read(["replaced_webhook"])

    def test_failures_are_shown_by_number_and_can_be_retried(self):
        both = self.sender(), self.number()
        dialog, _rows = self.offer(*both)
        failing = to("/PN1", refused(400, 21502, "SmsUrl is no URL"))
        errors = self.choose(dialog, 0, answers=self.taken(both[0]))
        errors |= self.choose(dialog, 1, answers=[failing])
        self.assertEqual(errors["0"], "")
        self.assertIn("21502", errors["1"])
        self.assertEqual(self.account.state, "connected")
        self.assertIn("21502", self.account.error_message)
        self.assertEqual(self.choose(dialog, 1, answers=self.taken(both[1])), {"1": ""})
        self.assertFalse(self.account.error_message)
        self.assertEqual(len(self.made()), 2)

    def test_credentials_refused_meanwhile_fail_each_number(self):
        self.account.state = "connected"
        dialog, _rows = self.offer(self.sender())
        refusal = Refused(Reason.BAD_CREDENTIALS, "20003", "Authenticate")
        with patch.object(Twilio, "register", side_effect=refusal):
            errors = self.choose(dialog, 0)
        self.assertIn("20003", errors["0"])
        self.assertEqual(self.account.state, "error")

    def test_without_a_number_the_account_alone_is_connected(self):
        dialog, _rows = self.offer(self.sender(OTHER))
        self.assertEqual(self.choose(dialog), {})
        self.assertEqual(self.account.state, "connected")
        self.assertFalse(self.posted() or self.made())

    def test_a_disabled_number_cannot_be_connected_by_rpc(self):
        dialog, _rows = self.offer(self.sender(status="OFFLINE"))
        self.assertEqual(self.choose(dialog, 0, 7, -1), {})
        self.assertFalse(self.posted())
        with self.assertRaises(UserError):
            dialog.action_connect_numbers(["0"])

    def test_the_list_belongs_to_its_creator(self):
        dialog, _rows = self.offer(self.sender())
        for user in (self.installer, self.agent, self.stranger, self.employee):
            with self.subTest(user.login), self.assertRaises(AccessError):
                dialog.with_user(user).action_connect_numbers([0])
            with self.subTest(user.login), self.assertRaises(AccessError):
                dialog.with_user(user).create({"account_id": self.account.id})
        with self.assertRaises(AccessError):
            dialog.read(["numbers"])
        with self.assertRaises(AccessError):
            dialog.write({"account_id": self.account.id})
        self.assertFalse(self.posted())

    def test_a_user_who_lost_the_right_meanwhile_connects_nothing(self):
        dialog, _rows = self.offer(self.sender(), user=self.installer)
        self.account._store_installer(self.manager)
        with self.assertRaises(AccessError):
            self.choose(dialog, 0)
        self.assertFalse(self.posted())

    def test_many_numbers_cost_no_more_queries_than_one(self):
        def cost(count):
            infos = [
                ChannelInfo("sms", f"+3460000{n:04d}", "", f"PN{n}", f"{OTHER}/{n}")
                for n in range(count)
            ]
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with patch.object(Twilio, "list_channels", return_value=infos):
                self.http.answers = [self.active()]
                self.account._find_numbers()
            return self.env.cr.sql_log_count - before

        cost(1)
        self.assertEqual(cost(100), cost(1))

    # Messaging Services

    def service(self, *members, **values):
        """Return the responses about a Messaging Service that drops messages."""
        found = {"sid": "MG1", "friendly_name": "Campaigns", **values}
        numbers = [{"phone_number": each["phone_number"]} for each in members]
        return [
            to("/MG1/PhoneNumbers", answer(200, {"phone_numbers": numbers})),
            to("/MG1/ChannelSenders", answer(200, {"senders": []})),
            to("/v1/Services", answer(200, {"services": [found]})),
        ]

    def test_a_number_whose_service_drops_messages_is_reported_and_skipped(self):
        number = self.number(self.account.webhook_url)
        _dialog, rows = self.offer(number, more=self.service(number))
        row = rows[0]
        self.assertEqual((row["verdict"], row["is_ticked"]), ("group", False))
        self.assertTrue(row["can_be_ticked"])
        self.assertIn("Campaigns drops what comes in", row["note"])
        shown = self.connect(*self.service(number), *self.found(number))
        self.assertIn("Campaigns drops what comes in", shown["message"])
        self.assertIn("Campaigns drops what comes in", self.account.error_message)
        self.assertFalse(self.posted() or self.made())

    def test_its_service_is_changed_when_the_number_is_chosen(self):
        number = self.number()
        dialog, _rows = self.offer(number, more=self.service(number))
        changed = {"sid": "MG1", "use_inbound_webhook_on_number": True}
        answers = [*self.taken(number), to("/Services/MG1", answer(200, changed))]
        self.assertEqual(self.choose(dialog, 0, answers=answers), {"0": ""})
        self.assertIn("/Services/MG1", str(self.posted()))

    def test_a_channel_whose_service_drops_messages_is_not_ticked(self):
        self.connect_well()
        self.assertTrue(self.account.registered_at)
        number = self.number(self.account.webhook_url)
        self.http.answers = [*self.service(number), self.active()]
        self.account.with_user(self.manager).action_check_health()
        self.assertFalse(self.account.registered_at)
        self.assertIn("Campaigns", self.account.error_message)
        self.assertEqual(self.account.state, "connected")

    # replaced addresses

    def connect_over(self):
        """Connect a sender whose webhook belonged to another program."""
        sender = self.sender(OTHER)
        dialog, _rows = self.offer(sender)
        self.choose(dialog, 0, answers=self.taken(sender))
        return self.made()

    def test_connecting_without_the_dialog_skips_another_programs_number(self):
        both = self.sender(OTHER), self.number()
        shown = self.connect(*self.found(*both), *self.taken(both[1]))
        self.assertEqual(self.made().mapped("address"), [NUMBER])
        self.assertNotIn("Senders", str(self.posted()))
        self.assertIn(f"program uses them: The shop ({SENDER})", shown["message"])

    def test_the_replaced_address_is_restored_and_then_kept(self):
        sender = self.connect_over()
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

    def test_an_address_that_the_provider_refuses_is_not_restored(self):
        sender = self.connect_over()
        self.http.answers = [refused(400, 20001, "Invalid")]
        with self.assertRaises(UserError):
            sender.with_user(self.manager).action_put_back_webhook()
        self.assertTrue(sender.active and sender.replaced_webhook)

    def test_many_numbers_are_counted_and_not_all_named(self):
        infos = [
            ChannelInfo("sms", address, address, "", problem="offline" * (n >= 130))
            for n, address in enumerate(f"+3460000{n:04d}" for n in range(139))
        ]
        verdicts = {info: "problem" if info.problem else "free" for info in infos}
        shown = self.account._notify_connected(verdicts, infos[:130], {})
        said = shown["params"]["message"]
        self.assertIn("125 more", said)
        self.assertIn("9 can't be used", said)
        self.assertNotIn("(", said)
        self.assertLess(len(said), 250)
