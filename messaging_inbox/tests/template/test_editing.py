import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form

from ..common import PNG
from .draft_case import DRAFT, DraftCase

BOUND = {"name": {"source": "partner", "path": "name"}}


class TestDrafts(DraftCase):
    def test_a_manager_writes_a_draft(self):
        template = self.draft()
        self.assertTrue(template.is_draft)
        self.assertEqual(template.state, "unsubmitted")
        self.assertEqual(template.variable_names, ["name", "number"])

    def test_agents_and_others_write_no_draft(self):
        template = self.draft()
        for user in (self.agent, self.installer, self.employee, self.stranger):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self.draft(user)
                with self.assertRaises(AccessError):
                    template.with_user(user).body = "Other"
                with self.assertRaises(AccessError):
                    template.with_user(user).bindings = BOUND
                with self.assertRaises(AccessError):
                    template.with_user(user).action_submit()
                with self.assertRaises(AccessError):
                    template.with_user(user).action_duplicate()

    def test_variables_follow_the_texts(self):
        template = self.draft(bindings={**BOUND, "gone": BOUND["name"]})
        self.assertEqual(template.bindings, BOUND)
        template.write(
            {"body": "Your order {{number}} is ready.", "header": "{{shop}}"}
        )
        self.assertEqual(template.variable_names, ["shop", "number"])
        self.assertEqual(template.samples, {"shop": "", "number": "S001"})
        self.assertFalse(template.binding_ids)

    def test_bindings_are_kept_changed_and_removed(self):
        template = self.draft(bindings=BOUND)
        kept = template.binding_ids
        template.bindings = {
            "name": {"source": "lead", "path": "partner_name"},
            "number": {"source": "lead", "path": "name"},
        }
        self.assertIn(kept, template.binding_ids)
        self.assertEqual(kept.source, "lead")
        template.bindings = {"name": {"source": "lead", "path": " "}}
        self.assertFalse(template.binding_ids)

    def test_bad_bindings_are_refused(self):
        template = self.draft()
        for bad in ("x", ["x"], {"name": "x"}, {"name": {"source": "cron"}}):
            with self.subTest(bad), self.assertRaises(UserError):
                template.bindings = bad
        path = {"name": {"source": "partner", "path": "nonsense"}}
        with self.assertRaises(ValidationError):
            template.bindings = path

    def test_buttons_are_stored_in_one_shape(self):
        template = self.draft(buttons=[{"kind": "reply", "text": " Call\0 me "}, 3])
        self.assertEqual(
            template.buttons,
            [{"kind": "reply", "text": "Call me", "value": "", "payload": "Call me"}],
        )

    def test_rubbish_from_a_client_is_stored_as_an_empty_template(self):
        template = self.draft(
            buttons=[{"kind": "url", "text": {"a": 1}, "value": 3}, None, []],
            samples={"name": 5, "number": None, "x": {}},
            header="{{" + "1" * 5000 + "}}",
        )
        empty = {"kind": "url", "text": "", "value": "", "payload": ""}
        self.assertEqual(template.buttons, [empty])
        self.assertEqual(template.samples["name"], "5")
        self.assertTrue(template.advice)
        template.write({"buttons": "x", "samples": 3})
        self.assertFalse(template.buttons)
        with self.assertRaises(UserError):
            template.action_submit()

    def test_nobody_writes_what_only_the_provider_decides(self):
        template = self.draft()
        for values in (
            {"state": "approved"},
            {"provider_reference": "HX1"},
            {"rejection_reason": "x"},
            {"use": "never"},
            {"needs_approval": True},
            {"submitting_at": "2026-01-01"},
        ):
            with self.subTest(values):
                with self.assertRaisesRegex(UserError, "Only the provider"):
                    template.write(values)
                with self.assertRaisesRegex(UserError, "Only the provider"):
                    self.draft(**values)
        templates = self.env["messaging.template"].with_user(self.manager)
        with self.assertRaisesRegex(UserError, "Only the provider"):
            templates.with_context(default_state="approved").create(
                {"account_id": self.account.id, **DRAFT}
            )

    def test_what_the_provider_has_is_not_changed_any_more(self):
        template = self.draft()
        template.sudo().write({"provider_reference": "HX1", "state": "rejected"})
        self.assertFalse(template.is_draft)
        for values in (
            {"body": "Other text"},
            {"name": "other"},
            {"language": "es"},
            {"language_choice": "es"},
            {"buttons": []},
            {"samples": {}},
        ):
            with (
                self.subTest(values),
                self.assertRaisesRegex(UserError, "duplicate it"),
            ):
                template.write(values)
        # These are ours.
        template.write({"bindings": BOUND, "active": False})
        self.assertEqual(template.binding_ids.field_path, "name")

    def test_a_duplicate_is_a_draft_of_the_next_name(self):
        template = self.draft(bindings=BOUND, buttons=[{"kind": "reply", "text": "A"}])
        template.sudo().write(
            {
                "provider_reference": "HX1",
                "state": "rejected",
                "rejection_reason": "Bad",
                "use": "in_window",
            }
        )
        action = template.action_duplicate()
        copy = self.env["messaging.template"].browse(action["res_id"])
        self.assertTrue(copy.is_draft)
        self.assertEqual(copy.name, "offer_2")
        self.assertFalse(copy.rejection_reason)
        self.assertEqual(copy.use, "anytime")
        self.assertEqual(copy.bindings, BOUND)
        self.assertEqual(copy.buttons, template.buttons)
        self.assertEqual(copy.copy().name, "offer_3")

    def test_the_form_gives_advice_while_typing(self):
        templates = self.env["messaging.template"].with_user(self.manager)
        new = templates.new({"account_id": self.account.id, **DRAFT})
        self.assertFalse(new.advice)
        new.update({"name": "Bad name", "language_choice": False})
        new.body = "{{name}} ready?"
        places = {(each["place"], each["is_warning"]) for each in new.advice}
        self.assertEqual(places, {("name", False), ("body", False), ("body", True)})
        new.bindings = {"name": {"source": "partner", "path": "image_1920"}}
        self.assertIn("can't be put", json.dumps(new.advice))

    def test_the_form_offers_languages_by_name(self):
        languages = dict(self.env["messaging.template"]._language_selection())
        self.assertEqual(languages["pt_BR"], "Portuguese (Brazil)")
        with Form(self.draft()) as form:
            form.language_choice = "pt_BR"
        self.assertEqual(form.record.language, "pt_BR")
        self.assertEqual(form.record.language_name, "Portuguese (Brazil)")


