from dataclasses import replace
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError

from ...providers.errors import Reason, Refused
from ...providers.twilio.provider import Twilio
from ..scripted import accepted, refused
from .sync_case import OFFER, READY, SyncCase


class TestSync(SyncCase):
    """Templates are as the provider has them."""

    # what it takes over

    def test_a_sync_makes_the_templates_of_the_provider(self):
        params = self.sync(READY, OFFER)
        self.assertEqual(params["message"], "Templates synced: 2.")
        template = self.template(READY)
        self.assertEqual(template.account_id, self.account)
        self.assertEqual(template.channel_ids, self.whatsapp + self.private)
        self.assertEqual(template.name, "bike_ready")
        self.assertEqual(template.language, "es")
        self.assertEqual(template.category, "utility")
        self.assertEqual(template.state, "approved")
        self.assertEqual(template.variable_names, ["1"])
        self.assertEqual(template.samples, {"1": "Ana"})
        (button,) = template.buttons
        self.assertEqual((button["kind"], button["text"]), ("reply", "Gracias"))
        self.assertTrue(self.account.templates_synced_at)
        self.assertEqual(self.account.template_count, 2)

    def test_changes_are_taken_over(self):
        self.sync(READY)
        template = self.template(READY)
        self.sync(replace(READY, body="Otro texto", state="paused"))
        self.assertEqual((template.body, template.state), ("Otro texto", "paused"))
        self.assertEqual(len(self.template(READY)), 1)

    def test_what_vanished_is_archived_and_comes_back(self):
        self.sync(READY, OFFER)
        template = self.template(READY)
        self.sync(OFFER)
        self.assertFalse(template.active)
        self.assertTrue(self.template(OFFER).active)
        self.sync(READY, OFFER)
        self.assertTrue(template.active)

    def test_a_template_that_a_manager_archived_stays_archived(self):
        self.sync(READY)
        template = self.template(READY)
        template.with_user(self.manager).active = False
        self.sync(READY)
        self.assertFalse(template.active)

    def test_drafts_stay(self):
        draft = (
            self.env["messaging.template"]
            .with_user(self.manager)
            .create(
                {
                    "account_id": self.account.id,
                    "name": "a",
                    "language": "en",
                    "body": "A",
                }
            )
        )
        self.sync(READY)
        self.assertTrue(draft.active)

    def test_bindings_stay(self):
        self.sync(READY)
        template = self.template(READY)
        values = {"variable": "1", "source": "partner", "field_path": "name"}
        template.with_user(self.manager).binding_ids = [(0, 0, values)]
        self.sync(replace(READY, state="paused"))
        self.assertEqual(template.binding_ids.field_path, "name")

    def test_a_new_channel_gets_the_templates(self):
        self.sync(READY)
        number = {"name": "New", "kind": "whatsapp", "address": "+34600000009"}
        channel = self.whatsapp.create({"account_id": self.account.id, **number})
        self.sync(READY)
        self.assertIn(channel, self.template(READY).channel_ids)

    def test_a_template_of_a_file_alone_has_no_text(self):
        self.sync(replace(READY, body="", media_kind="image", variables={}))
        self.assertFalse(self.template(READY).body)

    def test_an_unknown_category_is_none(self):
        self.sync(replace(READY, category="new_word"))
        self.assertFalse(self.template(READY).category)

    def test_a_sync_that_finds_nothing_new_writes_no_template(self):
        templates = [replace(READY, reference=f"HX{n}") for n in range(100)]
        self.sync(*templates)
        before = max(self.template(each).write_date for each in templates[:3])
        self.env.flush_all()
        with self.assertQueryCount(40):
            self.sync(*templates)
        after = max(self.template(each).write_date for each in templates[:3])
        self.assertEqual(before, after)

    def test_a_template_that_is_listed_twice_is_stored_once(self):
        self.sync(READY, READY)
        self.assertEqual(len(self.template(READY)), 1)
        self.sync(READY, READY)
        self.assertTrue(self.template(READY).active)

    def test_a_draft_whose_submission_got_lost_becomes_the_template(self):
        draft = self.lost_draft()
        self.sync(READY)
        self.assertEqual(self.template(READY), draft)
        self.assertEqual((draft.state, draft.submission_error), ("approved", False))

    def test_a_draft_with_another_text_stays_a_draft(self):
        draft = self.lost_draft(body="Otro texto")
        self.sync(READY)
        self.assertNotEqual(self.template(READY), draft)
        self.assertTrue(draft.is_draft)

    def test_a_refusal_is_forgotten_once_the_provider_takes_the_template(self):
        self.sync(replace(OFFER, state="unsubmitted"))
        template = self.template(OFFER)
        template.submission_error = "The category is missing."
        self.sync(replace(OFFER, state="unsubmitted"))
        self.assertTrue(template.submission_error)
        self.sync(OFFER)
        self.assertFalse(template.submission_error)

    def lost_draft(self, **values):
        draft = self.env["messaging.template"].create(
            {
                "account_id": self.account.id,
                "name": READY.name,
                "language": READY.language,
                "body": READY.body,
                **values,
            }
        )
        draft.submission_error = "The provider doesn't answer."
        return draft

    # problems

    def test_an_error_is_shown_and_changes_no_template(self):
        self.sync(READY)
        self.http.answers = [refused(403, 20403, "Forbidden")]
        self.account.with_user(self.manager).action_sync_templates()
        self.assertTrue(self.account.templates_error)
        self.assertTrue(self.template(READY).active)
        self.sync(READY)
        self.assertFalse(self.account.templates_error)

    def test_managers_are_called_when_a_template_is_rejected(self):
        self.sync(OFFER)
        reason = "The text is misleading."
        self.sync(replace(OFFER, state="rejected", rejection_reason=reason))
        (activity,) = self.activities(OFFER).filtered(
            lambda a: a.user_id == self.manager
        )
        self.assertEqual(activity.summary, "Template offer (English): Rejected")
        self.assertIn(reason, activity.note)
        self.assertNotIn(self.agent, self.activities(OFFER).user_id)
        count = len(self.activities(OFFER))
        self.sync(replace(OFFER, state="rejected", rejection_reason=reason))
        self.assertEqual(len(self.activities(OFFER)), count, "once")

    def test_the_activity_ends_with_the_approval(self):
        self.sync(READY)
        self.sync(replace(READY, state="paused"))
        self.assertTrue(self.activities(READY))
        self.sync(READY)
        self.assertFalse(self.activities(READY))

    def test_each_manager_is_called_in_their_language_and_archived_ones_are_not(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.manager.lang = "es_ES"
        gone = self.manager.copy({"login": "gone", "active": False})
        self.sync(READY)
        self.sync(replace(READY, state="paused"))
        called = self.activities(READY)
        self.assertNotIn(gone, called.with_context(active_test=False).user_id)
        self.assertNotIn(self.env.ref("base.user_root"), called.user_id)
        by_user = {each.user_id: each.summary for each in called}
        self.assertIn("Español", by_user[self.manager])
        self.assertIn("Spanish", by_user[self.installer])

    def test_old_rejections_call_nobody(self):
        self.sync(replace(OFFER, state="rejected"))
        self.assertFalse(self.activities(OFFER))

    # when

    def test_errors_of_a_stale_template_ask_for_one_sync(self):
        self.sync(READY)
        conversations = self.customers(2)
        for conversation in conversations:
            conversation.send_template(self.template(READY).id, {"1": "Ana"})
        account = self.account.sudo()
        self.assertFalse(account.templates_due)
        self.send_queued(refused(400, 21655), refused(400, 21655))
        self.assertTrue(account.templates_due)
        self.assertIn(account, account._accounts_to_sync())
        self.sync(READY)
        self.assertFalse(account.templates_due)
        self.assertNotIn(account, account._accounts_to_sync())

    def test_a_callback_about_a_stale_template_asks_for_a_sync(self):
        self.sync(READY)
        message = self.sent()
        sid = message.provider_message_id
        self.process(self.status_form(sid, "undelivered", ErrorCode="63041"))
        self.assertTrue(self.account.sudo().templates_due)

    def test_a_missing_window_means_that_the_template_is_not_approved(self):
        self.sync(READY)
        conversation = self.conversation()
        ids = conversation.send_template(self.template(READY).id, {"1": "Ana"})
        self.send_queued(accepted())
        message = self.message(ids)
        sid = message.provider_message_id
        self.process(self.status_form(sid, "undelivered", ErrorCode="63016"))
        self.assertIn("isn't approved yet", message.failure_reason)
        self.assertTrue(self.account.sudo().templates_due)

    def test_a_missing_window_for_a_text_says_nothing_about_templates(self):
        self.sync(READY)
        message = self.sent()
        sid = message.provider_message_id
        self.process(self.status_form(sid, "undelivered", ErrorCode="63016"))
        self.assertIn("reply window is closed", message.failure_reason)
        self.assertFalse(self.account.sudo().templates_due)

    def test_connecting_asks_for_a_sync(self):
        self.account.sudo()._set_connected()
        self.assertTrue(self.account.sudo().templates_due)

    def test_an_account_without_templates_is_not_asked(self):
        meta = self.env["messaging.account"].create(
            {"name": "Meta", "provider": "messenger", "state": "connected"}
        )
        self.assertFalse(meta.has_templates)
        meta._ask_template_sync()
        self.assertFalse(meta.sudo().templates_due)

    def test_an_archived_account_is_left_alone(self):
        self.account.sudo().write({"active": False, "templates_due": True})
        self.assertNotIn(self.account, self.account.sudo()._accounts_to_sync())

    def test_a_refused_login_is_a_sentence(self):
        def fails(_provider):
            raise Refused(Reason.BAD_CREDENTIALS)

        with patch.object(Twilio, "templates", fails):
            action = self.account.with_user(self.manager).action_sync_templates()
        self.assertEqual(action["params"]["type"], "danger")

    # rights

    def test_only_who_may_edit_the_account_syncs(self):
        for user in (self.agent, self.portal, self.stranger):
            with self.assertRaises(AccessError):
                self.account.with_user(user).action_sync_templates()
        self.assertTrue(self.sync(READY, user=self.installer))

    def test_agents_read_the_templates_of_channels_that_they_see(self):
        self.sync(READY)
        template = self.template(READY)
        self.assertTrue(template.with_user(self.agent).body)
        template.sudo().channel_ids = self.private
        template.invalidate_recordset()
        with self.assertRaises(AccessError):
            template.with_user(self.agent).read(["body"])
        self.assertTrue(template.with_user(self.installer).body)

    def test_others_read_no_template(self):
        self.sync(READY)
        for user in (self.portal, self.stranger):
            with self.assertRaises(AccessError):
                self.template(READY).with_user(user).read(["body"])

    def test_a_template_of_the_provider_is_not_deleted(self):
        self.sync(READY)
        template = self.template(READY).with_user(self.manager)
        with self.assertRaisesRegex(UserError, "archive"):
            template.unlink()

    def test_no_user_says_that_it_vanished(self):
        self.sync(READY)
        with self.assertRaises(UserError):
            self.template(READY).with_user(self.manager).is_gone = True
