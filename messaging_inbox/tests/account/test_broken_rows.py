from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, mute_logger

from ...models.account import watch as messaging_account_watch
from ..common import ACCOUNT_SID, TOKEN, MessagingCase, MessagingHttpCase

NUMBER = "+34600000008"


class BrokenRows:
    """Accounts and channels that were changed in the database directly."""

    def another_account(self):
        """Return a channel of a second account, with a conversation."""
        account = (
            self.env["messaging.account"]
            .with_user(self.installer)
            .sudo()
            .create(
                {
                    "name": "Second",
                    "twilio_account_sid": ACCOUNT_SID,
                    "twilio_auth_token": TOKEN,
                    "state": "connected",
                }
            )
            .with_env(self.env)
        )
        return self._channel("whatsapp", NUMBER, account_id=account.id)

    def break_row(self, record, **values):
        self.env.flush_all()
        for column, value in values.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE id = %s",
                    SQL.identifier(record._table),
                    SQL.identifier(column),
                    value,
                    record.id,
                )
            )
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def ways_to_break(self, channel):
        return {
            "other provider": (channel.account_id, {"provider": "messenger"}),
            "no provider": (channel.account_id, {"provider": "gone"}),
            "other kind": (channel, {"kind": "instagram"}),
            "no kind": (channel, {"kind": "fax"}),
        }

    def broken(self, channel):
        """Break the channel in each possible way, and yield after each."""
        for name, (record, values) in self.ways_to_break(channel).items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                self.break_row(record, **values)
                yield name
                savepoint.rollback()
                self.env.invalidate_all()
                self.env.registry.clear_cache()


class TestProviderIsFixed(BrokenRows, MessagingCase):
    """The provider of an account and the kinds of its channels always fit."""

    def test_the_provider_of_an_account_with_channels_stays(self):
        self.account.state = "draft"
        for user in (self.manager, self.installer, self.system):
            account = self.account.with_user(user)
            with (
                self.subTest(user.login),
                self.assertRaisesRegex(ValidationError, "can't be changed"),
            ):
                account.write({"provider": "messenger"})
            account.write({"provider": "twilio"})

    def test_archived_and_private_channels_count(self):
        channel = self.another_account()
        for values in ({"active": False}, {"active": True, "visibility": "private"}):
            channel.write(values)
            with self.assertRaises(ValidationError):
                channel.account_id.with_user(self.manager).provider = "messenger"

    def test_an_account_without_channels_can_change_its_provider(self):
        channel = self.another_account()
        account = channel.account_id
        channel.unlink()
        account.with_user(self.manager).provider = "messenger"
        self.assertEqual(account.provider, "messenger")

    def test_account_and_channel_are_both_checked(self):
        channel = self.another_account()
        self.break_row(channel.account_id, provider="messenger")
        with self.assertRaisesRegex(ValidationError, "doesn't support whatsapp"):
            channel.account_id._check_provider()
        self.break_row(channel.account_id, provider="twilio")
        with self.assertRaisesRegex(ValidationError, "doesn't support instagram"):
            channel.write({"kind": "instagram", "address": "123"})

    def test_the_form_locks_the_provider_of_an_account_with_channels(self):
        channel = self.another_account()
        self.assertTrue(channel.account_id.has_channels)
        arch = self.env["messaging.account"].get_view(view_type="form")["arch"]
        self.assertIn("state != 'draft' or has_channels", arch)


class TestBrokenRows(BrokenRows, MessagingCase):
    """A bad row affects only itself."""

    def test_agents_keep_working(self):
        channel = self.another_account()
        for _way in self.broken(channel):
            start = self.env["messaging.conversation"].with_user(self.agent)
            states = {
                each["id"]: each["account_state"]
                for each in start.inbox_init()["channels"]
            }
            self.assertEqual(states[channel.id], "error")
            self.assertEqual(states[self.whatsapp.id], "connected")
            conversation = self.conversation()
            self.assertEqual(len(self.sent(conversation)), 1)

    def test_its_conversations_are_readable_but_refuse_replies(self):
        channel = self.another_account()
        form = self.inbound_form(channel=channel)
        self.account, first = channel.account_id, self.account
        self.process(form)
        self.account = first
        conversation = self.message_of(form).conversation_id.with_user(self.agent)
        for _way in self.broken(channel):
            opened = conversation.inbox_open(conversation.id)
            self.assertEqual(opened["messages"][0]["body"], "Hello")
            rows = conversation.inbox_list("unassigned")["rows"]
            self.assertIn(conversation.id, [row["id"] for row in rows])
            with self.assertRaisesRegex(UserError, "administrator must renew"):
                conversation.reply("Yes")

    def test_managers_see_that_it_is_broken(self):
        channel = self.another_account()
        for _way in self.broken(channel):
            channel.invalidate_recordset(["warning"])
            warning = channel.with_user(self.manager).warning
            self.assertIn("Second doesn't support", warning)

    def test_a_late_window_needs_a_free_one(self):
        channel = self.another_account()
        values = {"provider": "messenger", "meta_human_agent": True}
        self.break_row(channel.account_id, **values)
        window = channel._reply_window(channel.id)
        self.assertIsNone(window.late_from(channel.create_date))

    def test_a_missing_provider_affects_only_its_account(self):
        channel = self.another_account()
        account = channel.account_id
        self.break_row(account, provider="gone")
        with mute_logger(messaging_account_watch.__name__):
            account._check_health()
        self.assertEqual(account.state, "error")
        self.assertIn("isn't installed", account.error_message)


class TestBrokenWebhook(BrokenRows, MessagingHttpCase):
    """Webhooks of other accounts keep working."""

    def test_webhooks_of_a_missing_provider_get_403_and_others_200(self):
        channel = self.another_account()
        self.break_row(channel.account_id, provider="gone")
        form = self.inbound_form()
        self.assertEqual(self.post_webhook(form).status_code, 200)
        url = channel.account_id.webhook_url
        broken = self.url_open(url[url.index("/messaging") :], data=form)
        self.assertEqual(broken.status_code, 403)
        self.assertTrue(self.message_of(form))
