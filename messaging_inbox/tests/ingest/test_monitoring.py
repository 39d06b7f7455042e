from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...controllers.health import BEARER
from ...models.ingest.monitoring import QUEUES, WAITING
from ..common import MessagingCase, MessagingHttpCase


class MonitoringCase:
    def make_token(self, user=None):
        settings = self.env["res.config.settings"].with_user(user or self.system)
        action = settings.create({}).action_messaging_monitoring_token()
        return action["context"]["default_key"]

    def let_one_of_each_wait(self):
        """Let one row wait in each queue, for an hour."""
        conversation = self.conversation("Private words")
        self.message(conversation.reply("Private answer"))
        self.process(self.media_form("image/png"))
        self.env["messaging.reaction"].create(
            {"message_id": conversation.message_ids[-1].id, "emoji": "👍"}
        )
        at = fields.Datetime.now() + timedelta(hours=1)
        conversation.action_schedule(at, "Good morning")
        self.process(self.inbound_form(To="whatsapp:+34699999999"))
        self.process(self.inbound_form(To="whatsapp:+34699999998"))
        self.env["messaging.receipt"].search([], limit=1).next_try_at = False
        self.process(self.status_form("SM" + "f" * 32, "delivered"))
        self.env.flush_all()
        for table in ("message", "reaction", "media", "receipt"):
            self.env.cr.execute(
                f"UPDATE messaging_{table} SET create_date = %s",
                [fields.Datetime.now() - timedelta(hours=1)],
            )
        self.env.cr.execute(
            "UPDATE messaging_scheduled SET send_at = %s",
            [fields.Datetime.now() - timedelta(hours=1)],
        )
        self.env.invalidate_all()


