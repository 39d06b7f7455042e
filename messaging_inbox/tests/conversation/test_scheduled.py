from datetime import timedelta
from uuid import uuid4

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError

from ..common import MessagingCase
from ..template_case import TemplateCase

LATER = timedelta(hours=3)


class TestScheduled(MessagingCase):
    """A scheduled message leaves at its time as its author's reply, or says why not."""

    def setUp(self):
        super().setUp()
        self.thread = self.conversation()
        self.at = fields.Datetime.now().replace(microsecond=0) + LATER

    def schedule(self, body="Good morning", **options):
        id_ = self.thread.action_schedule(self.at, body, **options)
        return self.env["messaging.scheduled"].with_user(self.agent).browse(id_)

    def pass_time(self, moment=None):
        with freeze_time(moment or self.at + timedelta(seconds=1)):
            while self.env["messaging.scheduled"]._send_next():
                pass
        self.env.invalidate_all()

    def values(self):
        return self.thread.inbox_scheduled(self.thread.id)

    def outbound(self):
        messages = self.thread.sudo().message_ids
        return messages.filtered(lambda m: m.direction == "outbound")

    # leaving

    def test_it_waits_in_the_thread_and_leaves_at_its_time(self):
        file = self.attachment(self.thread)
        one = self.schedule(attachment_ids=file.ids, reply_to_id=self.last().id)
        [value] = self.thread.inbox_open(self.thread.id)["scheduled"]
        self.assertEqual(
            (value["id"], value["body"], value["send_at"], value["is_cancelled"]),
            (one.id, "Good morning", fields.Datetime.to_string(self.at), False),
        )
        self.assertEqual([each["name"] for each in value["files"]], [file.name])
        self.pass_time(self.at - timedelta(seconds=1))
        self.assertFalse(self.outbound())
        self.pass_time()
        sent = self.outbound()
        self.assertEqual(sent.author_id, self.agent)
        self.assertEqual(sent.sorted("part")[:1].body, "Good morning")
        self.assertEqual(sent.attachment_ids, file)
        self.assertEqual(sent.reply_to_id, self.last())
        self.assertEqual(self.thread.last_message_id, max(sent.ids))
        self.assertFalse(one.exists() or self.values())

    def last(self):
        inbound = self.thread.message_ids.filtered(lambda m: m.direction == "inbound")
        return inbound.sorted("id")[-1:]

    def test_a_repeated_request_schedules_once(self):
        client_uuid = str(uuid4())
        one = self.schedule(client_uuid=client_uuid)
        self.assertEqual(self.schedule(client_uuid=client_uuid), one)
        self.pass_time()
        self.assertEqual(
            self.thread.reply("Good morning", client_uuid=client_uuid)[0],
            self.outbound().id,
        )

    def test_the_customers_message_cancels_it_if_the_author_chose_so(self):
        kept = self.schedule("Anyway", cancel_on_answer=False)
        cancelled = self.schedule("Only if silent")
        self.receive("I'm back")
        self.assertEqual(
            {value["id"]: value["is_cancelled"] for value in self.values()},
            {kept.id: False, cancelled.id: True},
        )
        self.pass_time()
        self.assertEqual(self.outbound().body, "Anyway")
        self.assertTrue(cancelled.exists())
        # The customer's message isn't read by somebody who isn't there.
        self.assertTrue(self.thread.unread_count)

    def test_a_cancelled_one_can_be_sent_or_given_another_time(self):
        one, other = self.schedule("One"), self.schedule("Other")
        self.receive("I'm back")
        one.action_send_now()
        self.assertEqual(self.outbound().body, "One")
        other.action_reschedule(self.at + timedelta(hours=1))
        self.pass_time()
        self.assertFalse(self.values()[0]["is_cancelled"])
        self.pass_time(self.at + timedelta(hours=2))
        self.assertEqual(set(self.outbound().mapped("body")), {"One", "Other"})

    def test_what_stands_in_the_way_at_its_time_is_told(self):
        one = self.schedule()
        self.thread._set_opted_out(True, "agent")
        self.pass_time()
        self.assertFalse(self.outbound())
        [value] = self.values()
        self.assertIn("opted out", value["reason"])
        call = self.env["mail.message"].search(
            [("model", "=", self.thread._name), ("res_id", "=", self.thread.id)]
        )
        self.assertEqual(call.notified_partner_ids, self.agent.partner_id)
        self.assertIn("was not sent", call.body)
        self.assertNotIn("Good morning", call.body)
        self.pass_time()
        self.assertTrue(one.exists())
        self.thread._set_opted_out(False, "agent")
        one.action_send_now()
        self.assertEqual(self.outbound().body, "Good morning")

    def test_a_window_that_is_over_by_then_is_refused_at_once_and_at_its_time(self):
        self.at += timedelta(days=2)
        with self.assertRaisesRegex(UserError, "reply window ends before"):
            self.schedule()
        self.at -= timedelta(days=2)
        self.schedule()
        self.thread._store({"last_inbound_at": self.at - timedelta(days=3)})
        self.pass_time()
        self.assertTrue(self.values()[0]["reason"])

    def test_an_author_without_access_sends_nothing(self):
        self.schedule()
        self.whatsapp.with_user(self.installer).visibility = "private"
        self.pass_time()
        self.assertFalse(self.outbound())
        [value] = self.thread.with_user(self.installer).inbox_scheduled(self.thread.id)
        self.assertIn("no longer has access", value["reason"])

    def test_one_refusal_does_not_hold_up_the_others(self):
        other = self.customers(1).with_user(self.agent)
        self.schedule()
        other.action_schedule(self.at, "Me too")
        self.thread._set_opted_out(True, "agent")
        self.pass_time()
        self.assertFalse(self.outbound())
        sent = other.message_ids.filtered(lambda m: m.direction == "outbound")
        self.assertEqual(sent.body, "Me too")

    def test_nothing_is_scheduled_before_the_first_message(self):
        """It would vanish with the blank conversation, and colleagues would read it."""
        inbox = self.env["messaging.conversation"].with_user(self.agent)
        blank = inbox.browse(inbox.action_start(self.sms.id, "+34622222222"))
        with self.assertRaisesRegex(UserError, "Write the first message"):
            blank.action_schedule(self.at, "Good morning")
        waiting = [("conversation_id", "=", blank.id)]
        self.assertFalse(self.env["messaging.scheduled"].search(waiting))

    # changing

    def test_taking_it_back_keeps_the_file_and_discarding_deletes_it(self):
        files = self.attachment(self.thread) | self.attachment(self.thread)
        one = self.schedule("One", attachment_ids=files[0].ids)
        other = self.schedule("Other", attachment_ids=files[1].ids)
        one.action_take_back()
        other.action_discard()
        self.assertEqual(self.values(), [])
        self.assertEqual(files.exists(), files[0])
        with self.assertRaisesRegex(UserError, "sent or deleted meanwhile"):
            one.action_send_now()

    def test_a_colleague_may_send_it_but_it_stays_its_authors(self):
        one = self.schedule()
        one.with_user(self.colleague).action_send_now()
        self.assertEqual(self.outbound().author_id, self.agent)

    def test_it_is_hidden_as_its_conversation_is(self):
        one = self.schedule().with_user(self.stranger)
        for method in ("action_send_now", "action_take_back", "action_discard"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(one, method)()
        with self.assertRaises(AccessError):
            one.env["messaging.conversation"].inbox_scheduled(self.thread.id)
        with self.assertRaises(AccessError):
            one.with_user(self.agent).write({"body": "Forged"})

    def test_bad_values_get_an_error(self):
        for at in (False, "soon", "2020-01-01 00:00:00", 5):
            with self.subTest(at), self.assertRaises(UserError):
                self.thread.action_schedule(at, "Hello")
        for options in (
            {"body": " "},
            {"attachment_ids": ["a"]},
            {"cancel_on_answer": "yes"},
            {"client_uuid": "a b"},
            {"reply_to_id": "x"},
            {"template_id": 10**9},
        ):
            with self.subTest(options), self.assertRaises(UserError):
                self.thread.action_schedule(self.at, **{"body": "Hello", **options})

    def test_deleting_the_conversation_deletes_it(self):
        one = self.schedule(attachment_ids=self.attachment(self.thread).ids)
        file = one.sudo().attachment_ids
        self.thread.with_user(self.installer).unlink()
        self.assertFalse(one.exists() or file.exists())


class TestScheduledTemplate(TemplateCase):
    """A template can be scheduled for a time after the reply window."""

    def test_it_leaves_with_the_values_that_were_seen(self):
        conversation = self.conversation()
        at = fields.Datetime.now() + timedelta(days=3)
        values = {"1": "Ana", "model": "city bike"}
        id_ = conversation.action_schedule(
            at, template_id=self.greeting.id, values=values
        )
        [shown] = conversation.inbox_scheduled(conversation.id)
        self.assertEqual(shown["body"], "Hello Ana, your city bike is ready.")
        with freeze_time(at + timedelta(seconds=1)):
            self.assertTrue(self.env["messaging.scheduled"]._send_next())
        sent = conversation.message_ids.filtered(lambda m: m.direction == "outbound")
        self.assertEqual(sent.body, shown["body"])
        self.assertEqual(sent.data["template"]["variables"], values)
        self.assertFalse(self.env["messaging.scheduled"].browse(id_).exists())

    def test_a_template_that_is_paused_by_then_is_told(self):
        conversation = self.conversation()
        at = fields.Datetime.now() + timedelta(hours=1)
        values = {"1": "Ana", "model": "city bike"}
        conversation.action_schedule(at, template_id=self.greeting.id, values=values)
        self.greeting.state = "paused"
        with freeze_time(at + timedelta(seconds=1)):
            self.env["messaging.scheduled"]._send_next()
        self.assertTrue(conversation.inbox_scheduled(conversation.id)[0]["reason"])
