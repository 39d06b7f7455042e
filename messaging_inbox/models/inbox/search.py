"""Search for contacts, leads and deals to link to a conversation."""

from itertools import chain

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.client_values import expects, is_number, is_text
from ...tools.phone_numbers import digits_of, variants
from ..search.folded_text import has_words

MOST_FOUND = 50


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    @api.model
    @api.readonly
    @expects(model=is_text, limit=is_number)
    def inbox_link_search(self, id, model, query, limit=8):  # noqa: A002
        """Search contacts (``res.partner``) or leads and deals (``crm.lead``).

        ``query`` is part of a name, email address or number, among others. Return hits:
        ``{id, name, detail, phone, reason, reason_text}``, leads also with ``type``.
        """
        conversation = self._readable(id)
        domains = {
            "res.partner": conversation._partner_search_domain,
            "crm.lead": conversation._lead_search_domain,
        }
        if model not in domains:
            raise UserError(
                self.env._("You can only search for contacts, leads or deals.")
            )
        query = text_of(query)
        if not query or not self.env[model].has_access("read"):
            return []
        domain = conversation._same_company() & domains[model](query)
        limit = max(1, min(limit, MOST_FOUND))
        return [HITS[model](hit) for hit in self.env[model].search(domain, limit=limit)]

    # ------------------------------------------------------------------
    # domains
    # ------------------------------------------------------------------

    def _phone_domain(self, Model, numbers):
        """Match phones by number, or as written if Odoo can't parse the number."""
        ids = Model._messaging_with_phones(numbers) if numbers else []
        return Domain("id", "in", ids)

    def _typed_number_domain(self, Model, query):
        """Match a number, or part of one, in any spelling."""
        digits = digits_of(query)
        if not digits:
            return Domain.FALSE
        part = Domain("messaging_phones", "ilike", digits)
        return part | self._phone_domain(Model, self._numbers(query))

    def _partner_search_domain(self, query):
        Partner = self.env["res.partner"]
        words = has_words(Partner._messaging_search_fields, query)
        return words | self._typed_number_domain(Partner, query)

    def _lead_search_domain(self, query):
        Lead = self.env["crm.lead"]
        words = has_words(Lead._messaging_search_fields, query)
        return words | self._typed_number_domain(Lead, query)

    def _numbers(self, typed):
        """Return all numbers of the phones in ``typed``, in E.164."""
        # sudo: res.company - the country that national numbers belong to
        country = self.sudo().company_id.country_id
        if not typed:
            return []
        numbers, _others = self.env["res.partner"]._messaging_numbers(typed, country)
        return list(chain.from_iterable(map(variants, numbers)))


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
    # sudo: res.partner - only the customer's name
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
    """Return a value that a client sent as stripped text."""
    return str(value or "").strip()


def _one_line(*words):
    return " · ".join(dict.fromkeys(word for word in words if word))


HITS = {"res.partner": partner_hit, "crm.lead": lead_hit}