class TestSampleFile(DraftCase):
    def file(self, user=None, content=PNG, name="bike.png", **values):
        values = {"name": name, "raw": content, **values}
        values.setdefault("res_model", "messaging.template")
        return self.env["ir.attachment"].with_user(user or self.manager).create(values)

    def said(self, template):
        return " ".join(sentence for _place, sentence in template._problems())

    def test_a_header_with_a_file_has_an_address_of_ours(self):
        template = self.draft(media_kind="image", sample_attachment_id=self.file().id)
        origin = self.account._webhook_origin()
        self.assertEqual(template.media_url, f"{origin}/messaging/media/{{{{file}}}}")
        self.assertEqual(template.variable_names, ["name", "number", "file"])
        self.assertEqual(template.sample_attachment_id.res_id, template.id)
        template.write({"body": "Hello {{1}} and {{2}} there."})
        self.assertEqual(template.variable_names, ["1", "2", "3"])
        template.media_kind = False
        self.assertFalse(template.media_url)
        self.assertFalse(template.sample_attachment_id)

    def test_the_files_variable_has_a_name_that_is_free(self):
        for body, expected in (
            ("Hello {{file}} and {{file0}} there.", "file1"),
            ("Hello {{²}} and {{٣}} there.", "file"),
            ("Hello {{name}} and {{7}} there.", "8"),
        ):
            with self.subTest(body):
                template = self.draft(media_kind="image", body=body)
                self.assertEqual(template.variable_names[-1], expected)

    def test_a_file_needs_a_type_that_the_header_shows(self):
        with self.provider(None):
            template = self.draft(media_kind="image")
            self.assertIn("Choose a sample file", self.said(template))
            template.sample_attachment_id = self.file()
            self.assertEqual(self.said(template), "")
            template.media_kind = "document"
            self.assertIn("can't show files of this type", self.said(template))
            template.sample_attachment_id = self.file(content=b"%PDF-1.4\n%%EOF")
            self.assertEqual(self.said(template), "")
            template.sample_attachment_id = self.file(content=b"<svg/>", name="a.svg")
            self.assertIn("can't show files of this type", self.said(template))

    def test_the_file_of_somebody_else_is_refused(self):
        private = self.file(self.system)
        note = self.file(self.env.user, res_model="res.partner", res_id=1)
        other = self.draft(media_kind="image", sample_attachment_id=self.file().id)
        for file in (private, note, other.sample_attachment_id):
            with self.subTest(file.name), self.assertRaises(UserError):
                self.draft(media_kind="image", sample_attachment_id=file.id)

    def test_a_duplicate_has_its_own_file(self):
        template = self.draft(media_kind="image", sample_attachment_id=self.file().id)
        copy = template.copy()
        self.assertTrue(copy.sample_attachment_id)
        self.assertNotEqual(copy.sample_attachment_id, template.sample_attachment_id)
        self.assertEqual(copy.sample_attachment_id.res_id, copy.id)
