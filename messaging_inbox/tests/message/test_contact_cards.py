import io
import logging

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase

from ...providers.people import MAX_PEOPLE, text_of_people
from ...tools.contact_cards import people_of
from ..common import MessagingCase
from .test_media import CDN, file, redirect

TWO_CARDS = b"""BEGIN:VCARD\r
VERSION:3.0\r
FN:Berta Muster\r
N:Muster;Berta;;;\r
ORG:Muster GmbH;Sales\r
TITLE:Head of sa\r
 les\r
item1.TEL;type=CELL;waid=491511234567:+49 151 1234567\r
item1.X-ABLabel:_$!<Mobile>!$_\r
TEL;TYPE=WORK:+49 30 901820\r
EMAIL;TYPE=INTERNET:berta@example.com\r
ADR;TYPE=WORK:;;Lindenweg 3;Berlin;;10115;Germany\r
END:VCARD\r
BEGIN:VCARD\r
VERSION:2.1\r
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=93scar =\r
Ejemplo\r
TEL;CELL:600888001\r
PHOTO;ENCODING=BASE64;JPEG:\r
 /9j/4AAQSkZJRg==\r
\r
END:VCARD\r
"""


def read(card):
    people, _count = people_of(io.BytesIO(card))
    return people


def card(*lines):
    return "\r\n".join(("BEGIN:VCARD", *lines, "END:VCARD", "")).encode()


class TestContactCards(BaseCase):
    """Contact cards of all versions, both valid and broken."""

    def test_names_organisation_numbers_and_addresses_of_all_people(self):
        berta, oscar = read(TWO_CARDS)
        self.assertEqual(berta["name"], "Berta Muster")
        self.assertEqual(berta["organization"], "Muster GmbH, Sales")
        self.assertEqual(berta["title"], "Head of sales")
        self.assertEqual(
            berta["phones"],
            [
                {"value": "+49 151 1234567", "label": "Mobile"},
                {"value": "+49 30 901820", "label": "work"},
            ],
        )
        self.assertEqual(berta["emails"], [{"value": "berta@example.com", "label": ""}])
        [address] = berta["addresses"]
        self.assertEqual(address["street"], "Lindenweg 3")
        self.assertEqual((address["zip"], address["city"]), ("10115", "Berlin"))
        self.assertEqual(oscar["name"], "Óscar Ejemplo")
        self.assertEqual(oscar["phones"], [{"value": "600888001", "label": "cell"}])

    def test_the_text_has_a_line_for_each_value(self):
        self.assertEqual(
            text_of_people(read(TWO_CARDS)).splitlines(),
            [
                "Berta Muster",
                "Head of sales, Muster GmbH, Sales",
                "+49 151 1234567",
                "+49 30 901820",
                "berta@example.com",
                "Lindenweg 3, 10115 Berlin, Germany",
                "Óscar Ejemplo",
                "600888001",
            ],
        )

    def test_charsets(self):
        named = "N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Mu=F1oz;Jos=E9"
        latin = "BEGIN:VCARD\nFN:José\nEND:VCARD".encode("cp1252")
        cyrillic = "BEGIN:VCARD\nFN;CHARSET=KOI8-R:Иван\nEND:VCARD".encode("koi8-r")
        marked = b"\xef\xbb\xbf" + card("FN:Ana")
        for content, name in [
            (card("VERSION:2.1", named), "José Muñoz"),
            (latin, "José"),
            (cyrillic, "Иван"),
            (marked, "Ana"),
        ]:
            with self.subTest(name):
                self.assertEqual([each["name"] for each in read(content)], [name])

    def test_a_card_without_a_name_shows_its_other_details(self):
        for lines, name in [
            (["ORG:Acme"], "Acme"),
            (["TEL:123"], "123"),
            (["EMAIL:a@example.com"], "a@example.com"),
            (["FN:\u202e\u200b", "TEL;VALUE=uri:tel:+34-600"], "+34-600"),
        ]:
            with self.subTest(name):
                [person] = read(card(*lines))
                self.assertEqual(person["name"], name)

    def test_bad_cards_are_left_out_and_raise_nothing(self):
        bad = [
            b"",
            b"BEGIN:VCARD",
            b"BEGIN:VCARD\n\xff\xfe\x00\nEND:VCARD",
            b"END:VCARD\nBEGIN:VCARD\nEND:VCARD",
            card("FN;CHARSET=nope;ENCODING=QUOTED-PRINTABLE:=C3=81"),
            card("N:", "TEL:", "ADR:"),
            bytes(range(256)) * 20,
        ]
        for content in bad:
            with self.subTest(content[:30]):
                with self.assertNoLogs(level=logging.WARNING):
                    self.assertEqual(people_of(io.BytesIO(content)), ([], 0))
        good = card("garbage", "FN:Ana")
        self.assertEqual(
            [each["name"] for each in read(b"\n".join((*bad, good)))], ["Ana"]
        )

    def test_a_truncated_card_still_shows_its_details(self):
        [person] = read(b"BEGIN:VCARD\nFN:Ana\nTEL:12")
        self.assertEqual(person["phones"][0]["value"], "12")

    def test_the_number_of_cards_and_the_size_of_pictures_are_limited(self):
        people, count = people_of(io.BytesIO(card("FN:Ana", "TEL:1") * 1000))
        self.assertEqual((len(people), count), (MAX_PEOPLE, 1000))
        picture = "PHOTO;ENCODING=b:" + "A" * 16 * 1024 * 1024
        [person] = read(card("FN:Ana", picture, "TEL:1"))
        self.assertEqual(person["phones"][0]["value"], "1")
        [person] = read(card("FN:" + "x" * 5000, *["TEL:1"] * 5000))
        self.assertLessEqual(len(person["phones"]), 10)
        self.assertLessEqual(len(person["name"]), 100)


