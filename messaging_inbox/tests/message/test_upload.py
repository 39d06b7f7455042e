from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import PNG, MessagingCase, MessagingHttpCase

HTML = b"<html><script>alert(1)</script></html>"


class TestFiles(MessagingCase):
    """Files of a conversation can be changed and deleted only until they are sent."""

    def setUp(self):
        super().setUp()
        self.thread = self.conversation()

    def changes(self, file):
        return {
            "write": lambda: file.write({"name": "other.png"}),
            "replace": lambda: file.write({"raw": b"other"}),
            "move": lambda: file.write(
                {"res_model": "res.partner", "res_id": self.agent.partner_id.id}
            ),
            "publish": lambda: file.write({"public": True}),
            "share": lambda: file.generate_access_token(),
            "unlink": lambda: file.unlink(),
        }

    def test_the_uploader_may_change_and_delete_an_unsent_file(self):
        file = self.attachment(self.thread)
        file.name = "b.png"
        file.unlink()
        self.assertFalse(file.exists())

    def test_others_cannot_change_an_unsent_file(self):
        file = self.attachment(self.thread)
        for user in (self.colleague, self.manager, self.installer, self.system):
            for name, change in self.changes(file.with_user(user)).items():
                with self.subTest(name, user=user.login):
                    with self.assertRaises(AccessError):
                        change()

    def test_a_sent_or_noted_file_cannot_be_changed(self):
        sent, noted = self.attachment(self.thread), self.attachment(self.thread)
        self.thread.reply("", sent.ids)
        self.thread.action_note("Look", noted.ids)
        for file in (sent, noted):
            for user in (self.agent, self.colleague, self.installer, self.system):
                for name, change in self.changes(file.with_user(user)).items():
                    with self.subTest(name, user=user.login):
                        with self.assertRaises(AccessError):
                            change()

    def test_a_file_cannot_be_moved_into_a_hidden_conversation(self):
        hidden = self.conversation(channel=self.private, user=self.installer)
        with self.assertRaises(AccessError):
            self.attachment(hidden)
        mine = self.attachment(self.thread)
        with self.assertRaises(AccessError):
            mine.res_id = hidden.id

    def test_a_file_becomes_no_photo_and_no_thumbnail(self):
        """These are fields, in which Odoo stores files: only our code fills them."""
        photo = {"res_model": self.thread._name, "res_field": "picture"}
        mine = self.attachment(self.thread)
        thumbnail = {"res_model": mine._name, "res_field": "messaging_thumbnail"}
        for user in (self.agent, self.installer, self.system):
            files = self.env["ir.attachment"].with_user(user)
            for values, record in ((photo, self.thread), (thumbnail, mine)):
                with self.subTest(user.login, **values), self.assertRaises(AccessError):
                    files.create(
                        {**values, "res_id": record.id, "name": "x", "raw": PNG}
                    )
        for values in ({"res_field": "picture"}, {**thumbnail, "res_id": mine.id}):
            with self.subTest(**values), self.assertRaises(AccessError):
                mine.write(values)
        self.assertFalse(self.thread.picture)

    def test_files_of_a_hidden_conversation_cannot_be_found(self):
        hidden = self.conversation(channel=self.private, user=self.installer)
        file = self.attachment(hidden, user=self.installer)
        for user in (self.agent, self.manager, self.employee, self.stranger):
            files = self.env["ir.attachment"].with_user(user)
            with self.subTest(user.login):
                self.assertFalse(files.search([("id", "=", file.id)]))
                with self.assertRaises(AccessError):
                    file.with_user(user).read(["name", "raw"])


@tagged("post_install", "-at_install")
class TestUpload(MessagingHttpCase):
    """Odoo's own upload route, as the composer uses it."""

    def upload(self, user, conversation, content=PNG, name="a.png"):
        session = self.authenticate(user.login, user.login)
        self.env.flush_all()
        self.url_open(
            "/web/binary/upload_attachment",
            data={
                "model": conversation._name,
                "id": conversation.id,
                "csrf_token": http.Request.csrf_token(
                    type("Request", (), {"session": session, "env": self.env})()
                ),
            },
            files={"ufile": (name, content)},
        )
        self.env.invalidate_all()
        return self.env["ir.attachment"].search(
            [("res_model", "=", conversation._name), ("res_id", "=", conversation.id)]
        )

    def test_an_agent_uploads_to_a_conversation_and_sends(self):
        thread = self.conversation()
        file = self.upload(self.agent, thread)
        self.assertEqual((file.raw, file.mimetype), (PNG, "image/png"))
        self.assertTrue(thread.reply("", file.ids))

    def test_uploaded_html_is_never_served_as_html_even_for_administrators(self):
        admin = self.env.ref("base.user_admin")
        admin.password = admin.login
        thread = self.conversation()
        file = self.upload(admin, thread, HTML, "a.html")
        self.assertEqual(file.mimetype, "text/plain")

    def test_nothing_is_uploaded_to_a_hidden_conversation(self):
        hidden = self.conversation(channel=self.private)
        for user in (self.agent, self.manager, self.employee, self.stranger):
            with self.subTest(user.login):
                self.assertFalse(self.upload(user, hidden))
