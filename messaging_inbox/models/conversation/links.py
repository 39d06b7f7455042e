from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.client_values import expects, is_id

LINKS = {"partner_id": "res.partner", "lead_id": "crm.lead"}


class MessagingConversation(models.Model):
    """Links from a conversation to a contact and to a lead or deal."""

    _inherit = "messaging.conversation"

    @expects(partner_id=is_id, lead_id=is_id)
    def action_link(self, partner_id=None, lead_id=None):
        """Link to a contact, a lead or deal, or both, if the user may read them.

        Raise UserError if neither is given.
        """
        self.check_access("write")
        if not partner_id and not lead_id:
            raise UserError(self.env._("Choose a contact, a lead or a deal to link."))
        given = {"partner_id": partner_id, "lead_id": lead_id}
        return self.write({field: id_ for field, id_ in given.items() if id_})

    @api.model
    def _counts_by(self, field, records):
        """Return ``{record id: number of linked conversations the user can see}``."""
        groups = self._read_group([(field, "in", records.ids)], [field], ["__count"])
        return {record.id: count for record, count in groups}

    @api.model
    def _action_of(self, field, records):
        """Return an action that lists the conversations linked to these records.

        If there is only one, open it in the inbox instead.
        """
        domain = [(field, "in", records.ids)]
        found = self.search(domain, limit=2)
        if len(found) == 1:
            inbox = self.env["ir.actions.client"]._for_xml_id(
                "messaging_inbox.messaging_inbox_action"
            )
            return {**inbox, "params": {"conversation_id": found.id}}
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "messaging_inbox.messaging_conversation_action"
        )
        return {
            **action,
            "name": self.env._("Conversations"),
            "domain": domain,
            "context": {},
        }

    def action_unlink_partner(self):
        return self.write({"partner_id": False})

    def action_unlink_lead(self):
        return self.write({"lead_id": False})

    @api.model
    def _unlink_deleted(self, field, records):
        """Unlink records about to be deleted, with bus updates and history events."""
        # sudo: messaging.conversation - also those the user can't see
        linked = self.sudo().search([(field, "in", records.ids)])
        linked._lock()
        linked._set_links({field: False})

    def _set_links(self, links):
        for field, model in LINKS.items():
            if field not in links:
                continue
            self._set_link(field, self._linkable(model, links[field]))

    @api.model
    def _linkable(self, model, id_):
        """Return the record if the user may read it; an empty one for an empty id.

        Raise UserError if it doesn't exist, whatever value a client sent.
        """
        if not id_:
            return self.env[model]
        # A bool is an int, too.
        record = self.env[model].browse(id_ if type(id_) is int else ())
        record.check_access("read")
        if not record.exists():
            raise UserError(self.env._("This record no longer exists."))
        return record

    def _set_link(self, field, record):
        # sudo: res.partner, crm.lead - compare ids even if the user can't read them
        changed = self.filtered(lambda c: c.sudo()[field].id != record.id)
        if not changed:
            return
        changed._before_link_change(field)
        for conversation in changed:
            # sudo: res.partner, crm.lead - its name for the history, even if hidden
            former = conversation.sudo()[field]
            conversation._check_same_company(record)
            values = {field: record.id}
            if record._name == "res.partner":
                # Linking by hand overrules an earlier dismissal. Both contacts, since
                # they may be merged.
                linked = former | record
                values["dismissed_partner_ids"] = [(3, id_) for id_ in linked.ids]
            conversation._store(values)
            if former:
                conversation._log_event("unlinked", data=_link_data(former))
            if record:
                conversation._log_event("linked", data=_link_data(record))
        changed._after_link_change(field)

    def _same_company(self):
        return Domain("company_id", "in", [False, self.company_id.id])

    def _check_same_company(self, record):
        """Refuse records of another company, which searches exclude as well."""
        # sudo: res.partner, crm.lead - its company, even if the user can't read it
        if record == record.sudo().filtered_domain(self._same_company()):
            return
        raise UserError(
            self.env._(
                "%s belongs to a different company than this conversation.",
                name_of(record),
            )
        )


def _link_data(record):
    return {"model": record._name, "id": record.id, "name": name_of(record)}


def name_of(record):
    """Return a record's plain name, without checking access.

    A client's context could add a contact's address, email and VAT number to it.
    """
    # sudo: res.partner, crm.lead, res.users, crm.stage - only the name
    plain = {"lang": record.env.lang}
    # pylint: disable-next=context-overridden
    return record.sudo().with_context(plain).display_name
