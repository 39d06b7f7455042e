"""Suggest who a customer may be, with the reason. Nothing is linked automatically."""

import re
from itertools import chain, islice

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize_all

from ...tools.client_values import are_values, expects, is_id
from ...tools.phone_numbers import variants
from .search import HITS, MOST_FOUND, text_of

OFFERED = 5
# How many of the customer's latest messages are searched for email addresses.
LATEST = 100
LONGEST = 4096
MOST_EMAILS = 20
LONGEST_TYPED = 320
# Customers can write anything: each character starts at most one attempt and each part
# has a maximum length, so the time is linear in the text's length, not quadratic.
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
    # the client's methods
    # ------------------------------------------------------------------

    @api.model
    def inbox_suggestions(self, id):  # noqa: A002 - the client's word
        """Return the contacts, leads and deals that may be this customer's.

        The result is ``{partners, leads}``, lists of hits as in
        :meth:`inbox_link_search` with their reasons.
        """
        conversation = self._readable(id)
        clues = conversation._clues()
        return {
            "partners": conversation._partner_hits(clues),
            "leads": conversation._lead_hits(clues),
        }

    @api.model
    @api.readonly
    @expects(values=are_values)
    def inbox_partner_duplicates(self, id, values):  # noqa: A002
        """Return existing contacts that a new one with these values may duplicate."""
        conversation = self._readable(id)
        return conversation._partner_hits(conversation._typed_clues(values))

    @api.model
    @api.readonly
    @expects(values=are_values)
    def inbox_lead_duplicates(self, id, values):  # noqa: A002
        """Return open leads that a new one with these values may duplicate."""
        conversation = self._readable(id)
        return conversation._lead_hits(conversation._typed_clues(values))

    @expects(partner_id=is_id)
    def action_not_this_person(self, partner_id):
        """Never suggest this contact again to any user, unless it is linked by hand."""
        self.check_access("write")
        partner = self._linkable("res.partner", partner_id)
        self._lock()
        # sudo: messaging.conversation - a colleague may have linked a hidden contact
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
        """Return what we know about the customer, to search by."""
        return {
            "phones": self._phones(),
            "emails": self._typed_emails(),
            "name": self.contact_name,
            "partner": self.partner_id,
            "lead": self.lead_id,
            "elsewhere": self._conversations_elsewhere(),
        }

    def _typed_clues(self, values):
        """Return clues from the values of a form, ignoring malformed ones."""
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
        """Return all numbers of the customer's phone."""
        known = [self._phone(), *self.identity_ids.mapped("external_id")]
        numbers = dict.fromkeys(
            number for number in known if number and number[0] == "+"
        )
        # A short code isn't a national number, but contacts are saved with it.
        if self._phone() and self._phone() not in numbers:
            numbers[self._phone()] = None
        return list(chain.from_iterable(map(variants, numbers)))

    def _typed_emails(self):
        """Return email addresses from the customer's latest messages, newest first."""
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
        """Return the customer's conversations on other channels that the user can see.

        Ids that aren't numbers match only the same id.
        """
        ids = [*self.identity_ids.mapped("external_id"), *self._phones()]
        channels = self.env["messaging.channel"]._visible_channels(self.env.companies)
        # Filter by both columns, in the order of the index.
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
        # sudo: res.partner - excluded for all users, readable or not
        excluded = self.partner_id | self.sudo().dismissed_partner_ids
        allowed = Domain("id", "not in", excluded.ids)
        elsewhere = clues["elsewhere"].partner_id.ids
        reasons = {
            "lead_contact": self._lead_contact_domain(clues["lead"]),
            "same_phone": self._phone_domain(Partner, clues["phones"]),
            "same_customer": Domain("id", "in", elsewhere),
            "same_email": Domain("email_normalized", "in", clues["emails"]),
        }
        hits = self._hits(Partner, reasons, allowed)
        # A name is a weak clue, since many people share it.
        if not hits and clues["name"]:
            same_name = {"same_name": Domain("name", "=", clues["name"])}
            hits = self._hits(Partner, same_name, allowed)
        return hits

    def _lead_hits(self, clues):
        Lead = self.env["crm.lead"]
        if not Lead.has_access("read"):
            return []
        partner = clues["partner"]
        # sudo: res.partner - excluded for all users, readable or not
        excluded_partner_ids = self.sudo().dismissed_partner_ids.ids
        allowed = Domain("id", "!=", self.lead_id.id)
        allowed &= Domain("partner_id", "not in", excluded_partner_ids)
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
        """Return hits for the first records of each reason, without repeats."""
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
            "same_email": self.env._("Same email address"),
            "same_name": self.env._("Same name"),
            "contact_deal": self.env._("Belongs to this contact"),
        }

    def _lead_contact_domain(self, lead):
        """Match the linked lead's contact: linking a lead doesn't link its contact."""
        if not lead or not lead.has_access("read"):
            return Domain.FALSE
        return Domain("id", "in", lead.partner_id.ids)
