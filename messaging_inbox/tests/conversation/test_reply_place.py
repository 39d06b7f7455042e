from odoo.exceptions import AccessError, UserError

from ...tools.client_values import MOST_OF_A_PLACE
from ..common import MessagingCase
from ..scripted import accepted

SHOP = {
    "latitude": 41.3874,
    "longitude": 2.1686,
    "label": "Shop",
    "address": "Gran Via",
}


class TestReplyPlace(MessagingCase):
    """A place is a message of its own, kept as a received one is."""

    def reply(self, place, *args, **options):
        conversation = options.pop("conversation", None) or self.conversation()
        return self.message(conversation.reply(*args, place=place, **options))

    def test_a_place_is_one_message_and_one_request(self):
        message = self.reply(SHOP)
        self.assertEqual((message.kind, message.body or ""), ("location", ""))
        self.assertEqual(message.data, SHOP)
        self.assertEqual(self.send_queued(accepted()), 1)
        fields = self.http.requests[0][2]["data"]
        self.assertEqual(fields["Body"], "Shop")
        self.assertEqual(fields["PersistentAction"], "geo:41.387400,2.168600|Gran Via")
        self.assertEqual(message.state, "sent")

    def test_a_text_comes_before_its_place(self):
        messages = self.reply(SHOP, "Here we are")
        self.assertEqual(messages.mapped("kind"), ["text", "location"])

    def test_a_place_needs_no_name_and_may_be_on_the_equator(self):
        point = {"latitude": 0, "longitude": 0}
        empty = {"label": "", "address": False}
        self.assertEqual(self.reply({**point, **empty}).data, point)

    def test_a_place_may_quote_a_message(self):
        conversation = self.conversation()
        quoted = conversation.message_ids
        message = self.reply(SHOP, conversation=conversation, reply_to_id=quoted.id)
        self.assertEqual(message.reply_to_id, quoted)

    def test_the_gate_holds_for_places(self):
        conversation = self.conversation()
        conversation.sudo().write({"opted_out": True})
        with self.assertRaises(UserError):
            conversation.reply(place=SHOP)
        with self.assertRaises(AccessError):
            conversation.with_user(self.stranger).reply(place=SHOP)

    def test_a_channel_that_takes_no_places_says_so(self):
        conversation = self.conversation(channel=self.sms)
        with self.assertRaisesRegex(UserError, "doesn't take locations"):
            conversation.reply(place=SHOP)
        self.assertFalse(conversation.message_ids.filtered("client_uuid"))

    def test_bad_places_are_refused(self):
        conversation = self.conversation()
        for bad in (
            "41.38, 2.17",
            {"latitude": 41.3},
            {"longitude": 2.1},
            {**SHOP, "latitude": 90.1},
            {**SHOP, "longitude": -180.1},
            {**SHOP, "latitude": "41"},
            {**SHOP, "latitude": True},
            {**SHOP, "latitude": float("nan")},
            {**SHOP, "label": 5},
            {**SHOP, "label": "a" * (MOST_OF_A_PLACE + 1)},
            {**SHOP, "url": "https://example.com"},
        ):
            with self.subTest(bad=bad), self.assertRaisesRegex(UserError, "place"):
                conversation.reply(place=bad)

    def test_the_client_knows_which_channels_take_places(self):
        channels = self.env["messaging.channel"].with_user(self.agent)._inbox_channels()
        taking = {each["id"] for each in channels if each["takes_places"]}
        self.assertIn(self.whatsapp.id, taking)
        self.assertNotIn(self.sms.id, taking)
