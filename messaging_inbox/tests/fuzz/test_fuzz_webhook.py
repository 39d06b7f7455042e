"""Rightly signed requests with any content: always an answer, and always an end."""

import hashlib
import hmac
import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from twilio.request_validator import RequestValidator

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ... import providers
from ...models.ingest.receipt import RETRY_DELAYS
from ..common import ACCOUNT_SID, TOKEN, MessagingHttpCase
from .fuzz_case import FuzzMixin

SECRET = "an app secret"
REQUESTS = 100
REPLAYED = 10
LOGGERS = ("odoo.addons.messaging_inbox", "odoo.sql_db", "odoo.http")


@tagged("post_install", "-at_install")
class TestFuzzWebhook(FuzzMixin, MessagingHttpCase):
    def setUp(self):
        super().setUp()
        self.env["messaging.receipt"].search([]).unlink()

    def make_account(self, provider, **values):
        return self.account.create(
            {"name": provider, "provider": provider, "state": "connected", **values}
        )

    def seeds(self, provider):
        folder = Path(providers.__file__).parent / provider / "fixtures"
        return [path.read_bytes().strip() for path in sorted(folder.glob("*"))]

    def post(self, account, content, headers):
        self.env.flush_all()
        path = urlsplit(account.webhook_url).path
        with mute_logger(*LOGGERS):
            answer = self.url_open(path, data=content, headers=headers, timeout=60)
        self.env.invalidate_all()
        self.executions += 1
        if answer.status_code != 200:
            self.fail_with(f"{account.provider}: {answer.status_code}", content)
        return answer

    def check(self, account, content):
        """Note what the last request left behind as an internal error."""
        errors = account.receipt_ids.filtered(lambda r: "Internal" in (r.error or ""))
        for receipt in errors:
            self.fail_with(f"{account.provider}: {receipt.error}", content)
        errors.unlink()

    def post_json(self, account, body):
        digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        signed = {"X-Hub-Signature-256": f"sha256={digest}"}
        self.post(account, body, {**signed, "Content-Type": "application/json"})
        self.check(account, body)

    def fuzz_json(self, account):
        seeds = self.seeds(account.provider)
        for _ in range(REQUESTS * self.rounds):
            chosen = self.rng.choice(seeds)
            self.post_json(account, self.mutation.mutated_json(chosen, self.rng, seeds))
        self.end_all_failed_webhooks(account)
        self.check_no_failure(f"webhook {account.provider}")

    def end_all_failed_webhooks(self, account):
        """Let a month pass: each failed webhook ends, and says why it failed."""
        failed = account.receipt_ids.filtered(lambda r: r.state == "failed")
        # Each is replayed twelve times: some of them are enough.
        (failed - failed[:REPLAYED]).unlink()
        for _ in range(len(RETRY_DELAYS) + 1):
            self.replay_all(account)
        for receipt in account.receipt_ids:
            has_ended = receipt.state == "done" or not receipt.next_try_at
            is_told = receipt.state == "done" or receipt.error
            if not (has_ended and is_told):
                self.fail_with(f"{account.provider}: no end", receipt.body_stored)

    def replay_all(self, account):
        """Run the cron until it has replayed all that wait, whenever they are due."""
        waiting = account.receipt_ids.filtered("next_try_at")
        due = fields.Datetime.now() - timedelta(seconds=1)
        waiting.next_try_at = due
        # A run ends after some seconds, but replays at least one.
        for _ in waiting:
            with mute_logger(*LOGGERS):
                self.run_cron("replay_receipts")
            if not waiting.exists().filtered(
                lambda receipt: receipt.next_try_at and receipt.next_try_at <= due
            ):
                break

    def test_any_signed_form_has_an_end(self):
        account = self.account
        seeds = [
            json.dumps(parse_qsl(seed.decode(), keep_blank_values=True)).encode()
            for seed in self.seeds("twilio")
        ]
        for _ in range(REQUESTS * self.rounds):
            chosen = self.mutation.mutated_json(self.rng.choice(seeds), self.rng, seeds)
            self.post_form(account, self.pairs_of(chosen))
        self.end_all_failed_webhooks(account)
        self.check_no_failure("webhook twilio")

    def pairs_of(self, data):
        try:
            found = json.loads(data)
        except ValueError:
            found = []
        form = {"AccountSid": ACCOUNT_SID, "MessageSid": self.next_sid()}
        for each in found if isinstance(found, list) else ():
            if isinstance(each, list) and each and each[0] != "AccountSid":
                form[str(each[0])] = str(each[-1])
        # Half a character has no bytes, so none can be posted.
        return {
            name.encode(errors="replace").decode(): value.encode(
                errors="replace"
            ).decode()
            for name, value in form.items()
        }

    def post_form(self, account, form):
        url = account.webhook_url
        signature = RequestValidator(TOKEN).compute_signature(url, form)
        headers = {
            "X-Twilio-Signature": signature,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.post(account, urlencode(form), headers)
        self.check(account, form)

    def test_any_signed_body_about_whatsapp_has_an_end(self):
        account = self.make_account(
            "whatsapp_cloud",
            whatsapp_app_id="300000000000001",
            whatsapp_app_secret=SECRET,
        )
        number = self._channel("whatsapp", "+34600000001", account_id=account.id)
        number.sudo().provider_reference = "200000000000001"
        self.fuzz_json(account)

    def test_any_signed_body_about_a_page_has_an_end(self):
        account = self.make_account(
            "messenger", meta_app_id="300000000000001", meta_app_secret=SECRET
        )
        self._channel("messenger", "100000000000001", account_id=account.id)
        self._channel("instagram", "17840000000000001", account_id=account.id)
        self.fuzz_json(account)
