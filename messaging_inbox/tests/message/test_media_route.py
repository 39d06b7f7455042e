from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools.misc import hash_sign

from ...controllers import media
from ..common import CUSTOMER, PNG, MessagingHttpCase

SCOPE = "messaging_inbox.media"


@tagged("post_install", "-at_install")
class TestMediaRoute(MessagingHttpCase):
    """The route for providers serves the files of outbound messages, nothing else."""

    def setUp(self):
        super().setUp()
        self.thread = self.conversation()
        self.file = self.attachment(self.thread)
        self.outbound = self.message(self.thread.reply("", self.file.ids))

    def fetch(self, path):
        self.env.flush_all()
        return self.url_open(path)

    def signed(self, message, file, scope=SCOPE, hours=24):
        values = [message.id, file.id]
        signed = hash_sign(self.env, scope, values, expiration_hours=hours)
        return f"/messaging/media/{signed}"

    def assertNotFound(self, path):
        response = self.fetch(path)
        self.assertEqual(response.status_code, 404)
        self.assertNotIn(PNG, response.content)

    def test_the_url_sent_to_the_provider_serves_the_file(self):
        url = self.outbound.sudo()._outbound_file().url
        response = self.fetch("/messaging/" + url.partition("/messaging/")[2])
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.content, PNG)
        self.assertEqual(response.headers["Content-Type"], "image/png")
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")

    def test_an_address_that_ends_in_a_file_name_serves_the_same(self):
        signed = self.signed(self.outbound, self.file)
        for name in ("a.png", "b%20c.pdf", "%E6%8A%A5"):
            with self.subTest(name):
                response = self.fetch(f"{signed}/{name}")
                self.assertEqual((response.status_code, response.content), (200, PNG))
                headers = response.headers
                self.assertEqual(headers["Content-Type"], "image/png")
                self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
                self.assertIn("a.png", headers["Content-Disposition"])

    def test_a_file_name_opens_no_other_file(self):
        other = self.attachment(self.thread)
        expired = self.signed(self.outbound, self.file, hours=-1)
        for path in (expired, self.signed(self.outbound, other), "/messaging/media/x"):
            self.assertNotFound(f"{path}/a.png")

    def test_a_lagging_replica_is_not_used(self):
        """The provider fetches a file right after its message was committed."""
        look = media._message_and_file

        def lagging(env, signed):
            return (None, None) if env.cr.readonly else look(env, signed)

        with patch.object(media, "_message_and_file", lagging):
            response = self.fetch(self.signed(self.outbound, self.file))
        self.assertEqual((response.status_code, response.content), (200, PNG))

    def test_the_file_has_a_name_that_the_provider_accepts(self):
        for name, plain in (
            ("Presupuesto nº 12 (final) ñandú.png", "Presupuesto_no_1.png"),
            ("报价.png", "file.png"),
        ):
            with self.subTest(name):
                self.file.sudo().name = name
                response = self.fetch(self.signed(self.outbound, self.file))
                disposition = response.headers["Content-Disposition"]
                self.assertTrue(disposition.startswith("inline;"), disposition)
                self.assertEqual(disposition.partition("=")[2].strip('"'), plain)

    def test_an_expired_url_is_refused(self):
        self.assertNotFound(self.signed(self.outbound, self.file, hours=-1))

    def test_a_signature_for_another_scope_is_refused(self):
        self.assertNotFound(self.signed(self.outbound, self.file, scope="another"))

    def test_a_changed_or_malformed_url_is_refused(self):
        good = self.signed(self.outbound, self.file)
        self.assertEqual(self.fetch(good).status_code, 200)
        name = good.rpartition("/")[2]
        mangled = [
            name[:-2],
            name[:10] + ("A" if name[10] != "A" else "B") + name[11:],
            "AAAA",
            "%00",
            "é",
            "x" * 4000,
            "0",
        ]
        for value in mangled:
            with self.subTest(value=value[:20]):
                self.assertNotFound(f"/messaging/media/{value}")

    def test_a_private_notes_file_is_never_served(self):
        file = self.attachment(self.thread)
        note = self.message(self.thread.action_note("Look", file.ids))
        self.assertNotFound(self.signed(note, file))

    def test_a_customers_file_is_never_served(self):
        inbound = self.thread.message_ids.filtered(lambda m: m.direction == "inbound")
        file = self.attachment(self.thread)
        inbound.sudo().attachment_ids = file
        self.assertNotFound(self.signed(inbound, file))

    def test_only_a_file_of_the_signed_message_is_served(self):
        other = self.attachment(self.thread)
        self.assertNotFound(self.signed(self.outbound, other))

    def test_the_url_of_a_deleted_conversations_file_is_refused(self):
        path = self.signed(self.outbound, self.file)
        self.thread.with_user(self.installer).unlink()
        self.assertNotFound(path)

    def test_the_public_cannot_read_a_customers_file_by_odoos_routes(self):
        path = f"/web/content/{self.file.id}"
        for user in (None, self.portal, self.employee, self.system, self.stranger):
            with self.subTest(user=user and user.login):
                self.authenticate(user and user.login, user and user.login)
                response = self.fetch(path)
                self.assertNotEqual(response.content, PNG)
        self.authenticate(self.agent.login, self.agent.login)
        self.assertEqual(self.fetch(path).content, PNG)

    def test_odoos_delete_route_keeps_sent_files(self):
        """Discuss deletes files that a user may write to, as superuser."""
        self.authenticate(self.agent.login, self.agent.login)
        self.make_jsonrpc_request_quietly(
            "/mail/attachment/delete", {"attachment_id": self.file.id}
        )
        self.assertTrue(self.file.exists())
        self.assertTrue(self.outbound.attachment_ids)

    def make_jsonrpc_request_quietly(self, route, params):
        self.env.flush_all()
        self.url_open(route, json={"params": params})
        self.env.invalidate_all()

    def test_no_url_contains_the_customers_number(self):
        url = self.outbound.sudo()._outbound_file().url
        self.assertNotIn(CUSTOMER.lstrip("+"), url)
