"""All telephone numbers of a contact or lead, which people type into one field."""

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.phone_numbers import numbers_within, pieces, spellings, written


class MessagingPhones(models.AbstractModel):
    """For records with Odoo's ``phone_sanitized``, which knows one number at most."""

    _name = "messaging.phones"
    _inherit = "mail.thread.phone"
    _description = "Phone numbers in one field"

    messaging_phones = fields.Char(
        string="All telephone numbers",
        compute="_compute_messaging_phones",
        compute_sudo=True,
        store=True,
        help="In E.164, separated by spaces. As written where the number is not valid, "
        "and also as written where the country is only the company's.",
    )

    @api.depends(lambda self: self._phone_get_sanitize_triggers())
    def _compute_messaging_phones(self):
        countries = self._phone_get_country()
        for record in self:
            names = self._phone_get_number_fields()
            texts = [record[name] for name in names if name in record and record[name]]
            country = countries.get(record.id)
            found = []
            for text in texts:
                numbers, others = self._messaging_numbers(text, country)
                found += numbers
                found += others if country else map(written, pieces(text))
            record.messaging_phones = " ".join(dict.fromkeys(found)) or False

    @api.model
    def _messaging_numbers(self, text, country):
        """Return (E.164 numbers in a text, the pieces in which there is none)."""
        country = country or self.env.company.country_id
        number = self._phone_format_number(text, country)
        if number:
            return [number], []
        numbers, others = [], []
        for piece in pieces(text):
            number = self._phone_format_number(piece, country)
            found = [number] if number else numbers_within(piece, country.code)
            numbers += found
            others += [] if found else [written(piece)]
        return numbers, others

    @api.model
    def _messaging_with_phones(self, numbers):
        """Return the ids of records with one of these E.164 numbers.

        Asked at once: among other conditions the index would not be used.
        """
        self.flush_model(["messaging_phones"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM %s WHERE string_to_array(messaging_phones, ' ') && %s",
                SQL.identifier(self._table),
                list(set(numbers).union(*map(spellings, numbers))),
            )
        )
        return [row[0] for row in rows]
