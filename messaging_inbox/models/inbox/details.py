"""The details pane: contact, lead or deal, and what the user may do with them."""

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.client_values import check_value, is_one_id
from ..conversation.links import name_of

SHOWN_DEALS = 5


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    @api.model
    def inbox_details(self, id):  # noqa: A002 - the client's word
        """Return the current contents of the details pane, a dict."""
        return self._readable(id)._details()

    @api.model
    def _readable(self, id):  # noqa: A002 - the client's word
        check_value(self.env, "id", id, is_one_id)
        conversation = self.browse(id)
        conversation.check_access("read")
        return conversation

    def _details(self):
        self.ensure_one()
        # sudo: messaging.account - its installer, for the contact's menu
        account = self.sudo().channel_id.account_id
        provider = account._provider_class()
        return {
            "can_delete": account.installer_id == self.env.user,
            "provider_name": provider.name,
            "provider_url": provider.console_url,
            "opened_at": fields.Datetime.to_string(self.create_date),
            "can": self._creatable(),
            "partner": self._linked(self.partner_id, self._partner_card),
            "lead": self._linked(self.lead_id, self._lead_card),
            "proposed_assignee": self._proposed_assignee(),
            "pipeline": self._pipeline(),
        }

    def _creatable(self):
        """Return which records the user may create; leads only if they are enabled."""
        may_lead = self.env["crm.lead"].has_access("create")
        return {
            "create_partner": self.env["res.partner"].has_access("create"),
            "create_lead": may_lead and self.env.user.has_group("crm.group_use_lead"),
            "create_deal": may_lead,
        }

    def _linked(self, record, card):
        """Return a linked record's name, and its card if the user may read it."""
        if not record:
            return False
        values = {**_named(record), "readable": record.has_access("read")}
        if values["readable"]:
            values["editable"] = record.has_access("write")
            values.update(card(record))
        return values

    # ------------------------------------------------------------------
    # contact
    # ------------------------------------------------------------------

    def _partner_card(self, partner):
        deals, count = self._open_deals(partner)
        company = partner.commercial_company_name or partner.company_name
        return {
            # Without the company, which has its own line.
            "name": partner.name or partner.display_name,
            "company_name": not partner.is_company and company or False,
            "is_company": partner.is_company,
            "phone": partner.phone,
            "email": partner.email,
            "tags": [
                {"id": tag.id, "name": tag.name, "color": tag.color}
                for tag in partner.category_id
            ],
            "salesperson": _named(partner.user_id),
            "deals": [self._deal(deal) for deal in deals],
            "deal_count": count,
        }

    def _deal(self, deal):
        return {
            "id": deal.id,
            "name": deal.name,
            "type": deal.type,
            "stage": deal.stage_id.name,
            "expected_revenue": deal.expected_revenue,
            "currency_id": deal.company_currency.id,
            "probability": deal.probability,
        }

    def _open_deals(self, partner):
        """Return the first open deals that the user may read, and their number."""
        Lead = self.env["crm.lead"]
        if not partner or not Lead.has_access("read"):
            return Lead, 0
        domain = self._open_deals_domain(partner)
        return Lead.search(domain, limit=SHOWN_DEALS), Lead.search_count(domain)

    def _open_deals_domain(self, partner):
        """Include the company's deals for a person, and everyone's for a company."""
        company = partner.commercial_partner_id
        if company == partner:
            customers = Domain("partner_id.commercial_partner_id", "=", partner.id)
        else:
            customers = Domain("partner_id", "in", [partner.id, company.id])
        pending = Domain("won_status", "=", "pending")
        return customers & pending & Domain("type", "=", "opportunity")

    # ------------------------------------------------------------------
    # lead or deal
    # ------------------------------------------------------------------

    def _lead_card(self, lead):
        is_deal = lead.type == "opportunity"
        return {
            "type": lead.type,
            "stage": is_deal and _named(lead.stage_id),
            "stages": self._stages(lead) if is_deal else [],
            "expected_revenue": lead.expected_revenue,
            "currency_id": lead.company_currency.id,
            "probability": lead.probability,
            "salesperson": _named(lead.user_id),
            "won_status": lead.won_status,
            "lost_reason": lead.lost_reason_id.name,
            "partner": _named(lead.partner_id),
            "activity": self._next_activity(lead),
        }

    def _stages(self, lead):
        stages = self.env["crm.stage"].search(
            ["|", ("team_ids", "=", False), ("team_ids", "in", lead.team_id.ids)]
        )
        return [{**_named(stage), "is_won": stage.is_won} for stage in stages]

    def _next_activity(self, lead):
        activity = lead.activity_ids.sorted("date_deadline")[:1]
        if not activity:
            return False
        return {
            "id": activity.id,
            "type": activity.activity_type_id.name,
            "summary": activity.summary,
            "date_deadline": fields.Date.to_string(activity.date_deadline),
            "state": activity.state,
        }

    def _proposed_assignee(self):
        """Propose the linked record's salesperson, if the channel allows that user."""
        records = {"lead": self.lead_id, "partner": self.partner_id}
        readable = {
            source: record.user_id
            for source, record in records.items()
            if record and record.has_access("read") and record.user_id
        }
        if not readable:
            return False
        # sudo: messaging.channel - the users with access to it
        allowed = self.sudo().channel_id._users_with_access() - self.user_id
        for source, user in readable.items():
            if user in allowed:
                available = user.id in user._messaging_available_ids()
                return {**_named(user), "available": available, "source": source}
        return False

    def _pipeline(self):
        """Return a notice if the customer wrote after the linked deal was closed."""
        deal = self.lead_id
        if not deal or not deal.has_access("read") or deal.won_status == "pending":
            return False
        closed_at = deal.date_closed or deal.write_date
        if not self._wrote_since(closed_at):
            return False
        others, _count = self._open_deals(self.partner_id or deal.partner_id)
        return {
            "status": deal.won_status,
            "deals": [self._deal(other) for other in others - deal],
            "can_reopen": deal.has_access("write"),
        }

    def _wrote_since(self, moment):
        """Tell whether the customer wrote a message since ``moment``.

        ``last_inbound_at`` isn't enough: a reaction moves it, too.
        """
        if not self.last_inbound_at or self.last_inbound_at <= moment:
            return False
        written = Domain("conversation_id", "=", self.id)
        written &= Domain("direction", "=", "inbound") & Domain("sent_at", ">", moment)
        return bool(self.env["messaging.message"].search_count(written, limit=1))


def _named(record):
    """Return a record's ``{id, name}`` without checking access; False for no record."""
    return bool(record) and {"id": record.id, "name": name_of(record)}
