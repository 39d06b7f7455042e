from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from ...models.account import account as messaging_account
from ..common import TOKEN, MessagingCase

MASKED = "••••••••" + TOKEN[-4:]


class TestSecrets(MessagingCase):
    """Secrets cannot be read; managers see their last four characters."""

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

    def test_a_new_secret_is_stored_and_an_empty_one_deletes_it(self):
        account = self.account.with_user(self.manager)
        account.twilio_auth_token = "  another secret \n"
        self.assertEqual(self.account.twilio_auth_token_stored, "another secret")
        account.twilio_auth_token = ""
        self.assertFalse(self.account.twilio_auth_token_stored)

    def test_a_short_secret_is_not_shown_whole(self):
        self.account.twilio_auth_token = "abc"
        self.assertNotIn("abc", self.account.with_user(self.manager).twilio_auth_token)

    def test_no_request_reveals_the_stored_secret(self):
        for name in self.stored_secrets():
            for user in (self.manager, self.system, self.installer, self.agent):
                for way, ask in self.ways_to_ask(name, user).items():
                    with self.subTest(name, user=user.login, way=way):
                        self.assertAskingRefused(ask)

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

    def assertAskingRefused(self, ask):
        """Assert that the request is refused, and not by a crash."""
        if ask.__code__.co_names and "assertNotIn" in ask.__code__.co_names:
            ask()
            return
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            ask()

    def test_duplicating_an_account_copies_no_secret(self):
        copy = self.account.with_user(self.manager).copy()
        self.assertFalse(copy.sudo().twilio_auth_token_stored)
        self.assertFalse(copy.twilio_account_sid)
        self.assertEqual(copy.state, "draft")
        self.assertEqual(copy.installer_id, self.manager)
        self.assertNotEqual(copy.webhook_url, self.account.webhook_url)

    def test_only_system_administrators_set_the_development_address(self):
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

    def test_the_development_address_needs_the_development_environment(self):
        self.account.api_base_url = "http://127.0.0.1:1"
        for is_developer, url in ((True, "http://127.0.0.1:1"), (False, "")):
            with patch.object(
                messaging_account, "developer_mode", lambda answer=is_developer: answer
            ):
                self.assertEqual(self.account._provider().base_url, url)
