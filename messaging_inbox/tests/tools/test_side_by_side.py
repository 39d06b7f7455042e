"""Requests of a queue leave side by side; the rows stay in the job's own thread."""

import threading
from unittest.mock import patch

from odoo.modules import module
from odoo.tests import BaseCase, tagged

from ...tools import time_limit, work_queue


@tagged("post_install", "-at_install", "messaging_inbox")
class TestSideBySide(BaseCase):
    def setUp(self):
        super().setUp()
        # As outside of tests
        self.enterContext(patch.object(module, "current_test", None))
        self.waiting = list(range(10))
        self.claims, self.settled = [], []
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        # How many requests must be under way before any is answered
        self.together = threading.Barrier(1)

    def claim(self, limit):
        self.assertIs(threading.current_thread(), threading.main_thread())
        self.claims.append(limit)
        rows, self.waiting = self.waiting[:limit], self.waiting[limit:]
        return [(row, lambda row=row: self.request(row)) for row in rows]

    def request(self, row):
        with self.lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        self.together.wait(10)
        with self.lock:
            self.at_once -= 1
        return f"outcome {row}"

    def settle(self, outcomes):
        self.assertIs(threading.current_thread(), threading.main_thread())
        self.settled += outcomes.items()

    def run_all(self, **options):
        options = {"seconds": 1, "at_once": 5, **options}
        return work_queue.run_side_by_side(self.claim, self.settle, **options)

    def outcomes(self, rows):
        return [(row, f"outcome {row}") for row in rows]

    def test_so_many_requests_are_under_way_at_a_time(self):
        self.together = threading.Barrier(5)
        self.assertEqual(self.run_all(), 10)
        self.assertEqual(self.most_at_once, 5)
        self.assertEqual(sorted(self.settled), self.outcomes(range(10)))

    def test_no_more_rows_are_claimed_than_requests_can_leave(self):
        self.run_all(at_once=3)
        self.assertLessEqual(max(self.claims), 3)
        self.assertLessEqual(self.most_at_once, 3)

    def test_the_limit_holds_for_all_threads(self):
        self.assertEqual(self.run_all(limit=4), 4)
        self.assertEqual(sorted(self.settled), self.outcomes(range(4)))

    def test_a_single_request_needs_no_thread(self):
        seen = []
        self.claim = lambda limit: [(1, lambda: seen.append(threading.get_ident()))]
        self.run_all(limit=1)
        self.assertEqual(seen, [threading.get_ident()])

    def test_without_time_nothing_is_claimed(self):
        with time_limit.limited(0.5):
            self.assertEqual(self.run_all(seconds=1), 0)
        self.assertFalse(self.claims)

    def test_a_request_knows_how_much_time_its_job_has(self):
        self.request = lambda _row: time_limit.remaining()
        with time_limit.limited(7):
            self.run_all()
        self.assertTrue(all(5 < left <= 7 for _row, left in self.settled))

    def test_a_failed_claim_loses_no_outcome(self):
        self.together = threading.Barrier(5)
        claim = self.claim

        def fail_later(limit):
            if self.claims:
                raise RuntimeError("no database")
            return claim(limit)

        self.claim = fail_later
        with self.assertRaises(RuntimeError):
            self.run_all()
        self.assertEqual(sorted(self.settled), self.outcomes(range(5)))

    def test_after_a_failure_to_settle_the_others_are_settled_and_none_is_claimed(self):
        def settle(outcomes):
            self.settled += outcomes.items()
            raise RuntimeError("no database")

        self.settle = settle
        with self.assertRaises(RuntimeError):
            self.run_all()
        self.assertEqual(sorted(self.settled), self.outcomes(range(5)))
        self.assertEqual(self.waiting, list(range(5, 10)))
