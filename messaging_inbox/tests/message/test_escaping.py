import json

from lxml import html

from ..common import CUSTOMER
from ..conversation.link_case import LinkCase

EVIL = "<img src=x onerror=alert(1)>"


class TestEscaping(LinkCase):
    """Customers' names and texts are escaped wherever they appear."""

    def setUp(self):
        super().setUp()
        self.thread = self.conversation(f"{EVIL}<b>bold</b>", ProfileName=EVIL)

    def chatter(self, record):
        """Return the record's chatter, parsed as a browser would."""
        messages = self.env["mail.message"].search(
            [("model", "=", record._name), ("res_id", "=", record.id)]
        )
        return [html.fromstring(f"<div>{message.body}</div>") for message in messages]

    def check_chatter(self, record):
        bodies = self.chatter(record)
        self.assertIn(EVIL, " ".join(body.text_content() for body in bodies))
        for body in bodies:
            self.assertFalse(body.xpath("//img | //b | //script | //*[@onerror]"))

    def test_in_the_note_on_contact_lead_and_deal(self):
        self.thread.action_create_partner({})
        self.check_chatter(self.thread.partner_id)
        for lead_type in ("lead", "opportunity"):
            self.thread.action_create_lead({}, lead_type)
            self.check_chatter(self.thread.lead_id)

    def test_in_the_note_on_a_record_with_such_a_name(self):
        partner = self.contact(EVIL)
        self.thread.action_link(partner_id=partner.id)
        self.check_chatter(partner)

    def test_in_the_names_of_files_and_places(self):
        place = {"Latitude": "40.4", "Longitude": "-3.7", "Label": EVIL}
        self.receive("", MessageType="location", **place)
        self.thread.reply("Look", self.attachment(self.thread, name=EVIL).ids)
        self.thread.action_link(partner_id=self.partner.id)
        self.check_chatter(self.partner)
        [body] = [b for b in self.chatter(self.partner) if b.xpath("//li")]
        self.assertEqual(body.text_content().count(EVIL), 3)

    def test_in_the_heading_of_later_notes_too(self):
        self.thread.action_link(partner_id=self.partner.id)
        self.receive(EVIL, ProfileName=EVIL)
        self.thread.sudo()._write_notes()
        self.check_chatter(self.partner)

    def test_names_reach_the_client_unchanged(self):
        """The client shows plain values as text, and only Markup as HTML."""
        partner = self.contact(EVIL, phone=CUSTOMER)
        deal = self.make_deal(name=EVIL, phone=CUSTOMER, partner_id=partner.id)
        hits = self.suggestions()
        self.thread.action_link(partner_id=partner.id, lead_id=deal.id)
        opened = self.inbox.inbox_open(self.thread.id)
        defaults = self.inbox.inbox_lead_defaults(self.thread.id, "opportunity")
        [event, _event] = [m for m in opened["messages"] if m["event_type"] == "linked"]
        names = [
            hits["partners"][0]["name"],
            hits["leads"][0]["name"],
            opened["row"]["contact_name"],
            opened["details"]["partner"]["name"],
            opened["details"]["lead"]["name"],
            event["data"]["name"],
            defaults["values"]["contact_name"],
        ]
        for name in names:
            self.assertEqual((type(name), name), (str, EVIL))
        self.assertEqual(json.loads(json.dumps(names)), names)

    def test_text_reaches_the_client_unchanged(self):
        messages = self.inbox.inbox_open(self.thread.id)["messages"]
        self.assertEqual(messages[-1]["body"], f"{EVIL}<b>bold</b>")

    def test_a_campaign_has_the_advertisements_name(self):
        self.receive("Hi", ReferralHeadline=EVIL, ReferralSourceType="ad")
        self.thread.action_create_lead({}, "opportunity")
        self.assertEqual(self.thread.lead_id.campaign_id.title, EVIL)
