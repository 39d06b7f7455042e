"""A single thread per process does work that requests shouldn't wait for."""

import threading
from contextlib import contextmanager
from unittest.mock import patch

from odoo.modules import module
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ...tools import background


class Registry:
    """A stand-in for a registry whose cursors record whether they were closed."""

    db_name = "a database"

    def __init__(self):
        self.open = 0

    @contextmanager
    def cursor(self):
        self.open += 1
        try:
            yield self
        finally:
            self.open -= 1


@tagged("post_install", "-at_install", "messaging_inbox")
class TestBackground(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry()
        self.end, self.ended = threading.Event(), threading.Event()
        # As outside of tests
        self.enterContext(patch.object(module, "current_test", None))
        self.patch(background, "WAIT", 0.01)

    def hang(self, _cursor):
        self.end.wait(30)
        self.ended.set()

    def test_starting_work_does_not_wait_for_a_hanging_thread(self):
        self.assertTrue(background.start(self.registry, self.hang))
        self.assertFalse(self.ended.is_set())
        self.finish()

    def test_a_process_has_at_most_one_thread(self):
        self.assertTrue(background.start(self.registry, self.hang))
        self.assertFalse(background.start(self.registry, self.hang))
        self.finish()
        self.assertTrue(background.start(self.registry, lambda cursor: None))
        self.finish()

    def test_short_work_has_ended_when_start_returns(self):
        self.patch(background, "WAIT", 30)
        done = []
        background.start(self.registry, done.append)
        self.assertEqual(done, [self.registry])

    def test_a_stopping_process_waits_for_the_thread(self):
        """The worker's own thread, which starts it, is a daemon."""
        self.patch(background, "WAIT", 30)
        seen = []

        def start():
            work = lambda _: seen.append(threading.current_thread())  # noqa: E731
            background.start(self.registry, work)

        worker = threading.Thread(target=start, daemon=True)
        worker.start()
        worker.join()
        self.assertIsNot(seen[0], worker)
        self.assertFalse(seen[0].daemon)

    def test_a_failure_is_logged_and_frees_the_thread(self):
        self.patch(background, "WAIT", 30)

        def fail(_cursor):
            raise RuntimeError

        with mute_logger(background.__name__):
            self.assertTrue(background.start(self.registry, fail))
        self.assertEqual(self.registry.open, 0)
        self.assertTrue(background.start(self.registry, lambda cursor: None))

    def test_without_a_thread_no_work_starts(self):
        with patch.object(threading.Thread, "start", side_effect=RuntimeError):
            self.assertFalse(background.start(self.registry, self.hang))
        self.assertFalse(background._busy.locked())

    def finish(self):
        self.end.set()
        with background._busy:
            self.assertTrue(self.ended.is_set())
