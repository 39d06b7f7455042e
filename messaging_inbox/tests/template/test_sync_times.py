from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from ...models.template import sync as sync_module
from ...providers.errors import Reason, Refused
from .sync_case import OFFER, READY, SyncCase, many


class TestSyncTimes(SyncCase):
    """A sync happens in the background, soon after it is needed, and costs little."""

    def setUp(self):
        super().setUp()
        others = self.env["messaging.account"].search([("id", "!=", self.account.id)])
        others.active = False
        self.lists = []

    def listed(self, provider):
        self.lists.append(provider)
        return [READY]

    def set_synced(self, before=timedelta(), due=False):
        moment = fields.Datetime.now() - before
        self.account.sudo().write({"templates_synced_at": moment, "templates_due": due})

    # the cron

    def test_the_cron_syncs_once_an_hour(self):
        self.set_synced(before=timedelta(minutes=61))
        self.run_sync(self.listed)
        self.assertEqual(self.template(READY).state, "approved")
        self.run_sync(self.listed)
        self.assertEqual(len(self.lists), 1)

    def test_the_cron_syncs_at_once_what_asked_for_it(self):
        self.set_synced(due=True)
        self.run_sync(self.listed)
        self.assertEqual(len(self.lists), 1)
        self.assertFalse(self.account.sudo().templates_due)

    def test_an_account_that_is_not_connected_is_left_alone(self):
        self.set_synced(due=True)
        self.account.state = "error"
        self.run_sync(self.listed)
        self.assertFalse(self.lists)

    def test_one_failing_account_does_not_block_the_others(self):
        other = self.account.copy({"name": "Other", "state": "connected"})
        (self.account + other).sudo().templates_due = True
        answers = [ValueError("odd"), []]

        def listed(_provider):
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        with mute_logger(sync_module.__name__):
            self.run_sync(listed)
        self.assertFalse(answers)
        self.assertTrue((self.account + other).filtered("templates_synced_at"))

    def test_the_cron_stops_when_its_time_is_over(self):
        self.set_synced(due=True)
        with patch.object(sync_module.time_limit, "has_time_for", return_value=False):
            self.run_sync(self.listed)
        self.assertFalse(self.lists)
        self.assertTrue(self.account.sudo().templates_due)

    def test_a_problem_is_tried_again_after_an_hour_only(self):
        self.set_synced(due=True)

        def listed(provider):
            self.lists.append(provider)
            raise Refused(Reason.NOT_PERMITTED, "20403", "Forbidden")

        self.run_sync(listed)
        self.run_sync(listed)
        self.assertEqual(len(self.lists), 1)
        self.assertIn("20403", self.account.templates_error)

    # who asks

    def test_what_asks_during_a_sync_gets_another_one(self):
        def listed(_provider):
            self.account._ask_template_sync()
            return [READY]

        self.sync_while(listed)
        self.assertTrue(self.account.sudo().templates_due)

    def test_an_agent_may_ask_but_not_sync(self):
        self.account.with_user(self.agent)._ask_template_sync()
        self.assertTrue(self.account.sudo().templates_due)
        for user in (self.agent, self.portal, self.stranger):
            with self.assertRaises(AccessError):
                self.sync(READY, user=user)

    def test_a_new_channel_asks_for_a_sync(self):
        self.set_synced()
        values = {"name": "New", "kind": "whatsapp", "address": "+34600000009"}
        channel = self.whatsapp.create({"account_id": self.account.id, **values})
        self.assertTrue(self.account.sudo().templates_due)
        self.run_sync(self.listed)
        self.assertIn(channel, self.template(READY).channel_ids)

    def test_the_daily_check_asks_for_no_sync(self):
        self.set_synced()
        self.account.sudo()._set_connected()
        self.assertFalse(self.account.sudo().templates_due)

    def test_asking_twice_wakes_the_cron_once(self):
        self.set_synced()
        bus = self.env.registry["messaging.bus"]
        with patch.object(bus, "_wake_cron", autospec=True) as wake:
            self.account._ask_template_sync()
            self.account._ask_template_sync()
        self.assertEqual(wake.call_count, 1)

    # costs

    def test_no_transaction_is_open_during_the_request(self):
        order = []

        def listed(_provider):
            order.append("request")
            return []

        with patch.object(sync_module, "commit", lambda _env: order.append("commit")):
            self.sync_while(listed)
        self.assertEqual(order, ["commit", "request", "commit"])

    def test_an_unchanged_sync_costs_the_same_for_1_as_for_100_templates(self):
        self.assertEqual(self.statements(1), self.statements(100))

    def statements(self, number):
        templates = many(number)
        self.sync(*templates)
        # Its time is written each time, also within the same second.
        self.account.sudo().templates_synced_at = "2026-01-01 00:00:00"
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.sync(*templates)
        return self.env.cr.sql_log_count - before

    # what vanished

    def test_a_vanished_template_cannot_be_restored_here(self):
        self.sync(READY)
        self.sync()
        template = self.template(READY)
        template.with_user(self.manager).active = True
        self.sync()
        self.assertFalse(template.active)

    def test_a_template_that_a_manager_archived_stays_so_when_it_comes_back(self):
        self.sync(READY)
        self.template(READY).with_user(self.manager).active = False
        self.sync()
        self.sync(READY)
        self.assertFalse(self.template(READY).active)

    def test_a_second_problem_replaces_the_first(self):
        self.sync(READY, OFFER)
        self.sync(replace(READY, state="paused"), OFFER)
        self.sync(replace(READY, state="disabled"), OFFER)
        summaries = self.activities(READY).mapped("summary")
        self.assertEqual(set(summaries), {"Template bike_ready (Spanish): Disabled"})

    def test_the_activity_ends_when_the_template_vanishes(self):
        self.sync(READY)
        self.sync(replace(READY, state="paused"))
        self.assertTrue(self.activities(READY))
        self.sync()
        self.assertFalse(self.activities(READY))
