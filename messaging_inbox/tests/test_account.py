from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger

from odoo.addons.messaging_inbox.models import messaging_account

from .common import (
    ACCOUNT_SID,
    AGENT,
    MANAGER,
    TOKEN,
    WHATSAPP,
    MessagingCase,
    answer,
    refused,
)

NUMBER = "+34600000007"
SENDER = "+34600000008"
MASKED = "••••••••" + TOKEN[-4:]


class TestSecrets(MessagingCase):
    """Nobody reads a secret; managers see its last four characters."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in cls.agent | cls.installer | cls.manager | cls.system:
            user.group_ids |= cls.env.ref("base.group_allow_export")

    def test_managers_see_a_mask(self):
        for user in (self.manager, self.system, self.installer):
            with self.subTest(user.login):
                account = self.account.with_user(user)
                self.assertEqual(account.twilio_auth_token, MASKED)
                self.assertNotIn(TOKEN, str(account.read()))
                exported = account.export_data(["twilio_auth_token"])
                self.assertNotIn(TOKEN, str(exported))

    def test_writing_the_mask_back_changes_nothing(self):
        self.account.with_user(self.manager).twilio_auth_token = MASKED
        self.assertEqual(self.account.twilio_auth_token_stored, TOKEN)

    def test_a_new_secret_is_stored_and_an_empty_one_forgets_it(self):
        account = self.account.with_user(self.manager)
        account.twilio_auth_token = "  another secret \n"
        self.assertEqual(self.account.twilio_auth_token_stored, "another secret")
        account.twilio_auth_token = ""
        self.assertFalse(self.account.twilio_auth_token_stored)

    def test_a_short_secret_is_not_shown_whole(self):
        self.account.twilio_auth_token = "abc"
        self.assertNotIn("abc", self.account.with_user(self.manager).twilio_auth_token)

    def test_no_way_of_asking_gives_the_stored_secret_away(self):
        for name in self.stored_secrets():
            for user in (self.manager, self.system, self.installer, self.agent):
                for way, ask in self.ways_to_ask(name, user).items():
                    with self.subTest(name, user=user.login, way=way):
                        self.assertTold(ask)

    def stored_secrets(self):
        return ["webhook_token", *self.account._credential_fields().values()][:1] + [
            name
            for name in self.account._credential_fields().values()
            if name.endswith("_stored")
        ]

    def ways_to_ask(self, name, user):
        account = self.account.with_user(user)
        channel = self.whatsapp.with_user(user)
        conversations = self.env["messaging.conversation"].with_user(user)
        guess = [(name, "=like", "a%")]
        nested = [(f"account_id.{name}", "=like", "a%")]
        deep = [(f"channel_id.account_id.{name}", "=like", "a%")]
        return {
            "read": lambda: account.read([name]),
            "search": lambda: account.search(guess),
            "order": lambda: account.search([], order=name),
            "group": lambda: account.formatted_read_group([], [name], ["__count"]),
            "export": lambda: account.export_data([name]),
            "write": lambda: account.write({name: "mine"}),
            "through the channel": lambda: channel.search(nested),
            "export through the channel": lambda: channel.export_data(
                [f"account_id/{name}"]
            ),
            "through the conversation": lambda: conversations.search(deep),
            "create": lambda: account.create({"name": "x", name: "mine"}),
            "by default": lambda: account.with_context(
                **{f"default_{name}": "mine"}
            ).create({"name": "x"}),
            "fields_get": lambda: self.assertNotIn(name, account.fields_get()),
        }

    def assertTold(self, ask):
        """Assert that asking is refused, and not by a crash."""
        if ask.__code__.co_names and "assertNotIn" in ask.__code__.co_names:
            ask()
            return
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            ask()

    def test_a_copy_takes_no_secret_along(self):
        copy = self.account.with_user(self.manager).copy()
        self.assertFalse(copy.sudo().twilio_auth_token_stored)
        self.assertFalse(copy.twilio_account_sid)
        self.assertEqual(copy.state, "draft")
        self.assertEqual(copy.installer_id, self.manager)
        self.assertNotEqual(copy.webhook_url, self.account.webhook_url)

    def test_the_address_for_development_is_the_system_administrators(self):
        for user in (self.manager, self.installer):
            account = self.account.with_user(user)
            with self.assertRaises(AccessError):
                account.write({"api_base_url": "http://127.0.0.1:1"})
            with self.assertRaises(AccessError):
                account.read(["api_base_url"])
        with self.assertRaises(AccessError):
            self.account.with_user(self.manager).with_context(
                default_api_base_url="http://127.0.0.1:1"
            ).create({"name": "x"})
        self.account.with_user(self.system).api_base_url = "http://127.0.0.1:1"

    def test_the_address_for_development_needs_the_developers_environment(self):
        self.account.api_base_url = "http://127.0.0.1:1"
        for is_developer, url in ((True, "http://127.0.0.1:1"), (False, "")):
            with patch.object(
                messaging_account, "developer_mode", lambda answer=is_developer: answer
            ):
                self.assertEqual(self.account._provider().base_url, url)


class TestAccount(MessagingCase):
    """Accounts and channels: who installed them, and what they stay."""

    def test_the_installer_is_who_really_creates_it(self):
        account = self.env["messaging.account"].with_user(self.manager)
        for values, context in (
            ({"installer_id": self.agent.id}, {}),
            ({}, {"default_installer_id": self.agent.id}),
        ):
            made = account.with_context(**context).create({"name": "Mine", **values})
            self.assertEqual(made.installer_id, self.manager)

    def test_nobody_writes_the_installer(self):
        for user in (self.manager, self.system, self.installer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.account.with_user(user).installer_id = user

    def test_an_account_and_its_channels_can_be_made_by_rpc(self):
        account = (
            self.env["messaging.account"]
            .with_user(self.manager)
            .create(
                {
                    "name": "By RPC",
                    "twilio_account_sid": ACCOUNT_SID,
                    "twilio_auth_token": TOKEN,
                    "state": "connected",
                    "channel_ids": [
                        (0, 0, {"name": "A", "kind": "whatsapp", "address": NUMBER})
                    ],
                }
            )
        )
        self.assertEqual(account.channel_ids.address, NUMBER)
        self.assertEqual(account.sudo().twilio_auth_token_stored, TOKEN)
        self.assertRegex(account.webhook_url, r"^https?://.+/messaging/webhook/.{30,}$")

    # webhook address

    def test_only_the_host_of_the_webhook_address_changes(self):
        account = self.account.with_user(self.manager)
        path = account.webhook_url.partition("/messaging/")[2]
        account.webhook_url = f"https://crm.example.com/messaging/{path}"
        wrong = [
            f"https://crm.example.com/messaging/{path}x",
            f"ftp://crm.example.com/messaging/{path}",
            f"https://crm.example.com/messaging/{path}?a=b",
            f"https://crm.example.com/messaging/{path}#a",
            f"https:///messaging/{path}",
            f"https://user@crm.example.com/messaging/{path}",
            "nonsense",
            False,
        ]
        for url in wrong:
            with self.subTest(url=url), self.assertRaises(ValidationError):
                account.webhook_url = url

    # addresses of channels

    def test_the_scheme_and_blanks_of_an_address_are_stripped(self):
        for given in ("whatsapp:+34600000009", "sms:+34 600 000 009", "+34600000009"):
            with self.subTest(given), self.env.cr.savepoint() as savepoint:
                channel = self._channel("whatsapp", given)
                self.assertEqual(channel.address, "+34600000009")
                savepoint.rollback()

    def test_an_address_that_is_none_is_refused(self):
        for address in ("34600", "+", "+abc", "+٣٤٦", "me@example.com", "+34-600"):
            with self.subTest(address), self.assertRaises(ValidationError):
                self._channel("whatsapp", address)

    def test_a_kind_that_the_provider_does_not_carry_is_refused(self):
        with self.assertRaises(ValidationError):
            self._channel("messenger", "1234567890")

    def test_an_address_is_one_channel_of_an_account(self):
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self._channel("whatsapp", f"whatsapp:{WHATSAPP}")

    def test_a_channel_never_changes_hands(self):
        """Its account decides who may delete, and who sees a private one."""
        mine = (
            self.env["messaging.account"].with_user(self.manager).create({"name": "x"})
        )
        channel = self.private.with_user(self.manager)
        attempts = [
            lambda: channel.write({"account_id": mine.id}),
            lambda: mine.write({"channel_ids": [(4, channel.id)]}),
            lambda: mine.write({"channel_ids": [(6, 0, channel.ids)]}),
            lambda: mine.write(
                {"channel_ids": [(1, channel.id, {"account_id": mine.id})]}
            ),
        ]
        for attempt in attempts:
            with self.assertRaises(UserError):
                attempt()
        self.assertEqual(self.private.account_id, self.account)

    def test_what_rights_hang_on_is_written_by_nobody(self):
        for values in ({"company_id": self.other_company.id}, {"access_epoch": 0}):
            for user in (self.manager, self.system, self.installer):
                with self.subTest(values, user=user.login):
                    with self.assertRaises(AccessError):
                        self.whatsapp.with_user(user).write(values)

    def test_only_the_installer_changes_who_sees_a_channel(self):
        for user in (self.manager, self.system):
            for channel, value in (
                (self.whatsapp, "private"),
                (self.private, "shared"),
            ):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    channel.with_user(user).visibility = value
            with self.assertRaises(AccessError):
                self.account.with_user(user).write(
                    {"channel_ids": [(1, self.private.id, {"visibility": "shared"})]}
                )
        self.whatsapp.with_user(self.installer).visibility = "private"
        self.private.with_user(self.manager).write(
            {"visibility": "private", "name": "x"}
        )

    def test_with_conversations_they_are_archived_not_deleted(self):
        self.receive()
        for record in (self.whatsapp, self.account):
            with self.assertRaises(UserError):
                record.with_user(self.manager).unlink()
            record.with_user(self.manager).active = False
        self.sms.with_user(self.manager).unlink()

    def test_an_account_with_conversations_stays_with_its_company(self):
        self.manager.company_ids |= self.other_company
        self.receive()
        manager = self.manager.with_user(self.manager)
        account = self.account.with_user(self.manager).with_context(
            allowed_company_ids=manager.company_ids.ids
        )
        with self.assertRaises(UserError):
            account.company_id = self.other_company

    # transfer

    def test_the_installer_hands_over_the_role_on_record(self):
        self.account.with_user(self.installer).action_transfer_installer(self.agent.id)
        self.assertEqual(self.account.installer_id, self.agent)
        record = self.env["messaging.account.transfer"].search([])
        self.assertRecordValues(
            record,
            [
                {
                    "account_id": self.account.id,
                    "from_id": self.installer.id,
                    "to_id": self.agent.id,
                    "create_uid": self.installer.id,
                }
            ],
        )

    def test_a_manager_hands_it_over_only_when_the_installer_is_gone(self):
        account = self.account.with_user(self.manager)
        with self.assertRaisesRegex(AccessError, "still here"):
            account.action_transfer_installer(self.agent.id)
        self.installer.active = False
        with self.assertRaises(AccessError):
            account.action_transfer_installer(self.manager.id)
        account.action_transfer_installer(self.agent.id)
        self.assertEqual(self.account.installer_id, self.agent)

    def test_an_installer_who_is_no_agent_any_more_counts_as_gone(self):
        self.installer.group_ids -= self.env.ref(AGENT)
        self.account.with_user(self.manager).action_transfer_installer(self.agent.id)
        self.assertEqual(self.account.installer_id, self.agent)

    def test_nobody_else_hands_it_over(self):
        self.installer.active = False
        for user in (self.agent, self.system, self.employee, self.stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.account.with_user(user).action_transfer_installer(self.agent.id)

    def test_the_role_goes_to_an_active_agent_of_the_company_only(self):
        gone = self._user("gone", AGENT)
        gone.active = False
        for user in (self.employee, self.portal, gone, self.stranger):
            with self.subTest(user.login), self.assertRaises(UserError):
                self.account.with_user(self.installer).action_transfer_installer(
                    user.id
                )
        with self.assertRaises(UserError):
            self.account.with_user(self.installer).action_transfer_installer(0)


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

    def test_a_manager_is_an_agent_too(self):
        self.assertTrue(self.manager.has_group(AGENT))
        for group, implied in (
            ("sales_team.group_sale_salesman", AGENT),
            ("sales_team.group_sale_manager", MANAGER),
        ):
            user = self._user(implied, group)
            self.assertTrue(user.has_group(implied))
