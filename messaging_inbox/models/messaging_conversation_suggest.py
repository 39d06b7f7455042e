"""Whom a conversation may belong to: offered with the reason, never chosen."""

from itertools import chain

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize_all
from odoo.tools.mail import email_re

from .phone_matching import SEPARATORS, digits_of, spellings, variants

OFFERED = 5
MOST_FOUND = 50
# How many of the customer's latest messages are looked through for an e-mail address.
LATEST = 100


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    dismissed_partner_ids = fields.Many2many(
        "res.partner",
        "messaging_conversation_dismissed_partner_rel",
        string="Not these contacts",
        readonly=True,
        help="Contacts that somebody said this customer is not: never offered again.",
    )

    # ------------------------------------------------------------------
    # what the client asks
    # ------------------------------------------------------------------

    @api.model
    def inbox_suggestions(self, id):  # noqa: A002 - the client's word
        """Return the contacts, leads and deals that this customer may be."""
        conversation = self._readable(id)
        clues = conversation._clues()
        return {
            "partners": conversation._partner_hits(clues),
            "leads": conversation._lead_hits(clues),
        }

    @api.model
    def inbox_partner_duplicates(self, id, values):  # noqa: A002
        """Return the contacts that one with these values may be."""
        conversation = self._readable(id)
        return conversation._partner_hits(conversation._clues(values))

    @api.model
    def inbox_lead_duplicates(self, id, values):  # noqa: A002
        """Return the open leads and deals that one with these values may be."""
        conversation = self._readable(id)
        return conversation._lead_hits(conversation._clues(values))

    @api.model
    def inbox_link_search(self, id, model, query, limit=8):  # noqa: A002
        """Find contacts, or leads and deals, by whatever the user remembers."""
        conversation = self._readable(id)
        searches = {
            "res.partner": (conversation._partner_search_domain, _partner_hit),
            "crm.lead": (conversation._lead_search_domain, _lead_hit),
        }
        if model not in searches:
            raise UserError(self.env._("Search for contacts, leads or deals."))
        query = _text(query)
        if not query or not self.env[model].has_access("read"):
            return []
        domain, hit = searches[model]
        limit = max(1, min(limit, MOST_FOUND))
        allowed = conversation._same_company() & domain(query)
        return [hit(record) for record in self.env[model].search(allowed, limit=limit)]

    def action_not_this_person(self, partner_id):
        """Never offer this contact again, to nobody; linking it by hand undoes that."""
        self.check_access("write")
        partner = self.env["res.partner"].browse(partner_id)
        partner.check_access("read")
        return self._store({"dismissed_partner_ids": [(4, partner.id)]})

    # ------------------------------------------------------------------
    # clues
    # ------------------------------------------------------------------

    def _clues(self, values=None):
        """Return what is known of the customer, or of what was typed."""
        if values is None:
            return {
                "phones": self._phones(),
                "emails": self._typed_emails(),
                "name": self.contact_name,
                "partner": self.partner_id,
                "lead": self.lead_id,
                "elsewhere": self._conversations_elsewhere(),
            }
        partner_id = values.get("partner_id")
        typed = {name: _text(value) for name, value in values.items()}
        return {
            "phones": self._numbers(typed.get("phone")),
            "emails": email_normalize_all(
                typed.get("email") or typed.get("email_from") or ""
            ),
            "name": typed.get("contact_name") or typed.get("name"),
            "partner": self.env["res.partner"].browse(
                partner_id if isinstance(partner_id, int) and partner_id else ()
            ),
            "lead": self.env["crm.lead"],
            "elsewhere": self.browse(),
        }

    def _phones(self):
        """Return all numbers of the customer's telephone."""
        known = [self.contact_phone or "", *self.identity_ids.mapped("external_id")]
        numbers = dict.fromkeys(number for number in known if number.startswith("+"))
        return list(chain.from_iterable(map(variants, numbers)))

    def _numbers(self, typed):
        """Return all numbers of a telephone as somebody wrote it."""
        # sudo: res.company - the country in which numbers are dialled
        country = self.sudo().company_id.country_id
        Partner = self.env["res.partner"]
        number = typed and Partner._phone_format(number=typed, country=country)
        return variants(number) if number else []

    def _typed_emails(self):
        """Return the addresses that the customer wrote lately, the latest first."""
        rows = self.env.execute_query(
            SQL(
                "SELECT body FROM (SELECT id, body FROM messaging_message"
                " WHERE conversation_id = %s AND direction = 'inbound'"
                " ORDER BY id DESC LIMIT %s) latest"
                " WHERE body LIKE '%%@%%' ORDER BY id DESC",
                self.id,
                LATEST,
            )
        )
        written = [email for (body,) in rows for email in email_re.findall(body)]
        return list(dict.fromkeys(email_normalize_all(", ".join(written))))

    def _conversations_elsewhere(self):
        """Return this customer's conversations on other channels that the user sees.

        Ids that aren't numbers match nothing else.
        """
        ids = [*self.identity_ids.mapped("external_id"), *self._phones()]
        channels = self.env["messaging.channel"]._visible_channels(self.env.companies)
        # Both columns, for the index has them in this order.
        same = [("channel_id", "in", channels.ids), ("external_id", "in", ids)]
        domain = [("id", "!=", self.id), ("identity_ids", "any", same)]
        return self.search(domain, limit=MOST_FOUND)

    # ------------------------------------------------------------------
    # hits
    # ------------------------------------------------------------------

    def _partner_hits(self, clues):
        Partner = self.env["res.partner"]
        if not Partner.has_access("read"):
            return []
        # sudo: res.partner - never offered again, whoever may read it
        not_these = self.partner_id | self.sudo().dismissed_partner_ids
        allowed = Domain("id", "not in", not_these.ids)
        elsewhere = clues["elsewhere"].partner_id.ids
        reasons = {
            "lead_contact": self._lead_contact_domain(clues["lead"]),
            "same_phone": self._phone_domain(Partner, clues["phones"]),
            "same_customer": Domain("id", "in", elsewhere),
            "same_email": Domain("email_normalized", "in", clues["emails"]),
        }
        hits = self._hits(Partner, reasons, allowed)
        # A name says little: many have the same.
        if not hits and clues["name"]:
            same_name = {"same_name": Domain("name", "=", clues["name"])}
            hits = self._hits(Partner, same_name, allowed)
        return hits

    def _lead_hits(self, clues):
        Lead = self.env["crm.lead"]
        if not Lead.has_access("read"):
            return []
        partner = clues["partner"]
        # sudo: res.partner - never offered again, whoever may read it
        not_of_these = self.sudo().dismissed_partner_ids.ids
        allowed = Domain("id", "!=", self.lead_id.id)
        allowed &= Domain("partner_id", "not in", not_of_these)
        allowed &= Domain("won_status", "=", "pending")
        same_email = Lead._get_lead_duplicates(email=", ".join(clues["emails"]))
        reasons = {
            "same_phone": self._phone_domain(Lead, clues["phones"]),
            "same_customer": Domain("id", "in", clues["elsewhere"].lead_id.ids),
            "same_email": Domain("id", "in", same_email.ids),
        }
        if partner and partner.has_access("read"):
            of_contact = Lead._get_lead_duplicates(partner)
            reasons["contact_deal"] = self._open_deals_domain(partner) | Domain(
                "id", "in", of_contact.ids
            )
        return self._hits(Lead, reasons, allowed)

    def _hits(self, Model, reasons, allowed):
        """Return the first records of each reason, each record once."""
        hit = {"res.partner": _partner_hit, "crm.lead": _lead_hit}[Model._name]
        found = {}
        allowed &= self._same_company()
        for reason, domain in reasons.items():
            for record in Model.search(domain & allowed, limit=OFFERED):
                found.setdefault(record, reason)
        texts = self._reason_texts()
        return [
            {**hit(record), "reason": reason, "reason_text": texts[reason]}
            for record, reason in found.items()
        ]

    def _reason_texts(self):
        return {
            "lead_contact": self.env._("Contact of the linked deal"),
            "same_phone": self.env._("Same number"),
            "same_customer": self.env._("Same customer in another conversation"),
            "same_email": self.env._("Same e-mail address"),
            "same_name": self.env._("Same name"),
            "contact_deal": self.env._("Belongs to this contact"),
        }

    # ------------------------------------------------------------------
    # domains
    # ------------------------------------------------------------------

    def _lead_contact_domain(self, lead):
        """Propose the contact of what is linked, which doesn't link it by itself."""
        if not lead or not lead.has_access("read"):
            return Domain.FALSE
        return Domain("id", "in", lead.partner_id.ids)

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
        words = _any_has(("complete_name", "email"), query)
        return words | self._typed_number_domain(self.env["res.partner"], query)

    def _lead_search_domain(self, query):
        # Contact's and company's names are kept on the lead.
        names = ("name", "contact_name", "partner_name", "email_from")
        words = _any_has(names, query)
        return words | self._typed_number_domain(self.env["crm.lead"], query)


def _any_has(names, query):
    return Domain.OR(Domain(name, "ilike", query) for name in names)


def _partner_hit(partner):
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


def _lead_hit(lead):
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


def _text(value):
    """Return what a client sent as text that a database can look for."""
    return str(value or "").replace("\x00", "").strip()


def _one_line(*words):
    return " · ".join(dict.fromkeys(word for word in words if word))
