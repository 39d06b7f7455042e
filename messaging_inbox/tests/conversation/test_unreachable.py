from datetime import timedelta

from odoo import fields

from ..common import CUSTOMER
from ..scripted import accepted, refused
from ..template_case import TemplateMixin
from .test_start import StartCase

# Two numbers of one phone in Argentina.
LONG, SHORT = "+5491123456789", "+541123456789"


class TestUnreachable(TemplateMixin, StartCase):
    """Numbers that aren't on WhatsApp, said at once or by callback."""

    def write_first(self, number=CUSTOMER):
        conversation = self.start(number, self.whatsapp)
        return conversation, self.send(conversation)

    def fail_at_once(self, conversation):
        self.send_queued(refused(400, 63024, "Invalid message recipient"))
        self.assertEqual(self.message_ids(conversation)[-1].state, "failed")

    def message_ids(self, conversation):
        domain = [("conversation_id", "=", conversation.id)]
        domain += [("direction", "=", "outbound")]
        return self.env["messaging.message"].search(domain, order="id")

    def recipients(self):
        partner = self.env["res.partner"].create({"name": "Ana", "phone": CUSTOMER})
        (recipient,) = self.inbox.start_options(partner_id=partner.id)["recipients"]
        return recipient["unreachable_on"]

    def check(self, number=CUSTOMER, channel=None):
        return self.inbox.start_check((channel or self.whatsapp).id, number)

    def row(self, conversation):
        return conversation.inbox_rows(conversation.ids)[0]

    def later(self, conversation, **options):
        identities = conversation.sudo().identity_ids
        identities.unreachable_at -= timedelta(**options)

    def test_a_refusal_is_remembered_and_offers_sms(self):
        conversation, _message = self.write_first()
        self.assertFalse(self.row(conversation)["unreachable"])
        self.bus()
        self.fail_at_once(conversation)
        check = self.check()
        self.assertTrue(check["not_on_channel"])
        self.assertEqual(check["sms_channel_id"], self.sms.id)
        self.assertEqual(check["conversation_id"], conversation.id)
        self.assertEqual(self.recipients(), ["whatsapp"])
        self.assertTrue(self.row(conversation)["unreachable"])
        rows = [r for _c, p in self.bus("changed") for r in p["conversations"]]
        self.assertTrue(rows[-1]["unreachable"])
        self.assertFalse(self.check(channel=self.sms)["not_on_channel"])

    def test_a_callback_says_it_too(self):
        conversation, message = self.write_first()
        self.send_queued(accepted())
        self.assertFalse(self.check()["not_on_channel"])
        sid = message.provider_message_id
        self.bus()
        self.process(self.status_form(sid, "undelivered", ErrorCode="63003"))
        self.assertEqual(message.state, "failed")
        self.assertTrue(self.check()["not_on_channel"])
        rows = [r for _c, p in self.bus("changed") for r in p["conversations"]]
        self.assertTrue(rows[-1]["unreachable"])

    def test_other_failures_say_nothing_about_the_number(self):
        conversation, _message = self.write_first()
        self.send_queued(refused(400, 63016, "Outside the window"))
        self.assertFalse(conversation.sudo().identity_ids.unreachable_at)

    def test_it_is_forgotten_after_30_days(self):
        conversation, _message = self.write_first()
        self.fail_at_once(conversation)
        self.later(conversation, days=29)
        self.assertTrue(self.check()["not_on_channel"])
        self.later(conversation, days=1)
        self.assertFalse(self.check()["not_on_channel"])
        self.assertFalse(self.recipients())
        self.assertFalse(self.row(conversation)["unreachable"])

    def test_it_is_forgotten_when_the_customer_writes(self):
        conversation, _message = self.write_first()
        self.fail_at_once(conversation)
        self.later(conversation, minutes=1)
        self.receive()
        self.assertFalse(self.check()["not_on_channel"])
        self.assertFalse(self.row(conversation)["unreachable"])

    def test_a_failure_from_before_the_customer_wrote_says_nothing(self):
        conversation, message = self.write_first()
        self.send_queued(accepted())
        message.sudo().sent_at -= timedelta(minutes=1)
        self.receive()
        sid = message.provider_message_id
        self.process(self.status_form(sid, "failed", ErrorCode="63024"))
        self.assertFalse(self.check()["not_on_channel"])

    # which number of a phone is written to

    def test_the_number_from_which_the_customer_answers_is_used(self):
        conversation, _message = self.write_first(LONG)
        self.send_queued(accepted())
        self.assertEqual(conversation._recipient().external_id, LONG)
        answer = self.receive(sender=SHORT)
        self.assertEqual(answer.conversation_id.id, conversation.id)
        self.assertEqual(conversation._recipient().external_id, SHORT)
        conversation.reply("Hello")
        self.send_queued(accepted())
        _method, _url, options = self.http.requests[-1]
        self.assertEqual(dict(options["data"])["To"], f"whatsapp:{SHORT}")
        self.start(LONG, self.whatsapp)
        self.assertEqual(conversation._recipient().external_id, SHORT)

    def test_another_spelling_is_tried_after_one_that_failed(self):
        conversation, _message = self.write_first(LONG)
        self.fail_at_once(conversation)
        self.assertTrue(self.check(SHORT)["not_on_channel"])
        self.assertEqual(self.start(SHORT, self.whatsapp), conversation)
        self.assertEqual(conversation._recipient().external_id, SHORT)
        self.send(conversation)
        self.fail_at_once(conversation)
        self.assertTrue(self.row(conversation)["unreachable"])
        numbers = conversation.sudo().identity_ids
        self.assertEqual(len(numbers.filtered("unreachable_at")), 2)

    def test_of_two_numbers_the_one_that_may_be_reached_is_used(self):
        conversation, _message = self.write_first(LONG)
        self.start(SHORT, self.whatsapp)
        latest = conversation.sudo().identity_ids.sorted("id")[-1]
        latest.unreachable_at = fields.Datetime.now()
        self.assertEqual(conversation._recipient().external_id, LONG)
        self.assertFalse(self.row(conversation)["unreachable"])