class TestContactMessages(MessagingCase):
    """A customer's contact card, from the file to bubble, list and note."""

    def receive(self, content=TWO_CARDS, **options):
        form = self.media_form("text/vcard", **options)
        self.process(form)
        self.http.answers = [redirect(CDN), file(content, "text/vcard")]
        self.env["messaging.media"]._download_next()
        self.env.invalidate_all()
        return self.message_of(form)

    def test_people_are_in_bubble_list_search_and_note(self):
        message = self.receive()
        conversation = message.conversation_id
        names = [each["name"] for each in message.data["contacts"]]
        self.assertEqual(names, ["Berta Muster", "Óscar Ejemplo"])
        self.assertEqual(message.kind, "contact")
        inbox = self.env["messaging.conversation"].with_user(self.agent)
        [row] = inbox.inbox_rows(conversation.ids)
        contacts = {"name": "Berta Muster", "count": 2, "is_text": True}
        self.assertEqual(row["preview"]["contacts"], contacts)
        self.assertTrue(row["preview"]["body"].startswith("Berta Muster\n"))
        self.assertIn("Berta Muster", conversation.last_message_preview)
        line = message.with_context(tz="UTC")._line()
        for value in ("Berta Muster", "+49 151 1234567", "Óscar Ejemplo", "600888001"):
            self.assertIn(value, line)
            self.assertIn(value, message.body)

    def test_a_bus_update_contains_the_people(self):
        self.process(form := self.media_form("text/vcard"))
        self.bus()
        self.http.answers = [redirect(CDN), file(TWO_CARDS, "text/vcard")]
        self.env["messaging.media"]._download_next()
        [(_channel, payload)] = self.bus("changed")
        [shown] = payload["messages"]
        self.assertEqual(shown["id"], self.message_of(form).id)
        self.assertEqual(len(shown["data"]["contacts"]), 2)

    def test_an_unreadable_card_stays_a_file(self):
        message = self.receive(b"BEGIN:VCARD\nnothing\nEND:VCARD")
        self.assertEqual(message.media_ids.state, "ready")
        self.assertEqual(message.attachment_ids.name, "contact.vcf")
        self.assertFalse(message.body)
        self.assertNotIn("contacts", message.data or {})

    def test_cards_do_not_replace_the_customers_text(self):
        message = self.receive(Body="Call her")
        self.assertEqual(message.body, "Call her")
        self.assertNotIn("contact_text", message.data)
        self.assertEqual(len(message.data["contacts"]), 2)

    def test_people_beside_a_text_appear_in_list_quote_note_and_push(self):
        message = self.receive(Body="Call her")
        conversation = message.conversation_id.with_user(self.agent)
        [row] = conversation.inbox_rows(conversation.ids)
        contacts = {"name": "Berta Muster", "count": 2, "is_text": False}
        self.assertEqual(row["preview"]["contacts"], contacts)
        conversation.reply("I do", reply_to_id=message.id)
        quote = conversation.inbox_open(conversation.id)["messages"][-1]["reply_to"]
        self.assertEqual(quote["contacts"], contacts)
        line = message.with_context(tz="UTC")._line()
        for value in ("Call her", "Berta Muster", "+49 151 1234567", "600888001"):
            self.assertIn(value, line)
            self.assertIn(value, message._plain_text())
        self.assertEqual(line.count("Berta Muster"), 1)

    def test_the_stored_preview_finds_a_person_beside_words(self):
        conversation = self.receive(Body="Call her").conversation_id
        found = conversation.search([("last_message_preview", "ilike", "berta")])
        self.assertEqual(found, conversation)

    # creating a contact

    def test_a_contact_is_created_from_a_card(self):
        self.agent.group_ids += self.env.ref("sales_team.group_sale_salesman")
        message = self.receive().with_user(self.agent)
        action = message.action_create_contact(0)
        self.assertEqual(
            (action["res_model"], action["target"]), ("res.partner", "new")
        )
        partner = (
            self.env["res.partner"]
            .with_user(self.agent)
            .with_context(**action["context"])
            .create({})
        )
        self.assertRecordValues(
            partner,
            [
                {
                    "name": "Berta Muster",
                    "phone": "+49 151 1234567",
                    "email": "berta@example.com",
                    "function": "Head of sales",
                    "company_name": "Muster GmbH, Sales",
                    "city": "Berlin",
                    "country_id": self.env.ref("base.de").id,
                    "is_company": False,
                }
            ],
        )
        self.assertIn("+49 30 901820", partner.comment)
        for index in (-1, 2, 99):
            with self.assertRaises(UserError):
                message.action_create_contact(index)

    def test_a_card_in_an_inaccessible_message_is_refused(self):
        hidden = self.receive(channel=self.private)
        for user in (self.agent, self.employee, self.stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                hidden.with_user(user).action_create_contact(0)

    def test_a_card_creates_a_contact_only_with_the_right_to_create(self):
        message = self.receive().with_user(self.agent)
        self.assertFalse(message.env["res.partner"].has_access("create"))
        with self.assertRaises(AccessError):
            message.action_create_contact(0)
