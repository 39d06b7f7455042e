import hashlib
import hmac
import json
from functools import partial
from unittest import skipUnless
from urllib.parse import urlsplit

from odoo.tests import tagged

from ..common import ACCOUNT_SID, MessagingHttpCase
from . import shared_fixtures

SECRET = "an app secret"
# How ids begin that we make.
MADE_UP = ("postback.", "referral.", "optin.", "marketing_")


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
        self.cloud = self.account.create(
            {
                "name": "WhatsApp",
                "provider": "whatsapp_cloud",
                "whatsapp_app_id": "300000000000002",
                "whatsapp_app_secret": SECRET,
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
        bodies = shared_fixtures.bodies("messenger", "instagram")
        for number, (name, body) in enumerate(bodies):
            with self.subTest(name):
                body = self.with_numbers(body, number)
                self.assertRows(name, self.post_json, body)

    def test_whatsapp_payloads_become_the_expected_rows(self):
        bodies = shared_fixtures.bodies("whatsapp_cloud")
        for number, (name, body) in enumerate(bodies):
            with self.subTest(name):
                body = self.with_own_number(body, number)
                self.assertRows(name, partial(self.post_json, account=self.cloud), body)

    def assertRows(self, name, post, payload):
        """Assert that a request stores its messages, and no failed webhook."""
        before = self.env["messaging.message"].search([])
        self.assertEqual(post(payload).status_code, 200)
        receipts = (self.account | self.meta | self.cloud).receipt_ids
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
            made_up = message_id.startswith(MADE_UP)
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

    def with_own_number(self, body, number):
        """Give the body a number of its own, known by the provider's id alone."""
        known_by = f"9000{number:04d}"
        channel = self.open_channel(self.cloud, "whatsapp", f"+34600{number:06d}")
        channel.sudo().provider_reference = known_by
        for entry in body["entry"]:
            for change in entry["changes"]:
                if "metadata" in change["value"]:
                    change["value"]["metadata"]["phone_number_id"] = known_by
        return json.dumps(body).encode()

    def post_json(self, body, account=None):
        digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {
            "X-Hub-Signature-256": f"sha256={digest}",
            "Content-Type": "application/json",
        }
        self.env.flush_all()
        path = urlsplit((account or self.meta).webhook_url).path
        response = self.url_open(path, data=body, headers=headers, timeout=30)
        self.env.invalidate_all()
        return response
