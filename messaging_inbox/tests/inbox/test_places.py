from odoo.exceptions import AccessError

from ..conversation.link_case import LinkCase

POINT = {"partner_latitude": 41.3874, "partner_longitude": 2.1686}


class TestPlaces(LinkCase):
    """The places that are offered: of our company and of the linked contact."""

    def places(self, user=None):
        return self.inbox.with_user(user or self.agent).inbox_places(self.thread.id)

    def setUp(self):
        super().setUp()
        self.company = self.thread.company_id.partner_id.sudo()
        self.company.write({"partner_latitude": 0, "partner_longitude": 0})

    def test_company_and_contact_are_offered_where_odoo_knows_them(self):
        self.assertEqual(self.places(), [])
        self.company.write({**POINT, "street": "Gran Via 1", "city": "Barcelona"})
        self.partner.write({"partner_latitude": -1.5, "partner_longitude": 2})
        self.thread.write({"partner_id": self.partner.id})
        ours, theirs = self.places()
        self.assertEqual((ours["latitude"], ours["longitude"]), (41.3874, 2.1686))
        self.assertEqual(ours["label"], self.company.display_name)
        self.assertIn("Gran Via 1, ", ours["address"])
        self.assertEqual((theirs["latitude"], theirs["longitude"]), (-1.5, 2))
        self.thread.reply(place=ours)

    def test_nobody_else_gets_them(self):
        for user in (self.stranger, self.employee):
            with self.assertRaises(AccessError):
                self.places(user)
