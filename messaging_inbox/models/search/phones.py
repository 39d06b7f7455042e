"""All phone numbers of a contact or lead, even several typed into one field."""

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.phone_numbers import numbers_within, pieces, spellings, written


class MessagingPhones(models.AbstractModel):
    """Adds all numbers of a record to Odoo's ``phone_sanitized``, which holds one."""

    _name = "messaging.phones"
    _inherit = "mail.thread.phone"
    _description = "Phone numbers in one field"

    messaging_phones = fields.Char(
        string="All phone numbers",
        compute="_compute_messaging_phones",
        compute_sudo=True,
        store=True,
        help="In E.164, separated by spaces. Invalid numbers are kept as written. "
        "Numbers whose country is only assumed are also kept as written.",
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
        """Return (E.164 numbers in a text, pieces without a number)."""
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

        This is a query of its own: combined with other conditions, it would not use the
        index.
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
