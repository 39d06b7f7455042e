"""Jobs with requests to providers end before Odoo kills them, and lose nothing."""

from contextlib import contextmanager
from unittest.mock import patch

import requests

from odoo.tools import config

from ...providers.call import LimitedSession
from ...providers.events import Profile
from ...providers.twilio import Twilio
from ...tools import time_limit
from ..common import ACCOUNT_SID, TOKEN, MessagingCase
from ..scripted import accepted, answer, refused


class Cursor:
    """A stand-in for the cursor of one cron cycle."""


class TestWithinTime(MessagingCase):
    def setUp(self):
        super().setUp()
        self.now = 1_000_000.0
        self.patch(time_limit, "real_time", lambda: self.now)
        limits = {"limit_time_real": 120, "limit_time_real_cron": -1}
        self.enterContext(patch.dict(config.options, limits))
        self.patch(self.registry["ir.cron"], "_commit_progress", self.progress)
        self.remaining = []

    def progress(self, _done=0, remaining=None):
        self.remaining.append(remaining)

    @contextmanager
    def slow(self, seconds, *answers):
        """Make each request take this many seconds."""
        waiting = iter(answers)

        def request(_http, method, url, **options):
            self.http.requests.append((method, url, options))
            self.now += seconds
            outcome = next(waiting)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        with patch.object(type(self.http), "request", request):
            yield

    def queue(self, number):
        conversations = self.customers(number)
        return self.message([c.reply("Yes")[0] for c in conversations])

    # sending

    def test_sending_leaves_the_rest_to_the_next_run(self):
        messages = self.queue(8)
        cron = self.env.ref("messaging_inbox.ir_cron_send_queued")
        triggers = self.env["ir.cron.trigger"]
        triggers.search([("cron_id", "=", cron.id)]).unlink()
        with self.slow(3, *[accepted() for _ in messages]):
            with time_limit.cron_job(Cursor()):
                messages._cron_send_queued()
            self.env.invalidate_all()
            self.assertEqual(messages.mapped("state"), ["sent"] * 4 + ["queued"] * 4)
            self.assertEqual(self.remaining, [4])
            self.assertTrue(triggers.search_count([("cron_id", "=", cron.id)]))
            with time_limit.cron_job(Cursor()):
                messages._cron_send_queued()
        self.env.invalidate_all()
        self.assertEqual(set(messages.mapped("state")), {"sent"})

    def test_each_failure_is_stored(self):
        messages = self.queue(4)
        outcomes = [
            refused(400, 21610),
            refused(429, 20429),
            requests.ReadTimeout(),
            accepted(),
        ]
        with self.slow(3, *outcomes), time_limit.cron_job(Cursor()):
            messages._cron_send_queued()
        self.env.invalidate_all()
        states = ["failed", "queued", "unknown", "sent"]
        self.assertEqual(messages.mapped("state"), states)

    def test_nothing_is_claimed_when_earlier_jobs_used_the_time(self):
        messages = self.queue(2)
        turn = Cursor()
        with time_limit.cron_job(turn):
            self.now += 55
        with time_limit.cron_job(turn):
            messages._cron_send_queued()
        self.assertEqual(messages.mapped("state"), ["queued"] * 2)
        self.assertFalse(self.http.requests)
        self.assertEqual(self.remaining, [2])

    def test_messages_are_sent_even_with_a_small_limit(self):
        message = self.queued()
        self.enterContext(patch.dict(config.options, {"limit_time_real_cron": 10}))
        with self.slow(1, accepted()), time_limit.cron_job(Cursor()):
            message._cron_send_queued()
        self.assertEqual(message.state, "sent")

    def test_time_outs_of_requests_fit_the_remaining_time(self):
        self.patch(type(self), "http", None)
        provider = self.account._provider()
        self.assertIsInstance(provider.http, LimitedSession)
        with time_limit.cron_job(Cursor()):
            self.now += 58
            self.assertEqual(provider.http.time_left(), 2)

    # profiles

    def test_profiles_leave_the_rest_to_the_next_run(self):
        def profile(_provider, _channel, _external_id):
            self.now += 6
            return Profile("Marta", "")

        self.patch(Twilio, "profile", profile)
        conversations = self.customers(5).sudo()
        conversations.profile_due = True
        for left in (3, 1, 0):
            with time_limit.cron_job(Cursor()):
                conversations._cron_fetch_profiles()
            self.env.invalidate_all()
            self.assertEqual(len(conversations.filtered("profile_due")), left)
            self.assertEqual(self.remaining[-1], left)

    # health

    def test_the_health_check_resumes_where_it_stopped(self):
        self.env["messaging.account"].search([]).active = False
        accounts = self.env["messaging.account"].sudo()
        for number in range(3):
            accounts += accounts.create(
                {
                    "name": f"Account {number}",
                    "twilio_account_sid": ACCOUNT_SID,
                    "twilio_auth_token": TOKEN,
                    "state": "connected",
                }
            )
        checked = []

        def check(account):
            checked.append(account.name)
            self.now += 6

        self.patch(self.registry["messaging.account"], "_check_health", check)
        everyone = ["Account 0", "Account 1", "Account 2"]
        rounds = []
        for _run in range(4):
            with time_limit.cron_job(Cursor()):
                accounts._cron_check_health()
            rounds.append(len(checked))
        self.assertEqual(rounds, [2, 3, 5, 6])
        self.assertEqual(sorted(checked[:3]), everyone)
        self.assertEqual(sorted(checked[3:]), everyone)

    # the story

    def test_a_story_blocks_a_worker_for_a_few_seconds_at_most(self):
        message = self.receive("Lovely")
        root = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}/Messages"
        url = f"{root}/MM{'0' * 32}/Media/ME{'0' * 32}"
        message.data = {"reply_to_story": {"id": "1", "url": url}}
        seen = []

        def request(_http, _method, _url, **_options):
            seen.append(time_limit.remaining())
            return answer(404)

        self.patch(type(self.http), "request", request)
        self.assertIsNone(message._story())
        self.assertEqual(seen, [20])
