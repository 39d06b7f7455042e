from dataclasses import replace
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ...providers.errors import (
    InvalidPayload,
    Reason,
    Refused,
    Unsettled,
)
from ...providers.events import Template, TemplateButton
from ..common import PNG, MessagingHttpCase
from .draft_case import DraftCase


def taken(template):
    return replace(template, reference="HX1", state="pending", needs_approval=True)


class TestSubmission(DraftCase):
    def test_a_submitted_template_waits_for_approval(self):
        template = self.draft(
            header="News",
            footer="Bye",
            buttons=[{"kind": "url", "text": "Look", "value": "https://a.example"}],
        )
        with self.provider(taken) as got:
            action = template.action_submit()
        self.assertEqual(action["params"]["type"], "success")
        self.assertEqual(template.state, "pending")
        self.assertEqual(template.provider_reference, "HX1")
        self.assertTrue(template.needs_approval)
        self.assertEqual(template.channel_ids, self.whatsapp | self.private)
        self.assertFalse(template.submitting_at)
        button = TemplateButton("url", "Look", "https://a.example")
        self.assertEqual(
            got,
            [
                Template(
                    reference="",
                    name="offer",
                    language="en_US",
                    body="Hello {{name}}, your offer {{number}} is ready.",
                    category="utility",
                    header="News",
                    footer="Bye",
                    buttons=(button,),
                    variables={"name": "Ana", "number": "S001"},
                )
            ],
        )

    def test_a_manager_without_other_rights_submits_a_template_with_a_file(self):
        file = self.env["ir.attachment"].with_user(self.manager)
        values = {"name": "a.png", "raw": PNG, "res_model": "messaging.template"}
        file = file.create(values)
        template = self.draft(media_kind="image", sample_attachment_id=file.id)
        self.assertFalse(self.manager.has_group("base.group_system"))
        with self.provider(taken) as got:
            template.action_submit()
        self.assertTrue(got[0].variables["file"].endswith("/sample.png"))
        self.assertEqual(list(got[0].variables), ["name", "number", "file"])

    def test_a_submitted_template_is_not_submitted_again(self):
        template = self.draft()
        with self.provider(taken) as got:
            template.action_submit()
            with self.assertRaisesRegex(UserError, "already submitted"):
                template.action_submit()
        self.assertEqual(len(got), 1)

    def test_what_came_from_the_provider_is_not_submitted_from_here(self):
        template = self.draft()
        template.sudo().provider_reference = "HX1"
        with self.provider(taken) as got, self.assertRaisesRegex(UserError, "already"):
            template.action_submit()
        self.assertFalse(got)

    def test_a_second_click_meanwhile_is_refused(self):
        template = self.draft()

        def slow(value):
            with self.assertRaisesRegex(UserError, "right now"):
                template.action_submit()
            with self.assertRaisesRegex(UserError, "duplicate it"):
                template.body = "Changed meanwhile"
            return taken(value)

        with self.provider(slow) as got:
            template.action_submit()
        self.assertEqual(len(got), 1)

    def test_a_submission_that_was_cut_off_may_be_repeated(self):
        template = self.draft()
        before = fields.Datetime.now() - timedelta(minutes=3)
        template.sudo().submitting_at = before
        with self.provider(taken):
            template.action_submit()
        self.assertEqual(template.state, "pending")

    def test_a_template_that_breaks_a_rule_reaches_no_provider(self):
        template = self.draft(body="{{name}} is first", samples={})
        with self.provider(taken) as got, self.assertRaisesRegex(UserError, "first or"):
            template.action_submit()
        self.assertFalse(got)
        self.assertFalse(template.submitting_at)

    def test_an_account_that_cannot_send_it_refuses(self):
        template = self.draft()
        self.account.state = "error"
        with self.provider(taken), self.assertRaisesRegex(UserError, "Connect"):
            template.action_submit()
        self.account.state = "connected"
        (self.whatsapp | self.private).active = False
        with self.provider(taken), self.assertRaisesRegex(UserError, "No channel"):
            template.action_submit()

    def test_a_refusal_shows_its_reason_and_leaves_the_draft(self):
        template = self.draft()
        error = Refused(Reason.OTHER, "20001", "Bad language")
        with self.provider(error):
            action = template.action_submit()
        self.assertEqual(action["params"]["type"], "danger")
        self.assertIn("20001 Bad language", template.submission_error)
        self.assertTrue(template.is_draft)
        with self.provider(taken):
            template.action_submit()
        self.assertFalse(template.submission_error)

    def test_an_uncertain_outcome_asks_for_a_sync(self):
        for error in (Unsettled(Reason.NO_CONNECTION), KeyError("x")):
            template = self.draft()
            with (
                self.provider(error),
                mute_logger("odoo.addons.messaging_inbox.models.template.submission"),
            ):
                template.action_submit()
            self.assertIn("sync the templates", template.submission_error)
            self.assertTrue(template.is_draft)

    def test_an_answer_that_makes_no_sense_is_a_refusal(self):
        template = self.draft()
        with self.provider(InvalidPayload("Nonsense.")):
            template.action_submit()
        self.assertIn("Nonsense.", template.submission_error)

    def test_what_is_created_but_not_taken_for_approval_says_so(self):
        template = self.draft()

        def half(value):
            reason = "Name exists"
            return replace(value, reference="HX1", rejection_reason=reason)

        with self.provider(half):
            action = template.action_submit()
        self.assertEqual(action["params"]["type"], "danger")
        self.assertFalse(template.is_draft)
        self.assertIn("Name exists", template.submission_error)
        with self.provider(taken) as got:
            template.action_submit()
        self.assertEqual(got[0].reference, "HX1")
        self.assertEqual(template.state, "pending")
        self.assertFalse(template.submission_error)

    def test_a_sync_during_the_submission_makes_no_second_template(self):
        template = self.draft()

        def synced(value):
            template.sudo().copy({"provider_reference": "HX1", "state": "pending"})
            return taken(value)

        with self.provider(synced):
            template.action_submit()
        same = [("provider_reference", "=", "HX1")]
        self.assertEqual(self.env["messaging.template"].search(same), template)


class TestSampleRoute(MessagingHttpCase, DraftCase):
    def setUp(self):
        super().setUp()
        file = self.env["ir.attachment"].create(
            {"name": "Bike.png", "raw": PNG, "res_model": "messaging.template"}
        )
        self.template = self.draft(self.env.user, media_kind="image")
        self.template.sample_attachment_id = file
        with self.provider(taken) as got:
            self.template.action_submit()
        self.sample = got[0].variables["file"]

    def test_the_provider_fetches_the_sample(self):
        self.assertTrue(self.sample.endswith("/sample.png"))
        answer = self.url_open(f"/messaging/media/{self.sample}")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.content, PNG)
        self.assertEqual(answer.headers["Content-Type"], "image/png")
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")

    def test_another_file_or_signature_is_not_found(self):
        forged = self.sample.replace(self.sample[10:20], "A" * 10)
        self.assertEqual(self.url_open(f"/messaging/media/{forged}").status_code, 404)
        self.template.sudo().sample_attachment_id = False
        answer = self.url_open(f"/messaging/media/{self.sample}")
        self.assertEqual(answer.status_code, 404)
