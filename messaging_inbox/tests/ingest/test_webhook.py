import base64
import hmac
from contextlib import contextmanager
from unittest.mock import patch
from urllib.parse import urlsplit

from werkzeug.wrappers import Request

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import ACCOUNT_SID, CUSTOMER, MessagingHttpCase

EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
NO_SIGNATURE = {"X-Twilio-Signature": None}


@contextmanager
def body_is_never_read():
    """Make reading a request's body fail, as a form or as bytes."""

    def fail(*_args, **_options):
        raise ZeroDivisionError

    with (
        patch.object(Request, "_load_form_data", fail),
        patch.object(Request, "get_data", fail),
        mute_logger("odoo.http"),
    ):
        yield


@tagged("post_install", "-at_install")
class TestWebhook(MessagingHttpCase):
    """The route's answers to Twilio; parsing is tested with the provider."""

    def setUp(self):
        super().setUp()
        self.before = self.traces()

    def traces(self):
        """Return the number of rows in the tables that a webhook may write."""
        models = ("conversation", "message", "identity", "receipt", "media")
        return [self.env[f"messaging.{name}"].search_count([]) for name in models]

    def assertRefused(self, response, status):
        self.assertEqual(response.status_code, status)
        self.assertEqual(response.content, b"")
        self.assertEqual(self.traces(), self.before)

    def assertKept(self, response, words):
        """Assert that a request was accepted and stored as a failed webhook."""
        self.assertEqual(response.status_code, 200)
        receipt = self.account.receipt_ids
        self.assertEqual(receipt.mapped("state"), ["failed"])
        self.assertIn(words, receipt.error)

    # accepted

    def test_a_message_signed_with_the_shared_key_is_accepted_once_it_is_stored(self):
        form = self.inbound_form("Hello")
        text = self.account.webhook_url + "".join(
            name + value for name, value in sorted(form.items())
        )
        signed = hmac.new(b"a-shared-secret", text.encode(), "sha256").digest()
        headers = {
            "X-Twilio-Signature": base64.b64encode(signed).decode(),
            "X-Twilio-Webhooks-Signature-Settings": "key=k1,algorithm=HMAC_SHA256",
        }
        self.assertRefused(self.post_webhook(form, headers=headers), 403)
        manager = self.account.with_user(self.manager)
        manager.twilio_shared_secret = "a-shared-secret"
        self.assertNotIn("a-shared", manager.twilio_shared_secret)
        self.assertEqual(self.post_webhook(form, headers=headers).status_code, 200)
        self.assertEqual(self.message_of(form).body, "Hello")

    def test_a_signed_message_is_answered_with_empty_twiml(self):
        form = self.inbound_form("¿Tenéis la azul? 👋")
        response = self.post_webhook(form)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.text, EMPTY_TWIML)
        self.assertEqual(response.headers["Content-Type"], "text/xml; charset=utf-8")
        self.assertNotIn("Set-Cookie", response.headers)
        self.assertEqual(self.message_of(form).body, "¿Tenéis la azul? 👋")

    def test_the_same_webhook_twice_stores_one_message(self):
        form = self.inbound_form()
        for _ in range(2):
            self.assertEqual(self.post_webhook(form).text, EMPTY_TWIML)
        self.assertEqual(len(self.message_of(form)), 1)

    def test_a_draft_account_receives_messages(self):
        self.account.state = "draft"
        form = self.inbound_form()
        self.assertEqual(self.post_webhook(form).status_code, 200)
        self.assertTrue(self.message_of(form))

    def test_a_get_with_signed_parameters_is_processed_too(self):
        # Twilio's numbers can be set to GET.
        form = self.inbound_form("By GET", Body="ByGET")
        query = "?" + "&".join(f"{name}={value}" for name, value in form.items())
        query = query.replace("+", "%2B")
        response = self.post_webhook({}, query=query, method="GET")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self.message_of(form).body, "ByGET")

    def test_our_reference_in_the_address_is_signed_too(self):
        message = self.message(self.conversation().reply("Yes"))
        form = self.status_form("SM" + "a" * 32, "delivered")
        query = f"?m={message.client_uuid}.0"
        self.assertEqual(self.post_webhook(form, query=query).status_code, 200)
        self.assertEqual(message.state, "delivered")

    # signed for another form of the address

    def test_the_port_may_be_signed_or_not(self):
        parts = urlsplit(self.account.webhook_url)
        for port in ("", ":80", f":{parts.port}" if parts.port else ":80"):
            with self.subTest(port=port):
                url = parts._replace(netloc=parts.hostname + port).geturl()
                form = self.inbound_form()
                response = self.post_webhook(form, signed_url=url)
                self.assertEqual(response.status_code, 200)
                self.assertTrue(self.message_of(form))

    def test_behind_a_tls_proxy_the_stored_address_is_checked(self):
        path = urlsplit(self.account.webhook_url).path
        self.account.webhook_url = f"https://crm.example.com{path}"
        for host in ("crm.example.com", "crm.example.com:443"):
            with self.subTest(host=host):
                form = self.inbound_form()
                url = f"https://{host}{path}"
                response = self.post_webhook(form, signed_url=url)
                self.assertEqual(response.status_code, 200)

    # refused

    def test_an_unknown_token_is_not_found(self):
        for token in ("unknown", "%00", "%F0%28%8C%28", "x" * 5000):
            with self.subTest(token=token[:10]):
                url = f"/messaging/webhook/{token}"
                self.assertRefused(self.url_open(url, data={"a": "b"}), 404)

    def test_an_archived_account_is_not_found(self):
        self.account.active = False
        self.assertRefused(self.post_webhook(self.inbound_form()), 404)

    def test_a_request_without_a_valid_signature_is_refused(self):
        good = self.inbound_form()
        cases = {
            "missing": NO_SIGNATURE,
            "empty": {"X-Twilio-Signature": ""},
            "wrong": {"X-Twilio-Signature": base64.b64encode(b"x" * 20).decode()},
            "no base64": {"X-Twilio-Signature": ";drop table"},
            "non-ASCII": {"X-Twilio-Signature": "ñ".encode()},
            "long": {"X-Twilio-Signature": "A" * 20_000},
        }
        for name, headers in cases.items():
            with self.subTest(name):
                self.assertRefused(self.post_webhook(good, headers=headers), 403)

    def test_a_request_changed_after_signing_is_refused(self):
        good = self.inbound_form()
        changed = {**good, "Body": "Send the money elsewhere"}
        more = {**good, "ProfileName2": "x"}
        less = {name: value for name, value in good.items() if name != "ProfileName"}
        for form in (changed, more, less):
            response = self.post_webhook(form, signed_form=good)
            self.assertRefused(response, 403)
        response = self.post_webhook(
            good, query="?m=x.0", signed_url=self.account.webhook_url
        )
        self.assertRefused(response, 403)

    def test_a_valid_signature_for_another_account_is_refused(self):
        form = self.inbound_form(AccountSid="AC" + "9" * 32)
        self.assertRefused(self.post_webhook(form), 403)

    def test_an_account_without_auth_token_refuses_requests(self):
        self.account.twilio_auth_token = False
        self.assertRefused(self.post_webhook(self.inbound_form()), 403)

    def test_an_unsigned_get_of_the_address_is_refused(self):
        path = urlsplit(self.account.webhook_url).path
        self.env.flush_all()
        self.assertRefused(self.url_open(path), 403)

    def test_a_body_over_four_mebibytes_is_too_large(self):
        form = self.inbound_form("x" * (4 * 1024 * 1024 + 1))
        response = self.post_webhook(form)
        self.assertEqual(response.status_code, 413)
        self.assertEqual(self.traces(), self.before)

    def test_a_form_longer_than_the_provider_sends_is_too_large(self):
        form = self.inbound_form("x" * 512 * 1024)
        self.assertEqual(self.post_webhook(form).status_code, 413)
        self.assertEqual(self.traces(), self.before)

    def test_a_form_with_more_fields_than_the_provider_sends_is_refused(self):
        """Each field costs much to parse, even if it is signed."""
        few, many = ({f"a{n}": "1" for n in range(n)} for n in (450, 600))
        self.assertEqual(self.post_webhook(self.inbound_form(**few)).status_code, 200)
        self.before = self.traces()
        self.assertRefused(self.post_webhook(self.inbound_form(**many)), 403)

    def test_without_a_signature_the_body_is_not_read(self):
        url = urlsplit(self.account.webhook_url).path
        form = self.inbound_form()
        for signature in (None, "", "x", "A" * 28, "A" * 27 + "=="):
            headers = {"X-Twilio-Signature": signature}
            with self.subTest(signature), body_is_never_read():
                response = self.post_webhook(form, headers=headers)
                self.assertRefused(response, 403)
        with body_is_never_read():
            self.assertRefused(self.url_open(f"{url}x", data=form), 404)
            self.assertRefused(self.post_webhook(form, files={"a": b"b"}), 403)
        with self.assertRaisesRegex(AssertionError, "500"), body_is_never_read():
            self.assertRefused(self.post_webhook(form), 403)

    def test_other_methods_are_not_allowed(self):
        path = urlsplit(self.account.webhook_url).path
        for method in ("PUT", "DELETE", "PATCH"):
            response = self.url_open(path, method=method)
            self.assertEqual(response.status_code, 405)

    # verified, but failed

    def test_a_message_without_an_id_is_stored_as_a_failed_webhook(self):
        form = self.inbound_form(MessageSid=None)
        self.assertKept(self.post_webhook(form), "MessageSid")

    def test_a_message_for_an_unknown_channel_is_stored(self):
        form = self.inbound_form(To="whatsapp:+34999999999")
        self.assertKept(self.post_webhook(form), "+34999999999")

    def test_a_signed_request_without_a_form_is_stored(self):
        self.assertKept(self.post_webhook({}), "no form")

    def test_a_request_with_a_malformed_number_of_files_is_stored(self):
        form = self.inbound_form(NumMedia="many")
        self.assertKept(self.post_webhook(form), "NumMedia")

    # unusual, but accepted

    def test_nul_bytes_and_broken_characters_are_cleaned(self):
        form = self.inbound_form("a\x00b", ProfileName="A\x00na")
        self.assertEqual(self.post_webhook(form).status_code, 200)
        message = self.message_of(form)
        self.assertEqual(message.body, "ab")
        self.assertEqual(message.conversation_id.contact_name, "Ana")

    def test_seventy_kilobytes_of_text_are_accepted(self):
        form = self.inbound_form("é" * 70_000)
        self.assertEqual(self.post_webhook(form).status_code, 200)
        self.assertEqual(len(self.message_of(form).body), 70_000)

    def test_unknown_fields_are_ignored(self):
        form = self.inbound_form(Whatever="new", **{"Odd[]": "x", "login": "admin"})
        self.assertEqual(self.post_webhook(form).status_code, 200)
        self.assertTrue(self.message_of(form))

    def test_a_file_on_another_host_is_stored_but_never_downloaded(self):
        form = self.media_form("image/png", MediaUrl0="https://evil.example.com/a.png")
        self.assertEqual(self.post_webhook(form).status_code, 200)
        self.assertTrue(self.env["messaging.media"]._download_next())
        media = self.message_of(form).media_ids
        self.assertEqual(media.state, "failed")
        self.assertIn("host", media.error)
        self.assertFalse(self.http.requests)

    def test_a_webhook_makes_no_outgoing_request(self):
        self.post_webhook(self.media_form("image/png"))
        self.assertFalse(self.http.requests)

    def test_only_the_token_chooses_the_account(self):
        """The account id in the body is not used to find the account."""
        other = self.account.copy({"name": "Other", "state": "connected"})
        other.write(
            {"twilio_account_sid": ACCOUNT_SID, "twilio_auth_token": "another token"}
        )
        form = self.inbound_form()
        path = urlsplit(other.webhook_url).path
        self.env.flush_all()
        response = self.post_webhook(form, signed_url=other.webhook_url, path=path)
        self.assertRefused(response, 403)

    def test_the_customer_of_a_webhook_is_found_by_number(self):
        self.post_webhook(self.inbound_form())
        conversation = self.env["messaging.conversation"].search(
            [("contact_phone", "=", CUSTOMER), ("channel_id", "=", self.whatsapp.id)]
        )
        self.assertEqual(len(conversation), 1)