class TestMistyped(StartCase):
    def test_no_part_of_a_wrong_number_is_taken_for_somebody_elses(self):
        for typed in ("11 96123-4567", "(11) 96123-4567", "622 222 222, 1"):
            with self.subTest(typed):
                check = self.inbox.start_check(self.sms.id, typed)
                self.assertFalse(check["value"])
                self.assertTrue(check["problem"])

    def test_numbers_are_understood_as_people_write_them(self):
        for typed in (
            "622 22 22 22",
            "622-22-22-22",
            "0034 622 222 222",
            "+34 (622) 22.22.22",
            "mobile: 622 222 222",
            "34622222222",
        ):
            with self.subTest(typed):
                check = self.inbox.start_check(self.sms.id, typed)
                self.assertEqual(check["value"], "+34622222222")


class TestCost(StartCase):
    """Queries with warm caches: as many for one number or channel as for many."""

    def test_options_cost_the_same_for_many_numbers(self):
        self.partner.phone = "622 222 222"
        ask = lambda: self.inbox.start_options(partner_id=self.partner.id)  # noqa: E731
        few = self.warm_queries(ask)
        self.partner.phone = "622 222 222 / 633 333 333 / 644 444 444"
        self.assertEqual(len(ask()["recipients"]), 3)
        self.assertEqual(self.warm_queries(ask), few)
        self.assertLessEqual(few, 12)

    def test_a_start_costs_few_queries(self):
        links = {"partner_id": self.partner.id}
        again = self.warm_queries(
            lambda: self.inbox.action_start(self.sms.id, "+34622222222", **links)
        )
        numbers = iter(range(10, 20))
        new = self.warm_queries(
            lambda: self.inbox.action_start(self.sms.id, f"+346333333{next(numbers)}")
        )
        self.assertLessEqual(again, 16)
        self.assertLessEqual(new, 16)
