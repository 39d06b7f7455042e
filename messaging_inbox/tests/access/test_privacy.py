import io
import json
import zipfile

from odoo.tests import HttpCase, TransactionCase
from odoo.tests.common import JsonRpcException

from ..common import CUSTOMER, PNG, MessagingMixin

LOOKUP = "privacy.lookup.wizard"


class PrivacyMixin(MessagingMixin):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": CUSTOMER}
        cls.ana = cls.env["res.partner"].create(values)

    def linked(self, body="My card is 4242-4242", **options):
        conversation = self.conversation(body, **options)
        conversation.action_link(partner_id=self.ana.id)
        return conversation


class TestPrivacyLookup(PrivacyMixin, TransactionCase):
    """Odoo's privacy lookup finds and erases a person on all channels."""

    def lookup(self, name="Ana Ruiz", email="ana@example.com"):
        self.assertIn(LOOKUP, self.env, "the tests need Odoo's module privacy_lookup")
        wizard = self.env[LOOKUP].with_user(self.system)
        wizard = wizard.create({"name": name, "email": email})
        wizard.action_lookup()
        return wizard.line_ids

    def ours(self, lines):
        found = lines.filtered(lambda line: line.res_model.startswith("messaging."))
        self.assertEqual(
            set(found.mapped("res_model")) - {"messaging.conversation"}, set()
        )
        self.assertEqual(len(set(found.mapped("res_id"))), len(found), "no line twice")
        return self.env["messaging.conversation"].browse(found.mapped("res_id"))

    def test_it_finds_what_is_linked_and_all_of_the_same_number(self):
        linked = self.linked()
        other = self.conversation("Hi", channel=self.sms)
        hidden = self.receive("Hi", channel=self.private).conversation_id
        self.conversation("Else", sender="+34622222222", ProfileName="Someone")
        expected = linked | other | hidden
        self.assertEqual(self.ours(self.lookup()), expected.sudo().sorted("id"))

    def test_it_finds_a_customer_by_name_alone(self):
        written = self.conversation(sender="+34622222222", ProfileName="Bea Gil")
        self.assertEqual(self.ours(self.lookup("bea gil", "x@example.com")), written)

    def test_it_finds_a_customer_by_number(self):
        written = self.conversation(sender="+34622222222", ProfileName="Bea Gil")
        self.assertEqual(self.ours(self.lookup("+34 622 22 22 22", "x@y.com")), written)

    def test_a_name_is_no_pattern(self):
        self.conversation(sender="+34622222222", ProfileName="Bea Gil")
        self.assertFalse(self.ours(self.lookup("B%", "x@example.com")))

    def test_deleting_a_line_erases_it_everywhere(self):
        conversation = self.linked()
        message = conversation.sudo().message_ids.filtered("body")
        number = message.provider_message_id
        message.attachment_ids = self.attachment(conversation, user=self.env.user)
        conversation.sudo()._request_notes()
        self.env["messaging.conversation"].sudo()._write_next_notes()
        note = conversation.sudo().note_window_ids.mail_message_id
        self.assertIn("4242-4242", note.body)
        # Also a note that a user edited.
        note.body = "Edited: 4242-4242"
        files = self.env["ir.attachment"].search([("res_id", "=", self.ana.id)])
        line = self.lookup().filtered(lambda x: x.res_model == conversation._name)
        line.action_unlink()
        self.assertTrue(line.is_unlinked)
        self.assertFalse(conversation.exists() or note.exists())
        self.assertFalse(
            files.filtered(lambda f: f.res_model == "res.partner").exists()
        )
        messages = self.env["messaging.message"].search(
            [("body", "ilike", "4242-4242")]
        )
        self.assertFalse(messages)
        key = self.whatsapp.id, number
        self.assertTrue(self.env["messaging.tombstone"]._find_deleted([key]))
        self.env.cr.precommit.run()
        rows = self.env["bus.bus"].sudo().search([("message", "like", "4242-4242")])
        self.assertFalse(rows)

    def test_a_redelivery_restores_nothing_and_the_proof_stays(self):
        form = self.inbound_form("STOP", channel=self.sms)
        self.process(form)
        conversation = self.message_of(form).conversation_id
        conversation.with_user(self.agent).action_link(partner_id=self.ana.id)
        self.lookup().filtered(
            lambda x: x.res_model == conversation._name
        ).action_unlink()
        self.process(form)
        self.assertFalse(self.message_of(form))
        [consent] = self.env["messaging.consent"].search([])
        self.assertEqual((consent.kind, consent.customer), ("out", False))
        self.assertTrue(consent.erased_at)

    def test_other_lines_work_as_before(self):
        line = self.lookup().filtered(lambda x: x.res_model == "res.partner")
        line.action_unlink()
        self.assertFalse(self.ana.exists())


