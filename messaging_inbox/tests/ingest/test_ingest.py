import logging

from odoo.exceptions import UserError

from ..common import CUSTOMER, MessagingCase

INGEST_LOGGER = "odoo.addons.messaging_inbox.models.ingest.ingest"
USER_ID = "ES.13491208655302741918"


class TestIngest(MessagingCase):
    """Each customer's messages are stored once, in one conversation per channel."""

    def conversations(self):
        return self.env["messaging.conversation"].search(
            [("channel_id", "in", (self.whatsapp | self.sms).ids)]
        )

    # a new customer

    def test_a_new_customer_gets_an_open_unassigned_conversation(self):
        message = self.receive("Do you have the blue one?")
        conversation = message.conversation_id
        self.assertRecordValues(
            conversation,
            [
                {
                    "channel_id": self.whatsapp.id,
                    "state": "open",
                    "user_id": False,
                    "partner_id": False,
                    "lead_id": False,
                    "contact_name": "Ana",
                    "contact_phone": CUSTOMER,
                    "last_message_id": message.id,
                    "last_message_preview": "Do you have the blue one?",
                    "section": "unassigned",
                }
            ],
        )
        self.assertRecordValues(
            message,
            [
                {
                    "direction": "inbound",
                    "state": "received",
                    "kind": "text",
                    "body": "Do you have the blue one?",
                    "author_id": False,
                }
            ],
        )

    def test_a_webhook_creates_no_contact_and_no_lead(self):
        partners = self.env["res.partner"].search_count([])
        leads = self.env["crm.lead"].search_count([])
        self.receive()
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        self.assertEqual(self.env["crm.lead"].search_count([]), leads)

    def test_the_same_customer_on_two_channels_has_two_conversations(self):
        on_whatsapp = self.receive().conversation_id
        by_sms = self.receive(channel=self.sms).conversation_id
        self.assertNotEqual(on_whatsapp, by_sms)

    def test_a_second_message_goes_to_the_same_conversation(self):
        first, second = self.receive("One"), self.receive("Two")
        self.assertEqual(first.conversation_id, second.conversation_id)
        self.assertEqual(second.conversation_id.last_message_id, second.id)
        self.assertEqual(second.conversation_id.last_message_preview, "Two")

    # duplicates

    def test_the_same_webhook_twice_stores_one_message(self):
        form = self.inbound_form()
        self.process(form)
        self.process(form)
        self.assertEqual(len(self.message_of(form)), 1)
        self.assertEqual(len(self.conversations()), 1)

    def test_a_duplicate_neither_reopens_nor_counts_as_unread(self):
        form = self.inbound_form()
        self.process(form)
        conversation = self.message_of(form).conversation_id.with_user(self.agent)
        conversation.action_mark_read()
        conversation.action_close()
        self.process(form)
        self.assertEqual(conversation.state, "closed")
        self.assertEqual(conversation.unread_count, 0)

    # closed conversations

    def test_a_customers_message_reopens_the_same_conversation(self):
        conversation = self.conversation()
        conversation.action_assign(self.colleague.id)
        conversation.action_close()
        message = self.receive("Again")
        self.assertEqual(message.conversation_id, conversation)
        self.assertEqual(conversation.state, "open")
        self.assertEqual(conversation.user_id, self.colleague)
        event = conversation.message_ids.filtered(lambda m: m.event_type == "reopened")
        self.assertEqual(event.data, {"automatic": True})
        self.assertFalse(event.author_id)

    def test_a_message_reopens_a_conversation_as_an_agent_does(self):
        outcomes = []
        for reopen in (
            lambda conversation: conversation.action_reopen(),
            lambda conversation: self.receive(sender=conversation.contact_phone),
        ):
            conversation = self.customers(1)
            conversation.action_assign(self.agent.id)
            conversation.action_close()
            reopen(conversation)
            events = conversation.message_ids.filtered("event_type").sorted("id")
            outcomes.append(
                [
                    conversation.state,
                    conversation.user_id,
                    conversation.section,
                    events.mapped("event_type"),
                ]
            )
        self.assertEqual(*outcomes)
        self.assertEqual(outcomes[0][3], ["assigned", "closed", "reopened"])

    # identities

    def test_phone_and_business_id_point_to_the_conversation_found_by_phone(self):
        conversation = self.receive().conversation_id
        self.receive(ExternalUserId=f"whatsapp:{USER_ID}")
        self.assertEqual(
            set(conversation.identity_ids.mapped("external_id")), {CUSTOMER, USER_ID}
        )
        alone = self.receive(sender=USER_ID)
        self.assertEqual(alone.conversation_id, conversation)

    def test_ids_of_one_event_are_linked_to_the_conversation_of_the_phone(self):
        by_phone = self.receive().conversation_id
        by_id = self.receive("Mine", sender=USER_ID).conversation_id
        self.assertNotEqual(by_phone, by_id)
        both = self.receive(ExternalUserId=f"whatsapp:{USER_ID}")
        self.assertEqual(both.conversation_id, by_phone)
        self.assertEqual(self.receive(sender=USER_ID).conversation_id, by_phone)
        self.assertEqual(by_id.message_ids.mapped("body"), ["Mine"], "never merged")

    def test_a_conversation_without_identities_can_not_be_answered(self):
        self.receive()
        left = self.conversation(sender=USER_ID)
        self.receive(ExternalUserId=f"whatsapp:{USER_ID}")
        with self.assertRaisesRegex(UserError, "another conversation"):
            left.reply("Hello?")

    def test_a_phone_number_is_added_once_it_is_known(self):
        conversation = self.receive(sender=USER_ID).conversation_id
        self.assertFalse(conversation.contact_phone)
        self.receive(sender=USER_ID, WaId=CUSTOMER.lstrip("+"))
        self.assertEqual(conversation.contact_phone, CUSTOMER)

    def test_a_new_profile_name_replaces_the_old_one_unless_empty(self):
        conversation = self.receive(ProfileName="Ana Núñez").conversation_id
        self.assertEqual(conversation.contact_name, "Ana Núñez")
        self.receive(ProfileName=None)
        self.assertEqual(conversation.contact_name, "Ana Núñez")

    def test_an_sms_customer_is_named_by_the_number(self):
        conversation = self.receive(channel=self.sms).conversation_id
        self.assertEqual(conversation.contact_name, CUSTOMER)

    # kinds

    def test_each_kind_of_message_stores_its_data(self):
        cases = [
            (
                {"Latitude": "41.4", "Longitude": "2.1", "Label": "Shop", "body": ""},
                "location",
                {"latitude": 41.4, "longitude": 2.1, "label": "Shop", "address": ""},
            ),
            (
                {"ButtonPayload": "YES_1", "ButtonText": "Yes", "body": "Yes"},
                "reply_choice",
                {"payload": "YES_1", "title": "Yes"},
            ),
            ({"Forwarded": "true"}, "text", {"forwarded": True}),
            (
                {"MessageType": "poll", "body": ""},
                "unsupported",
                {"original_type": "poll"},
            ),
        ]
        for fields, kind, data in cases:
            with self.subTest(kind=kind):
                message = self.receive(**fields)
                self.assertEqual(message.kind, kind)
                self.assertEqual(message.data, data)

    def test_a_quoted_reply_points_to_the_message_it_quotes(self):
        first = self.receive("Question")
        second = self.receive(
            "Answer", OriginalRepliedMessageSid=first.provider_message_id
        )
        self.assertEqual(second.reply_to_id, first)

    def test_a_quote_of_another_channel_is_not_linked(self):
        first = self.receive("Question", channel=self.sms)
        second = self.receive(
            "Answer", OriginalRepliedMessageSid=first.provider_message_id
        )
        self.assertFalse(second.reply_to_id)

    def test_unusual_and_long_texts_are_stored_completely(self):
        for body in ("👋🏽" * 50, "x" * 70_000, "a\x00b", "<b>&amp;</b>", " \n "):
            with self.subTest(body=body[:10]):
                message = self.receive(body)
                self.assertEqual(message.body, body.replace("\x00", ""))
                self.assertLessEqual(
                    len(message.conversation_id.last_message_preview or ""), 200
                )

    def test_a_lone_surrogate_becomes_a_replacement_character(self):
        self.assertEqual(self.receive("a\ud800b").body, "a\ufffdb")

    # opt-out keywords

    def test_stop_opts_out_and_start_opts_in(self):
        conversation = self.receive("STOP", channel=self.sms).conversation_id
        self.assertTrue(conversation.opted_out)
        self.receive("Hello", channel=self.sms)
        self.assertTrue(conversation.opted_out, "only the word opens it again")
        self.receive("start", channel=self.sms)
        self.assertFalse(conversation.opted_out)
        events = conversation.message_ids.filtered("event_type").sorted("id")
        self.assertEqual(events.mapped("event_type"), ["opted_out", "opted_in"])

    def test_keywords_and_the_providers_report_opt_out_alike(self):
        outcomes = []
        for channel in (self.sms, self.whatsapp):
            message = self.sent(self.conversation(channel=channel))
            if channel == self.sms:
                self.receive("STOP", channel=channel)
            else:
                sid = message.provider_message_id
                form = self.status_form(sid, "undelivered", ErrorCode="21610")
                self.process(form)
            conversation = message.conversation_id
            events = conversation.message_ids.filtered("event_type")
            outcomes.append(
                [
                    conversation.opted_out,
                    [(e.event_type, e.author_id.id) for e in events],
                ]
            )
            self.env["phone.blacklist"].sudo().remove(CUSTOMER)
        self.assertEqual(*outcomes)

    # several events, some of them bad

    def test_a_bad_event_is_stored_without_affecting_the_good_ones(self):
        bad = self.inbound_form("Lost", To="whatsapp:+34999999999")
        good = self.inbound_form("Fine")
        self.process(bad, good)
        self.assertTrue(self.message_of(good))
        self.assertFalse(self.message_of(bad))
        receipt = self.account.receipt_ids
        self.assertEqual(receipt.state, "failed")
        self.assertIn("+34999999999", receipt.error)

    def test_an_internal_error_is_logged_and_the_request_stored(self):
        form = self.inbound_form()
        with self.assertLogs(INGEST_LOGGER, logging.ERROR):
            self.patch(type(self.env["messaging.ingest"]), "_reopen_and_opt_out", None)
            self.process(form)
        self.assertFalse(self.message_of(form))
        self.assertEqual(self.account.receipt_ids.state, "failed")

    def test_messages_to_an_archived_channel_are_still_received(self):
        self.whatsapp.active = False
        self.assertTrue(self.receive())

    # cost

    def test_a_message_costs_the_same_whatever_the_length_of_the_history(self):
        self.receive()
        few = self.queries_of_one_message()
        for _ in range(20):
            self.receive()
            self.receive(sender=f"+346222{next(self.sids):05d}")
        self.assertEqual(self.queries_of_one_message(), few)

    def queries_of_one_message(self):
        form = self.inbound_form()
        self.bus()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.process(form)
        return self.env.cr.sql_log_count - before
