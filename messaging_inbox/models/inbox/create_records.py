"""Create contacts, leads and deals from a conversation, prefilled with known values."""

from psycopg2 import DataError, ProgrammingError
from psycopg2.errors import ForeignKeyViolation, UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL

from ...tools.client_values import are_values, expects, is_text
from ..conversation.links import name_of

# Values of the wrong type or of no record. Not IntegrityError: Odoo translates the
# constraints that modules declare to their own sentences.
UNUSABLE = (DataError, ForeignKeyViolation, ProgrammingError, TypeError, ValueError)
LEAD_TYPES = ("lead", "opportunity")
ALL_LEADS = "sales_team.group_sale_salesman_all_leads"
LONGEST_CAMPAIGN = 100
# Keys that can name an advertisement or a link, the most informative first.
REFERRAL_NAMES = ("headline", "ad_title", "body", "source_id", "ad_id", "ref")


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    # ------------------------------------------------------------------
    # form defaults
    # ------------------------------------------------------------------

    @api.model
    def inbox_partner_defaults(self, id):  # noqa: A002 - the client's word
        """Return default values for a new contact, and possible duplicates.

        ``values`` maps fields to values, a many2one as ``{id, name}``; ``duplicates``
        is a list of hits, as in :meth:`inbox_suggestions`.
        """
        conversation = self._readable(id)
        clues = conversation._clues()
        return {
            "values": self._with_names("res.partner", conversation._partner_defaults()),
            "duplicates": conversation._partner_hits(clues),
        }

    @api.model
    @expects(type=is_text)
    def inbox_lead_defaults(self, id, type):  # noqa: A002 - the client's words
        """Return default values for a new lead or deal, and possible duplicates.

        The shape is that of :meth:`inbox_partner_defaults`.
        """
        conversation = self._readable(id)
        conversation._check_lead_type(type)
        values = self._with_names("crm.lead", conversation._lead_defaults())
        for field, name in conversation._utm_names().items():
            record = conversation._utm_record(field, name)
            values[field] = bool(name) and {"id": record.id, "name": name}
        return {
            "values": values,
            "duplicates": conversation._lead_hits(conversation._clues()),
        }

    def _with_names(self, model, values):
        """Return the values, with ``{id, name}`` for each many2one that is set."""
        fields_ = self.env[model]._fields
        named = {}
        for name, value in values.items():
            if value and fields_[name].type == "many2one":
                record = self.env[fields_[name].comodel_name].browse(value)
                value = {"id": value, "name": name_of(record)}
            named[name] = value or False
        return named

    # ------------------------------------------------------------------
    # creating
    # ------------------------------------------------------------------

    @expects(vals=are_values)
    def action_create_partner(self, vals):
        """Create a contact as the user, and link it; return its id."""
        self.ensure_one()
        self.check_access("write")
        self._check_no_partner()
        partner = self._create_record(
            "res.partner", {**self._partner_defaults(), **vals}
        )
        self.write({"partner_id": partner.id})
        return partner.id

    @expects(vals=are_values, type=is_text)
    def action_create_lead(self, vals, type):  # noqa: A002 - the contract's word
        """Create a ``lead`` or an ``opportunity`` as the user, and link it.

        Source, medium and campaign are filled in unless given. No contact is created.
        Return the id of the new record.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_lead_type(type)
        sources = {
            field: self._utm_record(field, name, create=True).id
            for field, name in self._utm_names().items()
            if name and not vals.get(field)
        }
        values = {**self._lead_defaults(), **vals, **sources, "type": type}
        lead = self._create_record("crm.lead", values)
        self.write({"lead_id": lead.id})
        return lead.id

    def _create_record(self, model, values):
        """Create a record as the user, in the channel's company.

        Raise UserError on bad input.
        """
        Model = self.env[model].with_company(self.company_id)
        unknown = values.keys() - Model._fields.keys()
        if unknown:
            names = ", ".join(sorted(unknown))
            raise UserError(self.env._("Unknown field: %s.", names))
        if not str(values.get("name") or "").strip():
            raise UserError(self.env._("Enter a name."))
        try:
            return Model.create(values).with_env(self.env)
        except UNUSABLE as error:
            sentence = self.env._("These values can't be saved.")
            raise UserError(sentence) from error

    def _check_no_partner(self):
        """Refuse a second contact: a colleague may have just linked one, or the
        response to the user's first attempt was lost."""
        self._lock()
        if self.partner_id:
            raise UserError(
                self.env._(
                    "This conversation is already linked to %s.",
                    name_of(self.partner_id),
                )
            )

    def _check_lead_type(self, lead_type):
        if lead_type not in LEAD_TYPES:
            raise UserError(self.env._("Choose a lead or an opportunity."))

    # ------------------------------------------------------------------
    # known values
    # ------------------------------------------------------------------

    def _partner_defaults(self):
        return {
            "name": self.contact_name,
            "phone": self._phone(),
            "email": self._only_email(),
            "company_id": self.company_id.id,
        }

    def _lead_defaults(self):
        partner = self.partner_id
        if not partner.has_access("read"):
            partner = partner.browse()
        return {
            "name": self.contact_name,
            "contact_name": self.contact_name,
            "phone": self._lead_phone(partner),
            "email_from": partner.email if partner else self._only_email(),
            "partner_id": partner.id,
            "company_id": self.company_id.id,
            "user_id": self._new_salesperson().id,
        }

    def _lead_phone(self, partner):
        """Prefer the contact's number to the customer's: Odoo copies a lead's number
        to its contact and would overwrite the contact's own."""
        if partner and (partner.phone or not partner.has_access("write")):
            return partner.phone
        return self._phone()

    def _phone(self):
        """Return the customer's number or short code; False for a sender's name."""
        phone = self.contact_phone or ""
        return phone if phone.removeprefix("+").isdecimal() else False

    def _only_email(self):
        """Return the email address that the customer wrote, if there is exactly one."""
        emails = self._typed_emails()
        return len(emails) == 1 and emails[0]

    def _new_salesperson(self):
        """Return the assignee if the user can see other users' leads, else the user."""
        if self.user_id and self.env.user.has_group(ALL_LEADS):
            return self.user_id
        return self.env.user

    # ------------------------------------------------------------------
    # source, medium and campaign
    # ------------------------------------------------------------------

    def _utm_names(self):
        """Return the names of source, medium and campaign."""
        # sudo: messaging.channel - its name and kind; the user sees the conversation
        channel = self.sudo().channel_id
        # In English, so that all users share one medium, whatever their language.
        kinds = dict(channel._fields["kind"].selection)
        return {
            "source_id": channel.name,
            "medium_id": kinds[channel.kind],
            "campaign_id": self._advertisement(),
        }

    def _utm_record(self, field, name, create=False):
        """Return the source, medium or campaign of this name.

        With ``create``, create it if it is missing; otherwise return an empty record.
        """
        Model = self.env[self.env["crm.lead"]._fields[field].comodel_name]
        if not name:
            return Model
        found = Model.with_context(active_test=False).search(
            [(Model._rec_name, "=", name)], limit=1
        )
        if found or not create:
            return found
        values = {Model._rec_name: name}
        if "is_auto_campaign" in Model._fields:
            values["is_auto_campaign"] = True
        try:
            with self.env.cr.savepoint():
                return Model.create(values)
        except UniqueViolation as error:
            # Another transaction created it after ours began, so we can't see it.
            raise ConcurrencyError("Created concurrently, retry") from error

    def _advertisement(self):
        """Return a name for the advertisement or link that brought the customer."""
        rows = self.env.execute_query(
            SQL(
                "SELECT data -> 'referral' FROM messaging_message"
                " WHERE conversation_id = %s AND direction = 'inbound'"
                " AND data ? 'referral' ORDER BY id DESC LIMIT 1",
                self.id,
            )
        )
        referral = rows[0][0] if rows else {}
        name = next(
            (str(referral[key]) for key in REFERRAL_NAMES if key in referral), ""
        )
        return " ".join(name.split())[:LONGEST_CAMPAIGN]