class TestPrivacyHttp(PrivacyMixin, HttpCase):
    """Only administrators of Odoo look up, erase and export persons."""

    def rpc(self, login, model, method, *args):
        self.authenticate(login, login)
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": {}},
        )

    def export(self, login, **params):
        self.authenticate(login, login)
        return self.url_open("/messaging/privacy/export", params=params, timeout=30)

    def test_others_can_neither_look_up_nor_erase_by_rpc(self):
        conversation = self.linked()
        self.env.flush_all()
        values = {"name": "Ana Ruiz", "email": "ana@example.com"}
        wizard = self.env[LOOKUP].with_user(self.system).create(values)
        wizard.action_lookup()
        line = wizard.line_ids.filtered(lambda x: x.res_model == conversation._name)
        for user in (self.agent, self.manager, self.installer):
            for call in (
                (LOOKUP, "create", [values]),
                (LOOKUP, "action_lookup", wizard.ids),
                (f"{LOOKUP}.line", "action_unlink", line.ids),
            ):
                with (
                    self.subTest(user=user.login, call=call[:2]),
                    self.assertRaisesRegex(JsonRpcException, "AccessError"),
                ):
                    self.rpc(user.login, *call)
        self.assertTrue(conversation.sudo().exists())

    def test_the_export_holds_all_conversations_and_files(self):
        conversation = self.linked()
        message = conversation.sudo().message_ids.filtered("body")[-1]
        file = self.attachment(conversation, user=self.env.user, name="../a b.png")
        message.attachment_ids = file
        self.conversation("STOP", channel=self.sms)
        self.env.flush_all()
        answer = self.export(self.system.login, model="res.partner", ids=self.ana.id)
        self.assertEqual(answer.status_code, 200)
        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        said = json.loads(archive.read("conversations.json"))
        by_kind = {each["channel"]["kind"]: each for each in said["conversations"]}
        self.assertEqual(set(by_kind), {"whatsapp", "sms"})
        self.assertEqual(by_kind["whatsapp"]["ids"], [CUSTOMER])
        self.assertEqual(by_kind["sms"]["consents"][0]["words"], "STOP")
        [written] = [m for m in by_kind["whatsapp"]["messages"] if m["text"]]
        self.assertEqual(written["text"], "My card is 4242-4242")
        self.assertRegex(written["sent_at"], r"^\d{4}-\d\d-\d\dT[\d:]{8}Z$")
        [path] = [each["path"] for each in written["files"]]
        self.assertEqual(archive.read(path), PNG)
        self.assertNotIn("..", path)

    def test_only_administrators_export(self):
        conversation = self.linked()
        self.env.flush_all()
        for user in (self.agent, self.manager, self.installer, self.portal):
            for params in (
                {"model": "res.partner", "ids": self.ana.id},
                {"model": "messaging.conversation", "ids": conversation.id},
            ):
                answer = self.export(user.login, **params)
                self.assertEqual(answer.status_code, 403, user.login)
                self.assertNotIn("4242-4242", answer.text)

    def test_odd_parameters_are_refused(self):
        for params in (
            {},
            {"model": "res.users", "ids": "1"},
            {"model": "res.partner", "ids": "1;2"},
            {"model": "res.partner", "ids": ""},
            {"model": "res.partner", "ids": "99999999999"},
            {"model": "res.partner", "ids": "9" * 5000},
        ):
            answer = self.export(self.system.login, **params)
            self.assertEqual(answer.status_code, 400, params)
