from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger

from ..common import ACCOUNT_SID, AGENT, TOKEN, WHATSAPP, MessagingCase

NUMBER = "+34600000007"


class TestAccount(MessagingCase):
    """Accounts and channels: their installer, and fields that cannot change."""

    def test_the_installer_is_the_actual_creator(self):
        account = self.env["messaging.account"].with_user(self.manager)
        for values, context in (
            ({"installer_id": self.agent.id}, {}),
            ({}, {"default_installer_id": self.agent.id}),
        ):
            made = account.with_context(**context).create({"name": "Mine", **values})
            self.assertEqual(made.installer_id, self.manager)

    def test_the_installer_cannot_be_written(self):
        for user in (self.manager, self.system, self.installer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.account.with_user(user).installer_id = user

    def test_an_account_and_its_channels_can_be_created_by_rpc(self):
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

    def test_an_invalid_address_is_refused(self):
        for address in ("34600", "+", "+abc", "+٣٤٦", "me@example.com", "+34-600"):
            with self.subTest(address), self.assertRaises(ValidationError):
                self._channel("whatsapp", address)

    def test_a_kind_that_the_provider_does_not_support_is_refused(self):
        with self.assertRaises(ValidationError):
            self._channel("messenger", "1234567890")

    def test_an_account_has_one_channel_per_address(self):
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self._channel("whatsapp", f"whatsapp:{WHATSAPP}")

    def test_a_channel_never_moves_to_another_account(self):
        """The account decides who can delete, and who sees a private channel."""
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

    def test_fields_that_decide_rights_cannot_be_written(self):
        for values in ({"company_id": self.other_company.id}, {"access_epoch": 0}):
            for user in (self.manager, self.system, self.installer):
                with self.subTest(values, user=user.login):
                    with self.assertRaises(AccessError):
                        self.whatsapp.with_user(user).write(values)

    def test_a_new_channel_belongs_to_its_accounts_company(self):
        values = {"name": "x", "account_id": self.account.id, "address": NUMBER}
        channels = self.env["messaging.channel"].with_user(self.manager)
        elsewhere = self.other_company.id
        for create in (
            lambda: channels.create({**values, "company_id": elsewhere}),
            lambda: channels.with_context(default_company_id=elsewhere).create(values),
            lambda: channels.create({**values, "access_epoch": 7}),
        ):
            with self.assertRaises(AccessError):
                create()
        self.assertEqual(channels.create(values).company_id, self.company)

    def test_only_the_installer_changes_visibility(self):
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

    def test_accounts_and_channels_with_conversations_cannot_be_deleted(self):
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

    def test_the_installer_hands_over_the_role_with_a_record(self):
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

    def test_a_manager_hands_over_the_role_only_if_the_installer_is_gone(self):
        account = self.account.with_user(self.manager)
        with self.assertRaisesRegex(AccessError, "still active"):
            account.action_transfer_installer(self.agent.id)
        self.installer.active = False
        with self.assertRaises(AccessError):
            account.action_transfer_installer(self.manager.id)
        account.action_transfer_installer(self.agent.id)
        self.assertEqual(self.account.installer_id, self.agent)

    def test_an_installer_who_left_the_agents_counts_as_gone(self):
        self.installer.group_ids -= self.env.ref(AGENT)
        self.account.with_user(self.manager).action_transfer_installer(self.agent.id)
        self.assertEqual(self.account.installer_id, self.agent)

    def test_other_users_cannot_hand_the_role_over(self):
        self.installer.active = False
        for user in (self.agent, self.system, self.employee, self.stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.account.with_user(user).action_transfer_installer(self.agent.id)

    def test_only_an_active_agent_of_the_company_gets_the_role(self):
        gone = self._user("gone", AGENT)
        gone.active = False
        for user in (self.employee, self.portal, gone, self.stranger):
            with self.subTest(user.login), self.assertRaises(UserError):
                self.account.with_user(self.installer).action_transfer_installer(
                    user.id
                )
        with self.assertRaises(UserError):
            self.account.with_user(self.installer).action_transfer_installer(0)
