import hashlib
import hmac
from urllib.parse import urlsplit

from odoo.tests import tagged

from ..common import MessagingHttpCase

SECRET, PAGE, OTHER_PAGE = "an app secret", "100000000000001", "100000000000002"
# Spaces and partly escaped: no serializer would reproduce this JSON.
BODY = """{"object":"page",  "entry":[
    {"id":"%s", "time":1790000000623, "messaging":[
        {"sender":{"id":"7000000000000001"}, "message":{"text":"nobody's"}},
        {"sender":{"id":"7000000000000001"}, "message":{"mid":"m_1",
            "text":"\\u00c4rger \U0001f62e \\ud83d\\ude2e"}}]},
    {"id":"109999999999999", "messaging":[
        {"sender":{"id":"7000000000000003"}, "message":{"mid":"m_9", "text":"Lost"}}]},
    {"id":"%s", "messaging":[
        {"sender":{"id":"7000000000000002"}, "message":{"mid":"m_2", "text":"Hi"}}]}
]}"""


@tagged("post_install", "-at_install")
class TestWebhookMeta(MessagingHttpCase):
    """The route's answers to Meta; parsing is tested with the provider."""

    def setUp(self):
        super().setUp()
        self.meta = self.account.create(
            {
                "name": "Meta",
                "provider": "messenger",
                "meta_app_id": "300000000000001",
                "meta_app_secret": SECRET,
                "meta_verify_token": "a word",
                "state": "connected",
            }
        )
        for address in (PAGE, OTHER_PAGE):
            self._channel("messenger", address, account_id=self.meta.id)
        self.body = (BODY % (PAGE, OTHER_PAGE)).encode()

    def post(self, body, signed=None, content_type="application/json"):
        signed = body if signed is None else signed
        digest = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
        headers = {
            "X-Hub-Signature-256": f"sha256={digest}",
            "Content-Type": content_type,
        }
        self.env.flush_all()
        path = urlsplit(self.meta.webhook_url).path
        response = self.url_open(path, data=body, headers=headers, timeout=30)
        self.env.invalidate_all()
        return response

    def bodies(self):
        channels = self.meta.channel_ids.ids
        messages = self.env["messaging.message"].search(
            [("channel_id", "in", channels)], order="id"
        )
        return messages.mapped("body")

    def test_the_signature_of_a_body_with_several_pages_is_checked_byte_for_byte(self):
        response = self.post(self.body)
        self.assertEqual((response.status_code, response.text), (200, "EVENT_RECEIVED"))
        self.assertEqual(self.bodies(), ["Ärger 😮 😮", "Hi"])
        receipt = self.meta.receipt_ids
        self.assertEqual(receipt.mapped("state"), ["failed"])

    def test_a_repeated_webhook_stores_no_second_message(self):
        for _time in range(2):
            self.post(self.body)
        self.assertEqual(len(self.bodies()), 2)

    def test_a_request_changed_after_signing_is_refused(self):
        for changed in (self.body + b" ", self.body.replace(b"Hi", b"Ho"), b""):
            self.assertEqual(self.post(changed, signed=self.body).status_code, 403)
        form = "application/x-www-form-urlencoded"
        response = self.post(self.body, signed=self.body[1:], content_type=form)
        self.assertEqual(response.status_code, 403)
        self.assertFalse(self.bodies() or self.meta.receipt_ids)

    def test_webhook_verification_needs_the_verify_token(self):
        path = urlsplit(self.meta.webhook_url).path
        question = "hub.mode=subscribe&hub.challenge=42&hub.verify_token="
        self.env.flush_all()
        right = self.url_open(f"{path}?{question}a+word")
        wrong = self.url_open(f"{path}?{question}another")
        self.assertEqual((right.status_code, right.text), (200, "42"))
        self.assertEqual((wrong.status_code, wrong.text), (403, ""))
        self.env.invalidate_all()
        self.assertEqual(self.meta.receipt_ids.mapped("kind"), ["handshake"])
