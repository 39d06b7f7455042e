from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ...providers.people import MAX_PEOPLE, text_of_people
from ...tools.client_values import expects, is_number
from ...tools.contact_cards import people_of


class MessagingMessage(models.Model):
    """Contact cards (vCards) from customers, read once the file is downloaded."""

    _inherit = "messaging.message"

    def _add_contacts(self, content):
        """Read the cards of a file into ``data.contacts``.

        If the message has no text, they become its body, so that search, previews and
        notes include them. ``data.contact_text`` then shows that the customer didn't
        write that body.
        """
        people, count = people_of(content)
        if not people:
            return
        self.conversation_id._lock()
        self.invalidate_recordset(["data", "body", "kind"])
        data = dict(self.data or {})
        data["contacts"] = [*data.get("contacts", ()), *people][:MAX_PEOPLE]
        data["contact_count"] = data.get("contact_count", 0) + count
        values = {"data": data}
        if not self.body or data.get("contact_text"):
            data["contact_text"] = True
            values["body"] = text_of_people(data["contacts"])
        if self.kind == "document":
            values["kind"] = "contact"
        self._store(values)
        self._content_changed()

    def _text_of_contacts(self):
        """Return the cards as text, or "" if they are the message's body already."""
        data = self.data or {}
        is_body = data.get("contact_text")
        return "" if is_body else text_of_people(data.get("contacts", ()))

    @expects(index=is_number)
    def action_create_contact(self, index):
        """Return an action that opens a new contact, prefilled from card ``index``.

        Raise UserError if the message has no such card (any more).
        """
        self.ensure_one()
        self.check_access("read")
        self.env["res.partner"].check_access("create")
        people = (self.data or {}).get("contacts") or []
        if not 0 <= index < len(people):
            raise UserError(self.env._("This contact is no longer in the message."))
        values = self._partner_values(people[index])
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Create contact"),
            "res_model": "res.partner",
            "views": [(False, "form")],
            "target": "new",
            "context": {f"default_{name}": value for name, value in values.items()},
        }

    def _partner_values(self, person):
        """Return field values for a contact; other values go into its notes."""
        phones, emails = person["phones"], person["emails"]
        is_company = person["name"] == person["organization"]
        values = {
            "name": person["name"],
            "phone": phones[0]["value"] if phones else "",
            "email": emails[0]["value"] if emails else "",
            "function": person["title"],
            "is_company": is_company,
            "company_name": "" if is_company else person["organization"],
            "comment": self._other_values(phones[1:] + emails[1:]),
        }
        for address in person["addresses"][:1]:
            values.update(street=address["street"], city=address["city"])
            values.update(zip=address["zip"], country_id=self._country(address).id)
        return {name: value for name, value in values.items() if value}

    def _other_values(self, entries):
        lines = [
            f"{entry['label']}: {entry['value']}" if entry["label"] else entry["value"]
            for entry in entries
        ]
        return Markup(plaintext2html("\n".join(lines))) if lines else ""

    def _country(self, address):
        name = address["country"]
        countries = self.env["res.country"]
        if not name:
            return countries
        by_name = ["|", ("name", "=ilike", name), ("code", "=ilike", name)]
        return countries.search(by_name, limit=1)
