"""The time that a job may take within Odoo's limits."""

import threading
from unittest.mock import patch

from odoo.tests import BaseCase, TransactionCase, tagged
from odoo.tools import config

from ...tools import time_limit


class Cursor:
    """A stand-in for the cursor of one cron cycle."""


class ClockMixin:
    def setUp(self):
        super().setUp()
        self.now = 1_000_000.0
        self.patch(time_limit, "real_time", lambda: self.now)

    def limit(self, requests=120, crons=-1):
        limits = {"limit_time_real": requests, "limit_time_real_cron": crons}
        self.enterContext(patch.dict(config.options, limits))


@tagged("post_install", "-at_install", "messaging_inbox")
class TestTimeLimit(ClockMixin, BaseCase):
    def test_a_cron_stops_at_half_of_its_own_limit(self):
        self.limit(requests=120, crons=600)
        with time_limit.cron_job(Cursor()):
            self.assertEqual(time_limit.remaining(), 300)

    def test_minus_one_means_the_limit_of_requests(self):
        self.limit(requests=80, crons=-1)
        with time_limit.cron_job(Cursor()):
            self.assertEqual(time_limit.remaining(), 40)

    def test_without_odoos_limits_ours_applies(self):
        self.limit(requests=0, crons=0)
        with time_limit.cron_job(Cursor()):
            self.assertEqual(time_limit.remaining(), 60)

    def test_jobs_share_the_limit_of_a_cron_cycle(self):
        self.limit(requests=120)
        turn = Cursor()
        with time_limit.cron_job(turn):
            self.now += 50
        with time_limit.cron_job(turn):
            self.assertEqual(time_limit.remaining(), 10)
            self.assertTrue(time_limit.has_time_for(10))
            self.assertFalse(time_limit.has_time_for(11))
            self.now += 30
            self.assertEqual(time_limit.remaining(), 0)
        with time_limit.cron_job(Cursor()):
            self.assertEqual(time_limit.remaining(), 60)

    def test_a_job_starts_nothing_after_its_slice_but_finishes_its_work(self):
        self.limit(requests=120)
        with time_limit.cron_job(Cursor()):
            self.now += time_limit.SLICE
            self.assertFalse(time_limit.has_time_for(1))
            self.assertEqual(time_limit.remaining(), 50)

    def test_a_requests_time_counts_from_its_start_in_odoo(self):
        self.limit(requests=120, crons=600)
        self.patch_thread(self.now - 20)
        self.assertEqual(time_limit.remaining(), 40)
        self.assertTrue(time_limit.has_time_for(40))

    def test_a_job_that_a_user_runs_by_hand_has_the_limit_of_its_request(self):
        self.limit(requests=120, crons=600)
        self.patch_thread(self.now - 20)
        with time_limit.cron_job(Cursor()):
            self.assertEqual(time_limit.remaining(), 40)

    def test_a_block_can_have_its_own_limit(self):
        self.limit(requests=120)
        with time_limit.cron_job(Cursor()):
            with time_limit.limited(5):
                self.assertEqual(time_limit.remaining(), 5)
            with time_limit.limited(500):
                self.assertEqual(time_limit.remaining(), 60)
            self.assertEqual(time_limit.remaining(), 60)

    def test_outside_of_requests_and_crons_the_time_does_not_run_out(self):
        self.limit(requests=120)
        before = time_limit.remaining()
        self.now += 1000
        self.assertEqual(time_limit.remaining(), before)
        self.assertTrue(time_limit.has_time_for(30))

    def patch_thread(self, started):
        thread = threading.current_thread()
        thread.perf_t0 = started
        self.addCleanup(delattr, thread, "perf_t0")


@tagged("post_install", "-at_install", "messaging_inbox")
class TestCronsAreCounted(ClockMixin, TransactionCase):
    def test_odoo_runs_every_job_within_the_limit(self):
        self.limit(requests=120, crons=600)
        seen = []
        self.patch(
            self.registry["ir.cron"],
            "_run_job",
            lambda job: (seen.append(time_limit.remaining()), "failed")[1],
        )
        cron = self.env.ref("messaging_inbox.ir_cron_send_queued")
        job = cron._acquire_one_job(self.env.cr, cron.id, include_not_ready=True)
        self.registry["ir.cron"]._process_job(self.env.cr, job)
        self.assertEqual(seen, [300])
        self.assertEqual(time_limit.remaining(), 60)
