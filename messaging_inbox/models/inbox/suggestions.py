"""Whom a conversation may belong to: offered with the reason, never chosen."""

import re
from itertools import chain, islice

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize_all

from ...tools.client_values import are_values, expects
from ...tools.phone_numbers import variants
from .search import HITS, MOST_FOUND, text_of

OFFERED = 5
# How many of the customer's latest messages are looked through for an e-mail address.
LATEST = 100
LONGEST = 4096
MOST_EMAILS = 20
LONGEST_TYPED = 320
# Customers write whatever they like: each character begins at most one try, and each
# part has a length, so that the time grows with the text and not with its square.
EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}"
    r"@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,63}"
)


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    dismissed_partner_ids = fields.Many2many(
        "res.partner",
        "messaging_conversation_dismissed_partner_rel",
        string="Not these contacts",
        readonly=True,
        help=(
            "Contacts that an Agent rejected for this customer. They aren't"
            " suggested again."
        ),
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
    @expects(values=are_values)
    def inbox_partner_duplicates(self, id, values):  # noqa: A002
        """Return the contacts that one with these values may be."""
        conversation = self._readable(id)
        return conversation._partner_hits(conversation._typed_clues(values))

    @api.model
    @expects(values=are_values)
    def inbox_lead_duplicates(self, id, values):  # noqa: A002
        """Return the open leads and deals that one with these values may be."""
        conversation = self._readable(id)
        return conversation._lead_hits(conversation._typed_clues(values))

    def action_not_this_person(self, partner_id):
        """Never offer this contact again, to nobody; linking it by hand undoes that."""
        self.check_access("write")
        partner = self._linkable("res.partner", partner_id)
        self._lock()
        # sudo: messaging.conversation - linked by a colleague meanwhile, seen or not
        if partner & self.sudo().partner_id:
            raise UserError(
                self.env._("%s is now linked to this conversation.", partner.name)
            )
        dismissed = [(4, id_) for id_ in partner.ids]
        return self._store({"dismissed_partner_ids": dismissed})

    # ------------------------------------------------------------------
    # clues
    # ------------------------------------------------------------------

    def _clues(self):
        """Return what is known of the customer."""
        return {
            "phones": self._phones(),
            "emails": self._typed_emails(),
            "name": self.contact_name,
            "partner": self.partner_id,
            "lead": self.lead_id,
            "elsewhere": self._conversations_elsewhere(),
        }

    def _typed_clues(self, values):
        """Return what was typed into a form, whatever a client sent."""
        typed = {name: text_of(value)[:LONGEST_TYPED] for name, value in values.items()}
        emails = typed.get("email") or typed.get("email_from") or ""
        partner_id = values.get("partner_id")
        if type(partner_id) is not int:
            partner_id = False
        return {
            "phones": self._numbers(typed.get("phone")),
            "emails": email_normalize_all(emails),
            "name": typed.get("contact_name") or typed.get("name"),
            "partner": self.env["res.partner"].browse(partner_id or ()),
            "lead": self.env["crm.lead"],
            "elsewhere": self.browse(),
        }

    def _phones(self):
        """Return all numbers of the customer's telephone."""
        known = [self._phone(), *self.identity_ids.mapped("external_id")]
        numbers = dict.fromkeys(
            number for number in known if number and number[0] == "+"
        )
        # A short code is no number of a country, but contacts are saved under it.
        if self._phone() and self._phone() not in numbers:
            numbers[self._phone()] = None
        return list(chain.from_iterable(map(variants, numbers)))

    def _typed_emails(self):
        """Return the addresses that the customer wrote lately, the latest first."""
        rows = self.env.execute_query(
            SQL(
                "SELECT left(body, %s) FROM (SELECT id, body FROM messaging_message"
                " WHERE conversation_id = %s AND direction = 'inbound'"
                " ORDER BY id DESC LIMIT %s) latest"
                " WHERE body LIKE '%%@%%' ORDER BY id DESC",
                LONGEST,
                self.id,
                LATEST,
            )
        )
        written = (found[0] for (body,) in rows for found in EMAIL.finditer(body))
        few = dict.fromkeys(islice(written, MOST_EMAILS))
        return list(dict.fromkeys(email_normalize_all(", ".join(few))))

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
        hit = HITS[Model._name]
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

    def _lead_contact_domain(self, lead):
        """Propose the contact of what is linked, which doesn't link it by itself."""
        if not lead or not lead.has_access("read"):
            return Domain.FALSE
        return Domain("id", "in", lead.partner_id.ids)
