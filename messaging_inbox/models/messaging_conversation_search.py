"""Finding contacts, leads and deals by what somebody knows of them."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import escape_psql

from .client_values import expects, is_number, is_text
from .phone_matching import SEPARATORS, digits_of, spellings, variants

MOST_FOUND = 50


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    @api.model
    @expects(model=is_text, limit=is_number)
    def inbox_link_search(self, id, model, query, limit=8):  # noqa: A002
        """Find contacts, or leads and deals, by whatever the user remembers."""
        conversation = self._readable(id)
        domains = {
            "res.partner": conversation._partner_search_domain,
            "crm.lead": conversation._lead_search_domain,
        }
        if model not in domains:
            raise UserError(self.env._("Search for contacts, leads or deals."))
        query = text_of(query)
        if not query or not self.env[model].has_access("read"):
            return []
        domain = conversation._same_company() & domains[model](query)
        limit = max(1, min(limit, MOST_FOUND))
        return [HITS[model](hit) for hit in self.env[model].search(domain, limit=limit)]

    # ------------------------------------------------------------------
    # domains
    # ------------------------------------------------------------------

    def _same_company(self):
        return Domain("company_id", "in", [False, self.company_id.id])

    def _phone_domain(self, Model, numbers):
        """Find telephones by number, or by spelling where Odoo knows no number.

        A number without a country was taken for one of the company's country. Asked at
        once: among other conditions the indexes would not be used.
        """
        if not numbers:
            return Domain.FALSE
        Model.flush_model(["phone", "phone_sanitized", "country_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM %(table)s WHERE phone_sanitized = ANY(%(numbers)s)
                 UNION
                SELECT id FROM %(table)s
                 WHERE phone IS NOT NULL
                   AND regexp_replace(phone, %(separators)s, '', 'g')
                       = ANY(%(written)s)
                   AND (phone_sanitized IS NULL OR country_id IS NULL)
                """,
                table=SQL.identifier(Model._table),
                numbers=numbers,
                separators=SEPARATORS,
                written=list(set().union(*map(spellings, numbers))),
            )
        )
        return Domain("id", "in", [row[0] for row in rows])

    def _typed_number_domain(self, Model, query):
        """Find by a number, or a part of one, however it is written there or here."""
        digits = digits_of(query)
        if not digits:
            return Domain.FALSE
        return (
            Domain("phone_sanitized", "ilike", digits)
            | Domain("phone_mobile_search", "ilike", digits)
            | self._phone_domain(Model, self._numbers(query))
        )

    def _partner_search_domain(self, query):
        # A complete name begins with the company's.
        words = any_has(("complete_name", "email"), query)
        return words | self._typed_number_domain(self.env["res.partner"], query)

    def _lead_search_domain(self, query):
        # Contact's and company's names are kept on the lead.
        names = ("name", "contact_name", "partner_name", "email_from")
        words = any_has(names, query)
        return words | self._typed_number_domain(self.env["crm.lead"], query)

    def _numbers(self, typed):
        """Return all numbers of a telephone as somebody wrote it."""
        # sudo: res.company - the country in which numbers are dialled
        country = self.sudo().company_id.country_id
        Partner = self.env["res.partner"]
        number = typed and Partner._phone_format(number=typed, country=country)
        return variants(number) if number else []


def any_has(names, text):
    """Find a text in any of these fields; "%" and "_" stand for themselves."""
    return Domain.OR(Domain(name, "ilike", escape_psql(text)) for name in names)


def partner_hit(partner):
    company = partner.commercial_company_name or partner.company_name
    if company == partner.name:
        company = ""
    return {
        "id": partner.id,
        "name": partner.name or partner.display_name,
        "detail": _one_line(company, partner.email),
        "phone": partner.phone,
        "reason": False,
        "reason_text": "",
    }


def lead_hit(lead):
    # sudo: res.partner - the name of the customer, and no more
    customer = lead.sudo().partner_id.name or lead.contact_name
    stage = lead.type == "opportunity" and lead.stage_id.name
    return {
        "id": lead.id,
        "name": lead.name,
        "type": lead.type,
        "detail": _one_line(customer, lead.partner_name, stage, lead.email_from),
        "phone": lead.phone,
        "reason": False,
        "reason_text": "",
    }


def text_of(value):
    """Return what a client sent as text that a database can look for."""
    return str(value or "").strip()


def _one_line(*words):
    return " · ".join(dict.fromkeys(word for word in words if word))


HITS = {"res.partner": partner_hit, "crm.lead": lead_hit}
