from datetime import timedelta
from unittest.mock import patch

import requests

from odoo import fields
from odoo.tools import mute_logger

from ...providers.errors import Reason, Refused
from ...providers.events import ChannelInfo
from ...providers.twilio import Twilio
from ..common import TOKEN, MessagingCase
from ..scripted import answer, refused

WATCH_LOGGER = "odoo.addons.messaging_inbox.models.account.watch"


class TestWatch(MessagingCase):
    """The daily check of accounts fixes what it can and reports the rest."""

    def setUp(self):
        super().setUp()
        others = self.env["messaging.account"].search([("id", "!=", self.account.id)])
        others.active = False

    def watch(self, *answers):
        self.http.answers = list(answers)
        self.run_cron("check_health")

    def active(self):
        return answer(200, {"status": "active", "friendly_name": "Bikes"})

    def activities(self):
        return self.env["mail.activity"].search(
            [("res_model", "=", "messaging.account"), ("res_id", "=", self.account.id)]
        )

    def test_a_revoked_token_pauses_the_account_and_notifies_managers(self):
        self.watch(refused(401, 20003, "Authenticate"))
        self.assertEqual(self.account.state, "error")
        self.assertIn("20003", self.account.error_message)
        users = self.activities().user_id
        self.assertLessEqual(self.manager | self.installer, users)
        self.assertFalse(users & (self.agent | self.stranger | self.system))
        self.assertNotIn(TOKEN, str(self.activities().mapped("note")))

    def test_managers_are_notified_once_until_it_is_fixed(self):
        self.watch(refused(401, 20003, "Authenticate"))
        called = self.activities()
        self.watch(refused(401, 20003, "Authenticate"))
        self.assertEqual(self.activities(), called)
        self.watch(self.active())
        self.assertFalse(self.activities())
        self.assertEqual(self.account.state, "connected")
        self.assertFalse(self.account.error_message)

    def test_waiting_messages_are_sent_once_the_account_is_fixed(self):
        message = self.queued()
        self.watch(refused(401, 20003, "Authenticate"))
        self.assertEqual((self.send_queued(), message.state), (0, "queued"))
        with patch.object(type(message), "_trigger_sending") as trigger:
            self.watch(self.active())
        trigger.assert_called()

    def test_a_temporary_problem_is_not_an_error(self):
        for failure in (refused(503), requests.ConnectTimeout()):
            self.watch(failure)
            self.assertEqual(self.account.state, "connected")
            self.assertFalse(self.account.error_message)

    def test_a_disconnected_channel_is_registered_again(self):
        cut_off = [ChannelInfo("whatsapp", self.whatsapp.address, "A", "XE1")]
        with (
            patch.object(Twilio, "health", return_value=cut_off) as health,
            patch.object(Twilio, "register", return_value={}) as register,
        ):
            self.watch()
        url, channels = health.call_args.args
        self.assertEqual(url, self.account.webhook_url)
        self.assertEqual({info.address for info in channels}, self.addresses())
        register.assert_called_once_with(url, cut_off)

    def test_a_channel_that_cannot_be_repaired_is_named(self):
        cut_off = [ChannelInfo("whatsapp", self.whatsapp.address, "A", "XE1")]
        refusal = Refused(Reason.BAD_CALLBACK, detail="It posts nowhere.")
        with (
            patch.object(Twilio, "health", return_value=cut_off),
            patch.object(Twilio, "register", return_value={cut_off[0]: refusal}),
        ):
            self.watch()
        self.assertEqual(self.account.state, "connected")
        self.assertIn(f"A ({self.whatsapp.address}): ", self.account.error_message)
        self.assertFalse(self.ticks()["subscribed"]["done"])

    def addresses(self):
        return set((self.whatsapp | self.sms | self.private).mapped("address"))

    def test_renewed_credentials_are_used_and_stored(self):
        renewed = {"twilio_auth_token": "a token of tomorrow"}
        seen = []

        def health(provider, _url, _channels):
            seen.append(provider.credentials["twilio_auth_token"])
            return []

        with (
            patch.object(Twilio, "renew", return_value=renewed),
            patch.object(Twilio, "health", health),
        ):
            self.watch()
        self.assertEqual(seen, ["a token of tomorrow"])
        self.assertEqual(self.account.twilio_auth_token_stored, "a token of tomorrow")

    def test_a_failing_account_does_not_block_the_check_of_others(self):
        other = self.account.copy({"name": "Other", "state": "connected"})
        with (
            patch.object(Twilio, "health", side_effect=[ValueError("odd"), []]),
            mute_logger(WATCH_LOGGER),
        ):
            self.watch()
        self.assertTrue((self.account | other).filtered("registered_at"))

    def test_an_account_that_is_not_connected_is_left_alone(self):
        self.account.state = "draft"
        self.watch()
        self.assertFalse(self.http.requests)

    # unusually quiet

    def test_a_channel_that_no_longer_receives_messages_gets_a_warning(self):
        for _ in range(25):
            self.receive()
        self.assertFalse(self.whatsapp.warning)
        self.age_messages(days=3)
        self.assertIn("3 days", self.whatsapp.warning)
        self.assertIn("3 days", self.account.warning)
        self.assertEqual(self.account.state, "connected")

    def test_a_channel_with_few_messages_may_be_quiet(self):
        self.receive()
        self.age_messages(days=30)
        self.assertFalse(self.whatsapp.warning)

    def age_messages(self, **age):
        self.env.flush_all()
        moment = fields.Datetime.now() - timedelta(**age)
        self.env.cr.execute("UPDATE messaging_message SET create_date = %s", [moment])
        self.env.invalidate_all()

    # the checklist

    def ticks(self):
        self.account.invalidate_recordset()
        return {tick["key"]: tick for tick in self.account.checklist}

    def test_the_checklist_is_ticked_as_things_happen(self):
        self.account.state = "draft"
        self.account.error_message = False
        order = ["credentials", "webhook", "subscribed", "inbound", "delivery"]
        self.assertEqual(list(self.ticks()), order)
        self.assertFalse(any(tick["done"] for tick in self.ticks().values()))
        self.assertTrue(all(tick["hint"] for tick in self.ticks().values()))
        self.account._set_connected()
        self.assertTrue(self.ticks()["credentials"]["done"])
        self.assertTrue(self.ticks()["subscribed"]["done"])
        self.env["messaging.receipt"]._keep_handshake(self.account.id)
        self.assertTrue(self.ticks()["webhook"]["done"])
        message = self.sent()
        self.assertTrue(self.ticks()["inbound"]["done"])
        self.assertFalse(self.ticks()["delivery"]["done"])
        self.process(self.status_form(message.provider_message_id, "delivered"))
        self.assertTrue(self.ticks()["delivery"]["at"])

    def test_the_checklist_shows_that_channels_now_post_elsewhere(self):
        self.sent()
        self.account._set_connected()
        elsewhere = Refused(Reason.BAD_CALLBACK, detail="The app posts elsewhere.")
        with patch.object(Twilio, "health", side_effect=elsewhere):
            self.watch()
        self.assertFalse(self.ticks()["subscribed"]["done"])
        self.assertEqual(self.account.state, "connected")
        self.watch(self.active())
        self.assertTrue(self.ticks()["subscribed"]["done"])

    def test_a_webhook_verification_is_recorded_once(self):
        for _ in range(2):
            self.env["messaging.receipt"]._keep_handshake(self.account.id)
        self.assertEqual(self.account.receipt_ids.mapped("kind"), ["handshake"])
        self.assertFalse(self.account.failed_receipt_count)
