"""Emails: one about unread messages, after a delay, if still wanted."""

from datetime import timedelta

from odoo import fields
from odoo.tools import html2plaintext, mute_logger

from ..common import CUSTOMER
from .notification_case import NotificationCase


class TestNotificationEmail(NotificationCase):
    def setUp(self):
        super().setUp()
        self.ask_for(self.agent, "mine_email", "unassigned_email", "assigned_email")

    def mine(self):
        conversation = self.conversation()
        conversation.with_user(self.agent).action_assign(self.agent.id)
        conversation.action_mark_read()
        self.settle()
        return conversation

    # timing

    def test_an_email_waits_five_minutes(self):
        self.receive()
        self.notify()
        self.wait(4)
        self.assertEqual(self.take_mails(), 0)
        self.wait(1)
        self.assertEqual(self.take_mails(), 1)

    def test_administrators_can_set_the_delay(self):
        parameters = self.env["ir.config_parameter"]
        for value, minutes in (("2", 2), ("0", 0), ("soon", 5), ("", 5)):
            with self.subTest(value):
                parameters.set_param("messaging_inbox.email_delay", value)
                notifications = self.env["messaging.notification"]
                delay = notifications._delay().total_seconds() / 60
                self.assertEqual(delay, minutes)

    def test_a_message_read_before_the_delay_causes_no_email(self):
        conversation = self.conversation()
        self.notify()
        conversation.with_user(self.agent).action_mark_read()
        self.wait()
        self.assertEqual(self.take_mails(), 0)
        self.assertFalse(self.env["messaging.notification"].search([]))

    def test_an_answer_counts_as_read(self):
        conversation = self.conversation()
        self.notify()
        self.sent(conversation.with_user(self.agent))
        self.wait()
        self.assertEqual(self.take_mails(), 0)

    def test_a_message_read_by_a_colleague_stays_unread_for_me(self):
        conversation = self.conversation()
        self.notify()
        conversation.with_user(self.colleague).action_mark_read()
        self.wait()
        self.assertEqual(self.take_mails(self.agent), 1)

    def test_closing_before_the_delay_sends_no_email(self):
        conversation = self.conversation()
        self.notify()
        conversation.with_user(self.colleague).action_close()
        self.wait()
        self.assertEqual(self.take_mails(), 0)

    def test_a_burst_is_one_email_and_no_other_follows_until_opened(self):
        for _ in range(3):
            self.receive()
        self.wait()
        self.assertEqual(self.take_mails(), 1)
        conversation = self.conversation()
        self.wait(60)
        self.assertEqual(self.take_mails(), 0)
        conversation.with_user(self.agent).action_mark_read()
        self.receive()
        self.wait()
        self.assertEqual(self.take_mails(), 1)

    def test_marking_unread_counts_as_seen(self):
        conversation = self.conversation().with_user(self.agent)
        self.wait()
        self.assertEqual(self.take_mails(), 1)
        conversation.action_mark_read()
        conversation.action_mark_unread()
        self.wait()
        self.assertEqual(self.take_mails(), 0)
        self.receive()
        self.wait()
        self.assertEqual(self.take_mails(), 1)

    def test_the_delay_of_a_burst_starts_at_its_first_unread_message(self):
        conversation = self.conversation()
        self.wait(3)
        conversation.with_user(self.agent).action_mark_read()
        self.receive()
        self.wait(3)
        self.assertEqual(self.take_mails(), 0)
        self.receive()
        self.wait(2)
        self.assertEqual(self.take_mails(), 1)

    def test_no_email_without_a_new_message(self):
        """Neither switching emails on later nor marking unread sends one."""
        self.ask_for(self.agent)
        conversation = self.conversation()
        self.settle()
        self.ask_for(self.agent, "unassigned_email")
        conversation.with_user(self.agent).action_mark_read()
        conversation.with_user(self.agent).action_mark_unread()
        conversation.with_user(self.colleague).action_assign(self.colleague.id)
        conversation.with_user(self.colleague).action_unassign()
        self.wait()
        self.assertEqual(self.take_mails(), 0)

    # recipients, as of the due time

    def test_a_switch_turned_off_before_the_delay_prevents_the_email(self):
        self.receive()
        self.notify()
        self.ask_for(self.agent)
        self.wait()
        self.assertEqual(self.take_mails(), 0)

    def test_the_assignee_at_the_due_time_decides_the_kind(self):
        self.ask_for(self.agent, "mine_email")
        self.ask_for(self.colleague, "unassigned_email")
        conversation = self.conversation()
        self.wait(2)
        conversation.with_user(self.manager).action_assign(self.agent.id)
        self.wait(3)
        self.assertEqual(self.take_mails(self.agent), 1)
        self.assertEqual(self.take_mails(self.colleague), 0)

    def test_a_former_assignee_gets_no_email(self):
        conversation = self.mine()
        self.receive()
        self.notify()
        conversation.with_user(self.manager).action_assign(self.colleague.id)
        self.wait()
        self.assertEqual(self.take_mails(), 0)

    def test_only_the_last_assignee_gets_an_email(self):
        self.ask_for(self.colleague, "assigned_email")
        self.ask_for(self.agent, "assigned_email")
        conversation = self.conversation().with_user(self.manager)
        conversation.action_assign(self.agent.id)
        self.notify()
        conversation.action_assign(self.colleague.id)
        self.wait()
        self.assertEqual(self.take_mails(self.agent), 0)
        self.assertEqual(self.take_mails(self.colleague), 1)

    def test_an_assignment_opened_or_handled_causes_no_email(self):
        ways = {
            "opened": lambda c: c.inbox_open(c.id),
            "shown after it was loaded": lambda c: c.inbox_presence(
                c.id, "viewing", is_new=True
            ),
            "answered": lambda c: c.reply("Yes"),
            "noted": lambda c: c.action_note("Mine"),
            "closed": lambda c: c.action_close(),
        }
        self.ask_for(self.agent, "assigned_email")
        for name, use in ways.items():
            with self.subTest(name):
                conversation = self.customers(1)
                conversation.with_user(self.manager).action_assign(self.agent.id)
                self.notify()
                use(conversation.with_user(self.agent))
                self.wait()
                self.assertEqual(self.take_mails(), 0)

    def test_an_assignment_only_loaded_ahead_causes_an_email(self):
        self.ask_for(self.agent, "assigned_email")
        conversation = self.mine_by_manager().with_user(self.agent)
        conversation.inbox_open(conversation.id, ahead=True)
        conversation.inbox_presence(conversation.id, "gone", is_new=True)
        self.wait()
        self.assertEqual(self.take_mails(), 1)

    def test_a_colleague_opening_it_does_not_cancel_my_email(self):
        conversation = self.mine_by_manager()
        conversation.with_user(self.colleague).inbox_open(conversation.id)
        self.wait()
        self.assertEqual(self.take_mails(self.agent), 1)

    def mine_by_manager(self):
        conversation = self.customers(1)
        conversation.with_user(self.manager).action_assign(self.agent.id)
        self.notify()
        return conversation

    def test_a_second_assignment_is_emailed_once_the_first_was_seen(self):
        self.ask_for(self.agent, "assigned_email")
        conversation = self.mine_by_manager().with_user(self.manager)
        self.wait()
        self.assertEqual(self.take_mails(), 1)
        conversation.action_unassign()
        conversation.action_assign(self.agent.id)
        self.wait()
        self.assertEqual(self.take_mails(), 0)
        conversation.with_user(self.agent).inbox_open(conversation.id)
        conversation.action_unassign()
        conversation.action_assign(self.agent.id)
        self.wait()
        self.assertEqual(self.take_mails(), 1)

    def test_an_assignment_and_unread_messages_share_one_email(self):
        self.ask_for(self.agent, "mine_email", "assigned_email")
        conversation = self.conversation()
        self.wait(2)
        conversation.with_user(self.manager).action_assign(self.agent.id)
        self.wait(10)
        mail = self.mails()
        self.assertEqual(len(mail), 1)
        self.assertIn("was assigned to you", mail.subject)

    def test_users_who_handle_notifications_in_odoo_get_these_emails(self):
        self.agent.notification_type = "inbox"
        self.receive()
        self.wait()
        self.assertEqual(self.take_mails(self.agent), 1)

    def test_a_user_without_an_address_does_not_block_the_emails_of_others(self):
        self.ask_for(self.colleague, "unassigned_email")
        self.agent.email = "nobody"
        self.receive()
        self.wait()
        self.assertEqual(self.take_mails(), 1)

    # content

    def email(self, **fields):
        self.receive(**fields)
        self.wait()
        mail = self.mails(self.agent)
        self.assertEqual(len(mail), 1)
        return mail

    def test_it_shows_the_customer_the_channel_and_the_last_messages(self):
        for number in range(7):
            self.receive(f"Text {number}")
        self.sent(self.conversation("Last").with_user(self.colleague), "Ours")
        self.env["messaging.conversation"].search([]).with_user(
            self.colleague
        ).action_note("Between us")
        self.wait()
        mail = self.mails(self.agent)
        text = html2plaintext(mail.body_html)
        self.assertIn("Ana", mail.subject)
        self.assertIn(self.whatsapp.name, text)
        shown = [f"Text {number}" for number in range(7) if f"Text {number}" in text]
        self.assertEqual(shown, ["Text 4", "Text 5", "Text 6"])
        self.assertIn("Last", text)
        self.assertIn("Ours", text)
        self.assertNotIn("Between us", text)

    def test_it_links_to_the_conversation_and_explains_the_settings(self):
        mail = self.email()
        conversation = self.env["messaging.conversation"].search([])
        url = f"{conversation.get_base_url()}/odoo/messaging/{conversation.id}"
        self.assertIn(f'href="{url}"', mail.body_html)
        self.assertIn("bell", mail.body_html)

    def test_customers_text_is_escaped(self):
        mail = self.email(body="<img src=x onerror=alert(1)>", ProfileName="<b>Ana</b>")
        self.assertIn("&lt;img src=x", mail.body_html)
        self.assertNotIn("<img src=x", mail.body_html)
        self.assertNotIn("<b>Ana</b>", mail.body_html)

    def test_whatsapp_formatting_is_rendered(self):
        mail = self.email(body="*Now* <b>_or_ ~never~")
        self.assertIn(
            "<strong>Now</strong> &lt;b&gt;<em>or</em> <s>never</s>", mail.body_html
        )

    def test_line_breaks_in_a_name_are_removed_from_the_subject(self):
        mail = self.email(ProfileName="Ana\r\nBcc: everybody@example.com")
        self.assertEqual(
            mail.subject, "New message from Ana Bcc: everybody@example.com"
        )

    def test_it_is_in_the_language_and_time_zone_of_its_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.agent.write({"lang": "fr_FR", "tz": "Asia/Tokyo"})
        message = self.receive()
        message.sent_at = "2026-03-02 20:30:00"
        self.wait()
        text = html2plaintext(self.mails(self.agent).body_html)
        self.assertIn("Asia/Tokyo", text)
        self.assertRegex(text, r"3 mars 2026|03/03/2026")
        self.assertIn("05:30", text)

    def test_the_sender_is_the_company_or_else_odoobot(self):
        bot = self.env.ref("base.partner_root")
        for address, sender in ((False, bot.email), ("shop@example.com", "shop@")):
            self.company.email = address
            mail = self.email(sender=f"+3463{next(self.sids):07d}")
            self.assertIn(sender, mail.email_from)
            mail.unlink()

    def test_a_file_is_mentioned(self):
        self.process(self.media_form("image/png"))
        self.wait()
        self.assertIn("Picture", self.mails(self.agent).body_html)

    def test_the_email_is_deleted_once_sent(self):
        mail = self.email()
        self.assertTrue(mail.auto_delete)
        self.assertEqual(mail.email_to, self.agent.email_formatted)
        self.assertFalse(mail.recipient_ids)

    def test_an_email_that_fails_to_render_does_not_block_others(self):
        other = self.conversation(sender="+34622222222")
        self.receive()
        email_values = type(self.env["messaging.notification"])._email_values

        def failing(notification, messages):
            if notification.conversation_id == other.with_env(notification.env):
                # The transaction is aborted until it is rolled back.
                self.env.cr.execute("SELECT 1 / 0")
            return email_values(notification, messages)

        self.patch(type(self.env["messaging.notification"]), "_email_values", failing)
        with self.assertLogs("odoo.addons.messaging_inbox", "ERROR"):
            with mute_logger("odoo.sql_db"):
                self.wait()
        self.assertEqual(self.take_mails(), 1)
        rows = self.env["messaging.notification"].search([])
        failed = rows.filtered(lambda row: row.state == "failed")
        self.assertEqual(failed.conversation_id, other.sudo())

    def test_one_failing_conversation_does_not_block_other_emails(self):
        bad = self.conversation(sender="+34622222222")
        self.receive()
        notify = type(self.env["messaging.notification"])._notify

        def failing(notifications, pending):
            if bad.id in pending:
                self.env.cr.execute("SELECT 1 / 0")
            return notify(notifications, pending)

        self.patch(type(self.env["messaging.notification"]), "_notify", failing)
        with self.assertLogs("odoo.addons.messaging_inbox", "ERROR") as logs:
            with mute_logger("odoo.sql_db"):
                self.wait()
        self.assertEqual(self.take_mails(), 1)
        self.assertIn(f"[{bad.id}]", logs.output[0])

    # the last result

    def last_email(self):
        me = self.agent.with_user(self.agent)
        return me.messaging_notification_settings()["doctor"]["last_email"]

    def test_the_dialog_shows_the_result_of_the_last_email(self):
        self.assertFalse(self.last_email())
        mail = self.email()
        self.assertEqual(self.last_email()["state"], "waiting")
        mail.write({"state": "exception", "failure_reason": "refused"})
        last = self.last_email()
        self.assertEqual((last["state"], last["error"]), ("failed", "refused"))
        mail.unlink()
        last = self.last_email()
        self.assertEqual((last["state"], last["error"]), ("sent", False))
        self.assertTrue(last["at"])

    def test_old_notifications_are_deleted(self):
        self.email()
        self.env["messaging.notification"].search([]).sent_at = "2020-01-01 00:00:00"
        self.env["messaging.notification"]._gc_sent()
        self.assertFalse(self.env["messaging.notification"].search([]))
        self.assertTrue(self.message_count())

    def message_count(self):
        return self.env["messaging.message"].search_count(
            [("conversation_id.contact_phone", "=", CUSTOMER)]
        )

    def test_the_end_of_a_snooze_is_emailed_to_its_assignee(self):
        self.ask_for(self.agent, "assigned_email")
        conversation = self.conversation("Hello")
        conversation.action_assign(self.agent.id)
        conversation.action_snooze(fields.Datetime.now() + timedelta(hours=1))
        self.settle()
        conversation.sudo().snoozed_until = fields.Datetime.now() - timedelta(minutes=1)
        conversation._end_next_snoozes()
        self.wait()
        mail = self.mails()
        self.assertEqual(
            mail.subject, f"The snooze of {conversation.display_name} is over"
        )
