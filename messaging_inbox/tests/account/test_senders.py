from odoo.exceptions import UserError, ValidationError

from ..common import CUSTOMER, MessagingCase

SHORT_CODES = ("311", "2020", "68849", "262966", "1234567", "12345678")
NAMES = ("SUPPORT", "Mi Banco", "m-Banco 24", "Nike+")


class TestSenders(MessagingCase):
    """SMS also come from short codes and names, which are shown unchanged."""

    def from_sender(self, sender, **fields):
        return self.conversation(sender=sender, channel=self.sms, **fields)

    def found_by(self, query):
        rows = self.conversation_model.inbox_list(False, query)["rows"]
        return [row["id"] for row in rows]

    @property
    def conversation_model(self):
        return self.env["messaging.conversation"].with_user(self.agent)

    def test_a_sender_is_shown_unchanged(self):
        for sender in SHORT_CODES + NAMES:
            with self.subTest(sender):
                conversation = self.from_sender(sender)
                row = conversation.inbox_rows(conversation.ids)[0]
                self.assertEqual(row["contact_name"], sender)
                self.assertEqual(row["contact_phone"], sender)
                self.assertEqual(conversation.display_name, sender)

    def test_a_sender_is_found_by_its_name(self):
        for sender in SHORT_CODES + NAMES:
            with self.subTest(sender):
                conversation = self.from_sender(sender)
                self.assertIn(conversation.id, self.found_by(sender))
                self.assertIn(conversation.id, self.found_by(sender.lower()))

    def test_a_sender_is_found_by_a_part_and_in_odoos_lists(self):
        conversation = self.from_sender("68849")
        self.assertIn(conversation.id, self.found_by("884"))
        domain = [("contact_phone", "ilike", "68849")]
        self.assertEqual(self.conversation_model.search(domain), conversation)

    def test_two_senders_are_two_conversations(self):
        self.assertNotEqual(self.from_sender("68849"), self.from_sender("68848"))
        self.assertNotEqual(self.from_sender("Banco"), self.from_sender("SUPPORT"))
        self.assertEqual(self.from_sender("Banco"), self.from_sender("Banco"))

    def test_a_contact_that_is_saved_under_a_short_code_is_suggested_and_found(self):
        values = {"name": "The carrier", "phone": "68849"}
        partner = self.env["res.partner"].create(values)
        conversation = self.from_sender("68849")
        contacts = conversation.inbox_suggestions(conversation.id)["partners"]
        self.assertIn(partner.id, [contact["id"] for contact in contacts])
        hits = conversation.inbox_link_search(conversation.id, "res.partner", "68849")
        self.assertIn(partner.id, [hit["id"] for hit in hits])

    def test_a_new_contact_does_not_get_a_name_as_number(self):
        for sender, phone in (("SUPPORT", False), ("68849", "68849")):
            defaults = self.from_sender(sender)._partner_defaults()
            self.assertEqual((defaults["name"], defaults["phone"]), (sender, phone))

    def test_a_reply_to_a_name_is_refused_with_the_reason(self):
        for sender in NAMES:
            with self.subTest(sender):
                conversation = self.from_sender(sender)
                row = conversation.inbox_rows(conversation.ids)[0]
                self.assertIs(row["can_answer"], False)
                with self.assertRaisesRegex(UserError, "name, not a number"):
                    conversation.reply("Hello")
                self.assertFalse(
                    conversation.message_ids.filtered(
                        lambda message: message.direction == "outbound"
                    )
                )
                self.assertTrue(conversation.action_note("For colleagues"))

    def test_numbers_and_short_codes_can_be_answered(self):
        for sender in (CUSTOMER, "68849"):
            conversation = self.from_sender(sender)
            row = conversation.inbox_rows(conversation.ids)[0]
            self.assertIs(row["can_answer"], True)
            self.assertTrue(conversation.reply("Hello"))
        whatsapp = self.conversation(sender="ES.134912086553027", ProfileName="Ana")
        self.assertTrue(whatsapp.inbox_rows(whatsapp.ids)[0]["can_answer"])

    def test_an_opaque_id_is_not_shown_as_a_name(self):
        form = {"sender": "ES.134912086553027", "ProfileName": ""}
        conversation = self.conversation(**form)
        self.assertEqual(conversation.contact_name, "WhatsApp customer 3027")
        self.assertFalse(conversation.contact_phone)

    def test_a_channel_may_be_a_short_code(self):
        for address in SHORT_CODES:
            channel = self._channel("sms", address)
            message = self.receive("Hi", channel=channel)
            self.assertEqual(message.channel_id, channel)

    def test_a_channel_needs_a_number_or_a_short_code(self):
        for kind, address in (
            ("sms", "12"),
            ("sms", "123456789"),
            ("sms", "SUPPORT"),
            ("whatsapp", "68849"),
        ):
            with self.subTest(address), self.assertRaises(ValidationError):
                self._channel(kind, address)