class TestMonitoring(MonitoringCase, MessagingCase):
    def monitoring(self, user=None):
        return (
            self.env["messaging.account"].with_user(user or self.system)._monitoring()
        )

    def ours(self, user=None):
        found = self.monitoring(user)["accounts"]
        return next(each for each in found if each["id"] == self.account.id)

    def test_each_queue_shows_how_much_waits_and_for_how_long(self):
        nothing = {"count": 0, "oldest_seconds": 0}
        self.assertEqual(self.ours()["queues"], dict.fromkeys(QUEUES, nothing))
        self.assertEqual(self.account.waiting, "Nothing")
        self.let_one_of_each_wait()
        for name, depth in self.ours()["queues"].items():
            with self.subTest(name):
                self.assertEqual(depth["count"], 1)
                self.assertAlmostEqual(depth["oldest_seconds"], 3600, delta=60)

    def test_the_account_shows_administrators_the_same(self):
        self.let_one_of_each_wait()
        lines = self.account.with_user(self.manager).waiting.splitlines()
        self.assertEqual(len(lines), len(QUEUES))
        self.assertRegex(lines[0], r"^Messages to send: 1, the oldest since \w{3} \d+")

    def test_what_is_done_waits_no_longer(self):
        self.let_one_of_each_wait()
        self.send_queued()
        self.env["messaging.receipt"].search([])._done()
        depths = self.ours()["queues"]
        done = ("messages", "webhooks", "webhooks_given_up", "early_statuses")
        self.assertEqual({depths[name]["count"] for name in done}, {0})

    def test_it_contains_no_content(self):
        self.let_one_of_each_wait()
        words = str(self.monitoring())
        for content in ("Private", "Ana", "+34", "Twilio", self.account.webhook_url):
            self.assertNotIn(content, words)

    def test_it_says_when_something_last_came_in_and_what_was_refused(self):
        self.assertIsNone(self.ours()["last_message_at"])
        message = self.sent()
        self.process(self.status_form(message.provider_message_id, "delivered"))
        self.env["messaging.refusal"]._count(self.account.id)
        found = self.ours()
        self.assertEqual(found["state"], "connected")
        self.assertRegex(found["last_message_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertTrue(found["last_status_at"])
        self.assertEqual(found["wrong_signatures"], 1)

    def test_a_cron_that_does_not_run_is_late(self):
        cron = self.env.ref("messaging_inbox.ir_cron_send_queued")
        cron.nextcall = fields.Datetime.now() - timedelta(minutes=5)
        self.env.flush_all()
        late = self.monitoring()["crons"]["send_queued"]["late_seconds"]
        self.assertAlmostEqual(late, 300, delta=60)

    def test_other_companies_are_left_out(self):
        ids = [each["id"] for each in self.monitoring(self.stranger)["accounts"]]
        self.assertNotIn(self.account.id, ids)

    def test_the_number_of_queries_does_not_grow(self):
        few = self.warm_queries(self.monitoring)
        self.customers(30)
        self.let_one_of_each_wait()
        self._channel("whatsapp", "+34600000009")
        self.account.copy()
        self.assertEqual(self.warm_queries(self.monitoring), few)
        self.assertLessEqual(few, 8)

    def test_counting_reads_what_waits_and_not_all_messages(self):
        """So it costs the same with 100,000 conversations."""
        # The tables of a test are so small that reading all is cheaper.
        for option in ("seqscan", "hashjoin", "mergejoin"):
            self.env.cr.execute(f"SET LOCAL enable_{option} = off")
        now, accounts = fields.Datetime.now(), self.account.ids
        query = SQL("EXPLAIN %s", SQL(WAITING, now=now, accounts=accounts))
        plan = "\n".join(row[0] for row in self.env.execute_query(query))
        for table in ("message", "conversation", "media", "receipt"):
            self.assertNotIn(f"Seq Scan on messaging_{table}", plan)
        for index in ("message_outbox", "media_pending", "receipt_due"):
            self.assertIn(f"messaging_{index}_idx", plan)

    def test_only_system_administrators_make_tokens(self):
        for user in (self.manager, self.agent):
            with self.assertRaises(AccessError):
                self.make_token(user)


class TestMonitoringRoute(MonitoringCase, MessagingHttpCase):
    def ask(self, token=None):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.env.flush_all()
        return self.url_open("/messaging/health", headers=headers)

    def test_the_token_opens_the_route_and_nothing_else(self):
        token = self.make_token()
        response = self.ask(token)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        ids = [each["id"] for each in response.json()["accounts"]]
        self.assertIn(self.account.id, ids)
        keys = self.env["res.users.apikeys"]
        self.assertFalse(keys._check_credentials(scope="rpc", key=token))

    def test_a_wrong_token_learns_nothing(self):
        token = self.make_token()
        wrong = token[:-1] + ("0" if token[-1] != "0" else "1")
        for given in (None, wrong, "0" * 40, "x", token + "0", "é", "%"):
            with self.subTest(given):
                response = self.ask(given and given.encode().decode("latin-1"))
                self.assertEqual((response.status_code, response.content), (401, b""))

    def test_a_token_ends_with_its_user_and_in_a_copy(self):
        token = self.make_token()
        self.system.active = False
        self.assertEqual(self.ask(token).status_code, 401)
        self.system.active = True
        self.assertEqual(self.ask(token).status_code, 200)
        self.env["res.users.apikeys"].search(
            [("user_id", "=", self.system.id)]
        )._remove()
        self.assertEqual(self.ask(token).status_code, 401)

    def test_an_agents_key_opens_nothing(self):
        keys = self.env["res.users.apikeys"].with_user(self.agent).sudo()
        expires = fields.Datetime.now() + timedelta(hours=1)
        key = keys._generate(None, "rpc", expires)
        self.assertEqual(self.ask(key).status_code, 401)

    def test_what_looks_like_no_token_asks_nothing(self):
        for header in ("", "Basic abc", "Bearer short", "Bearer " + "g" * 40):
            self.assertFalse(BEARER.fullmatch(header), header)
