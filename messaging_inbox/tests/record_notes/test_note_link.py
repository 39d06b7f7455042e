from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase

from ..common import AGENT, CUSTOMER
from .note_case import START, NoteMixin


class TestNoteOfLink(NoteMixin, TransactionCase):
    """Linking writes the first note, with senders and texts."""

    def ways(self):
        """Yield (name, record) for each kind of record, linked and created."""
        for name in ("partner", "lead", "deal"):
            record = getattr(self, name)
            field = "partner_id" if name == "partner" else "lead_id"
            self.thread.action_link(**{field: record.id})
            yield f"link a {name}", record
        self.thread.action_unlink_partner()
        yield (
            "create a contact",
            self.env["res.partner"].browse(
                self.thread.action_create_partner({"name": "Eva"})
            ),
        )
        for kind in ("lead", "opportunity"):
            yield (
                f"create a {kind}",
                self.env["crm.lead"].browse(self.thread.action_create_lead({}, kind)),
            )

    def test_each_way_of_linking_writes_a_note_at_once(self):
        self.thread.reply("Answer")
        for way, record in self.ways():
            with self.subTest(way):
                self.assertEqual(self.texts(record), [["Before", "Answer"]])

    def test_writing_the_link_field_writes_a_note_too(self):
        self.thread.write({"partner_id": self.partner.id})
        self.assertEqual(self.texts(), [["Before"]])

    def test_a_refused_link_writes_no_note(self):
        hidden = self.env["crm.lead"].create({"name": "x", "user_id": self.env.uid})
        self.agent.group_ids -= self.env.ref("sales_team.group_sale_salesman_all_leads")
        with self.assertRaises(AccessError):
            self.thread.action_link(lead_id=hidden.id)
        self.assertFalse(self.notes(hidden))

    def test_read_access_to_the_record_is_enough(self):
        reader = self.colleague
        reader.group_ids = self.env.ref(AGENT)
        self.assertFalse(self.partner.with_user(reader).has_access("write"))
        self.thread.with_user(reader).action_link(partner_id=self.partner.id)
        self.assertEqual(self.texts(), [["Before"]])

    def test_the_author_is_the_linking_user(self):
        self.thread.action_link(partner_id=self.partner.id)
        note = self.notes()
        self.assertEqual(note.author_id, self.agent.partner_id)
        self.assertEqual(note.message_type, "comment")
        self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
        self.assertTrue(note.is_internal)

    def test_followers_get_neither_mail_nor_notification(self):
        self.partner.message_subscribe(self.manager.partner_id.ids)
        self.thread.action_link(partner_id=self.partner.id)
        self.say("More")
        self.assertFalse(self.notes().notification_ids)
        self.assertFalse(self.env["mail.mail"].search([("model", "=", "res.partner")]))

    def test_it_shows_the_sender_the_phone_number_and_the_time(self):
        self.thread.reply("Answer")
        self.thread.action_link(partner_id=self.partner.id)
        body = self.notes().body
        for words in (
            "Ana",
            CUSTOMER,
            "Agent",
            "WhatsApp",
            "2026",
            "9:00",
            "Mar 2, 2026",
        ):
            self.assertIn(words, body)

    def test_times_are_in_the_authors_time_zone_across_clock_changes(self):
        self.agent.tz = "Europe/Madrid"
        self.clock.move_to("2026-03-29 00:30:00")
        self.receive("Winter")
        self.clock.move_to("2026-03-29 01:30:00")
        self.receive("Summer")
        self.thread.action_link(partner_id=self.partner.id)
        body = self.notes().body
        self.assertRegex(body, r"1:30.{,4} · <strong>Ana</strong>: Winter")
        self.assertRegex(body, r"3:30.{,4} · <strong>Ana</strong>: Summer")
        self.assertIn("Europe/Madrid", body)

    def test_times_are_in_the_authors_language_without_seconds(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.agent.lang = "es_ES"
        self.thread.action_link(partner_id=self.partner.id)
        self.assertRegex(self.notes().body, r">2 mar 2026 9:00 · <strong>Ana")

    def test_each_note_has_the_time_zone_of_its_author(self):
        self.agent.tz, self.colleague.tz = "Asia/Tokyo", "America/New_York"
        self.thread.action_link(partner_id=self.partner.id)
        self.thread.with_user(self.colleague).action_link(lead_id=self.deal.id)
        self.at(hours=1)
        self.say("More")
        for record, zone, hour in (
            (self.partner, "Asia/Tokyo", 7),
            (self.deal, "America/New_York", 5),
        ):
            [note] = self.notes(record)
            self.assertIn(zone, note.body)
            self.assertRegex(note.body, rf" 0?{hour}:00.{{,4}} · <strong>Ana.*More")

    def test_the_note_names_the_assignee(self):
        self.thread.action_link(partner_id=self.partner.id)
        self.assertIn("Assigned to: Unassigned", self.notes().body)
        self.thread.action_assign(self.colleague.id)
        self.thread.action_link(lead_id=self.deal.id)
        self.assertIn("Assigned to: Colleague", self.notes(self.deal).body)

    def test_it_links_to_the_conversation(self):
        self.thread.action_link(partner_id=self.partner.id)
        self.assertIn(f'href="/odoo/messaging/{self.thread.id}"', self.notes().body)

    def test_it_shows_the_latest_twenty_messages_of_any_age(self):
        for number in range(25):
            self.at(hours=10 * number)
            self.receive(f"m{number}")
        self.thread.action_link(partner_id=self.partner.id)
        self.assertEqual(self.texts(), [[f"m{n}" for n in range(5, 25)]])

    def test_the_latest_messages_are_chosen_by_time_not_by_arrival(self):
        for number in range(20):
            self.receive(f"m{number}")
        self.receive("Late").sent_at = START - timedelta(days=1)
        self.thread.action_link(partner_id=self.partner.id)
        self.assertEqual(self.texts(), [[f"m{n}" for n in range(20)]])

    def test_private_notes_and_events_are_left_out(self):
        self.thread.action_note("Between us")
        self.thread.action_close()
        self.thread.action_link(partner_id=self.partner.id)
        self.thread.action_note("Between us")
        self.thread.action_reopen()
        self.say("After")
        self.assertEqual(self.texts(), [["Before", "After"]])

    def test_a_conversation_without_messages_has_a_note_too(self):
        empty = self.env["messaging.conversation"].create(
            {"channel_id": self.whatsapp.id, "contact_name": "Eva"}
        )
        empty.with_user(self.agent).action_link(partner_id=self.partner.id)
        self.assertEqual(self.texts(), [[]])

    def test_linking_a_lead_writes_no_note_on_its_contact(self):
        self.lead.partner_id = self.partner
        self.thread.action_link(lead_id=self.lead.id)
        self.assertFalse(self.notes())

    def test_customers_text_is_escaped(self):
        evil = "<img src=x onerror=alert(1)>&amp;<b>"
        self.receive(evil, ProfileName=evil)
        self.thread.action_link(partner_id=self.partner.id)
        self.say(evil, ProfileName=evil)
        body = self.notes().body
        self.assertNotIn("<img", body)
        self.assertNotIn("<b>", body)
        self.assertEqual(body.count("&lt;img src=x onerror=alert(1)&gt;&amp;amp;"), 6)

    def test_undelivered_messages_are_marked(self):
        self.thread.action_link(partner_id=self.partner.id)
        message = self.sent(self.thread)
        self.write_notes()
        self.assertNotIn("not delivered", self.notes().body)
        self.process(self.status_form(message.provider_message_id, "failed"))
        self.write_notes()
        self.assertIn("[not delivered]", self.notes().body)

    def test_a_message_without_text_shows_its_kind(self):
        fields = {"Latitude": "40.4", "Longitude": "-3.7", "Label": "Shop"}
        self.receive("", MessageType="location", **fields)
        self.thread.action_link(partner_id=self.partner.id)
        self.assertIn("[Location: Shop: ", self.notes().body)
