from odoo.exceptions import AccessError, UserError

from ..common import CUSTOMER, MessagingCase


class TestConsent(MessagingCase):
    """Each opt-out and opt-in keeps its proof, also when the customer is deleted."""

    def consents(self, *domain):
        return self.env["messaging.consent"].search(list(domain), order="id")

    def test_a_customers_word_is_kept_with_its_message(self):
        message = self.receive("STOP", channel=self.sms)
        [consent] = self.consents()
        self.assertRecordValues(
            consent,
            [
                {
                    "kind": "out",
                    "source": "customer",
                    "words": "STOP",
                    "customer": CUSTOMER,
                    "channel_id": self.sms.id,
                    "happened_at": message.sent_at,
                    "message_reference": message.provider_message_id,
                    "user_id": False,
                    "erased_at": False,
                }
            ],
        )
        self.assertIn(self.sms.address, consent.channel_name)

    def test_an_agents_record_names_the_agent(self):
        conversation = self.conversation()
        conversation.action_opt_out()
        conversation.with_user(self.manager).action_opt_in("Agreed by phone")
        self.assertRecordValues(
            self.consents(),
            [
                {"kind": "out", "user_name": "Agent", "words": False},
                {"kind": "in", "user_name": "Manager", "words": "Agreed by phone"},
            ],
        )

    def test_each_change_is_a_row_and_a_repetition_is_none(self):
        for word in ("STOP", "STOP", "START"):
            self.receive(word, channel=self.sms)
        self.assertEqual(self.consents().mapped("kind"), ["out", "in"])

    def test_nobody_can_change_or_delete_it(self):
        self.receive("STOP", channel=self.sms)
        for user in (self.agent, self.manager, self.installer, self.system):
            consent = self.consents().with_user(user)
            for act in (
                lambda one=consent: one.write({"words": "I never did"}),
                lambda one=consent: one.unlink(),
                lambda one=consent: one.create(
                    {"kind": "in", "happened_at": "2026-01-01"}
                ),
            ):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    act()

    def test_the_proof_outlives_the_customer(self):
        message = self.receive("STOP", channel=self.sms)
        conversation, reference = message.conversation_id, message.provider_message_id
        conversation.with_user(self.installer).unlink()
        [consent] = self.consents()
        self.assertTrue(consent.erased_at)
        self.assertEqual((consent.customer, consent.words), (False, "STOP"))
        hashed = self.env["messaging.tombstone"]._hash(self.sms.id, reference)
        self.assertEqual(consent.message_reference, hashed)
        self.assertNotIn(CUSTOMER, str(consent.read()))

    def test_who_knows_the_number_still_finds_it(self):
        conversation = self.conversation("STOP", channel=self.sms)
        conversation.with_user(self.installer).unlink()
        found = self.consents(("number", "=", CUSTOMER)).with_user(self.manager)
        self.assertEqual(found.mapped("kind"), ["out"])
        self.assertFalse(self.consents(("number", "=", "+34699999999")))

    def test_what_a_user_wrote_is_not_kept(self):
        conversation = self.conversation()
        conversation.action_opt_out()
        conversation.with_user(self.manager).action_opt_in("Ana agreed by phone")
        conversation.with_user(self.installer).unlink()
        self.assertFalse(any(self.consents().mapped("words")))
        self.assertEqual(self.consents().mapped("user_name"), ["Agent", "Manager"])

    def test_the_contact_still_quotes_an_erased_message(self):
        message = self.receive("STOP", channel=self.sms)
        partner = self.env["res.partner"].create({"name": "Ana"})
        conversation = message.conversation_id.with_user(self.agent)
        conversation.action_link(partner_id=partner.id)
        message.sudo()._erase()
        seen = partner.with_user(self.agent)
        self.assertIn("STOP", seen.messaging_opt_out)
        self.assertEqual(seen.messaging_consent_ids, self.consents())

    def test_a_refused_opt_in_leaves_no_row(self):
        conversation = self.conversation()
        conversation.action_opt_out()
        with self.assertRaises(UserError):
            conversation.with_user(self.manager).action_opt_in(" ")
        self.assertEqual(self.consents().mapped("kind"), ["out"])
