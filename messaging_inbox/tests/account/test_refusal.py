from unittest.mock import patch

from odoo import fields

from ...models.account import refusal as messaging_refusal
from ...models.account.refusal import RefusalCounter
from ..common import MessagingHttpCase


class TestRefusal(MessagingHttpCase):
    """A token rotated at the provider is shown, and managers are notified."""

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(messaging_refusal, "counter", RefusalCounter()))

    def refuse(self, number=12):
        """Post a request signed with another token."""
        for _ in range(number):
            form = self.inbound_form()
            response = self.post_webhook(form, signed_form={**form, "Body": "Else"})
            self.assertEqual(response.status_code, 403)

    def call(self):
        self.env["messaging.refusal"]._cron_alert_managers()
        return self.account.activity_ids

    def tick(self):
        self.env.invalidate_all()
        ticks = {tick["key"]: tick for tick in self.account.checklist}
        return ticks["webhook"]

    def test_the_account_shows_the_number_of_refused_requests(self):
        self.receive()
        self.assertTrue(self.tick()["done"])
        self.assertFalse(self.account.warning)
        self.refuse()
        account = self.account.with_user(self.manager)
        self.assertIn("12 requests with a wrong signature since", account.warning)
        self.assertIn("wrong signature", account.status)
        # A time without seconds, and a date that is unambiguous.
        self.assertRegex(account.warning, r"since \w{3} \d+, \d{4} \d+:\d\d\D")
        self.env["messaging.refusal"].search([]).since = fields.Datetime.add(
            fields.Datetime.now(), minutes=1
        )
        self.assertFalse(self.tick()["done"])
        self.assertIn("12 requests", self.tick()["hint"])

    def test_managers_are_notified_once(self):
        self.refuse(9)
        self.assertFalse(self.call())
        self.refuse(3)
        called = self.call()
        self.assertLessEqual(self.manager | self.installer, called.user_id)
        self.assertFalse(called.user_id & (self.agent | self.stranger))
        self.assertIn("12 requests", called[0].note)
        self.refuse(1)
        self.assertEqual(self.call(), called)

    def test_the_new_token_clears_the_warning(self):
        self.refuse(1)
        self.account.twilio_auth_token = "another token of 32 characters.."
        self.assertFalse(self.account.warning)
        self.assertFalse(self.env["messaging.refusal"].search([]))

    def test_old_wrong_signatures_are_forgotten(self):
        self.refuse(12)
        self.env["messaging.refusal"].search([]).last_at = "2026-01-01 00:00:00"
        self.assertFalse(self.call())
        self.assertFalse(self.account._refusal())

    def test_many_refusals_cost_little(self):
        counter = RefusalCounter()
        with patch.object(messaging_refusal.time, "monotonic") as clock:
            clock.return_value = 0
            due = [counter.count(("db", 1)) for _ in range(1000)]
            self.assertEqual((sum(map(bool, due)), sum(due)), (20, 20))
            self.assertEqual(counter.count(("db", 2)), 1)
            clock.return_value = 60
            self.assertEqual(counter.count(("db", 1)), 981)

    def test_counting_without_writing_makes_no_query(self):
        refusal = self.env["messaging.refusal"]
        with patch.object(messaging_refusal.counter, "count", return_value=0):
            with self.assertQueryCount(0):
                refusal._count(self.account.id)

    def test_a_deleted_account_is_not_an_error(self):
        self.env["messaging.refusal"]._count(10**9)
        self.assertFalse(self.env["messaging.refusal"].search([]))
