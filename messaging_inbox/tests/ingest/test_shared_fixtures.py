import hashlib
import hmac
import json
from unittest import skipUnless
from urllib.parse import urlsplit

from odoo.tests import tagged

from ..common import ACCOUNT_SID, MessagingHttpCase
from . import shared_fixtures

SECRET = "an app secret"


@tagged("post_install", "-at_install")
@skipUnless(
    shared_fixtures.FOLDER.is_dir(), "the payloads aren't beside the repository"
)
class TestSharedFixtures(MessagingHttpCase):
    """Published real payloads, sent through the real route, become rows."""

    def setUp(self):
        super().setUp()
        self.meta = self.account.create(
            {
                "name": "Meta",
                "provider": "messenger",
                "meta_app_id": "300000000000001",
                "meta_app_secret": SECRET,
                "state": "connected",
            }
        )

    def test_twilio_payloads_become_the_expected_rows(self):
        for name, pairs in shared_fixtures.forms():
            form = dict(pairs)
            with self.subTest(name):
                self.account.twilio_account_sid = form.get("AccountSid", ACCOUNT_SID)
                ours = form["From" if self.is_status(name) else "To"]
                self.open_channel(self.account, *self.kind_and_address(ours))
                self.assertRows(name, self.post_webhook, form)

    def test_meta_payloads_become_the_expected_rows(self):
        for number, (name, body) in enumerate(shared_fixtures.bodies()):
            with self.subTest(name):
                body = self.with_numbers(body, number)
                self.assertRows(name, self.post_json, body)

    def assertRows(self, name, post, payload):
        """Assert that a request stores its messages, and no failed webhook."""
        before = self.env["messaging.message"].search([])
        self.assertEqual(post(payload).status_code, 200)
        receipts = (self.account | self.meta).receipt_ids
        broken = receipts.filtered(lambda receipt: receipt.kind == "request")
        self.assertFalse(broken.mapped("error"))
        messages = self.env["messaging.message"].search([], order="id") - before
        messages = messages.filtered(lambda message: message.direction != "event")
        rows = [
            [row.direction, row.kind, row.body or "", len(self.files_of(row))]
            for row in messages
        ]
        self.assertEqual(rows, self.expected_rows(name))
        for text in self.ids_and_files(messages):
            self.assertIn(text, str(payload))

    def ids_and_files(self, messages):
        """Yield all ids and addresses that must occur verbatim in the payload."""
        yield from self.files_of(messages).mapped("url")
        for external_id in messages.conversation_id.identity_ids.mapped("external_id"):
            yield external_id.removeprefix("+")
        for message_id in messages.mapped("provider_message_id"):
            # We make up an id for an event without one.
            made_up = message_id.startswith(("postback.", "referral.", "optin."))
            yield message_id.split(".")[1] if made_up else message_id

    def files_of(self, messages):
        return self.env["messaging.media"].search([("message_id", "in", messages.ids)])

    def expected_rows(self, name):
        directions = {"MessageReceived": "inbound", "MessageSent": "outbound"}
        return [
            [directions[event], *content]
            for event, *content in shared_fixtures.EXPECTED[name]
            if event in directions
        ]

    def is_status(self, name):
        return shared_fixtures.EXPECTED[name][0][0] == "StatusChanged"

    def kind_and_address(self, address):
        scheme, _colon, number = address.rpartition(":")
        return scheme or "sms", number

    def open_channel(self, account, kind, address):
        values = {"account_id": account.id, "kind": kind, "address": address}
        known = [(name, "=", value) for name, value in values.items()]
        channel = self.env["messaging.channel"].search(known)
        return channel or channel.create({**values, "name": address})

    def with_numbers(self, body, number):
        """Give each entry its own channel, since message ids repeat between files."""
        written = json.dumps(body)
        for index, entry in enumerate(body["entry"]):
            if entry["id"] == "0":
                continue
            address = f"9{number:04d}{index}"
            written = written.replace(json.dumps(entry["id"]), f'"{address}"')
            kind = "messenger" if body["object"] == "page" else "instagram"
            self.open_channel(self.meta, kind, address)
        return written.encode()

    def post_json(self, body):
        digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {
            "X-Hub-Signature-256": f"sha256={digest}",
            "Content-Type": "application/json",
        }
        self.env.flush_all()
        path = urlsplit(self.meta.webhook_url).path
        response = self.url_open(path, data=body, headers=headers, timeout=30)
        self.env.invalidate_all()
        return response
