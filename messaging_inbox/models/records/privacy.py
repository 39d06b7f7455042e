"""Odoo's privacy lookup finds and erases a person's conversations.

Its module may be missing, so nothing here inherits from it: its dialogs are extended
once all models are loaded. What belongs to a person is also what is exported.
"""

from functools import wraps

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

from ...tools.phone_numbers import variants

LOOKUP = "privacy.lookup.wizard"
LINE = "privacy.lookup.wizard.line"
CONVERSATION = "messaging.conversation"


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    def _register_hook(self):
        super()._register_hook()
        if LOOKUP in self.env:
            lookup, line = self.env.registry[LOOKUP], self.env.registry[LINE]
            _extend(lookup, "_get_query_models_blacklist", _leave_out_ours)
            _extend(lookup, "_get_query", _add_conversations)
            _extend(line, "action_unlink", _erase_with_notes)

    @api.model
    def _of_person(self, name="", email="", partners=None):
        """Return a person's conversations on all channels, private ones included.

        Those linked to contacts, leads and deals with this name or email address or to
        ``partners``; those whose customer has this name; and those of all numbers that
        are known from either. ``name`` may be a number, too.
        """
        # sudo: messaging.conversation - administrators ask for persons, not channels
        conversations = self.sudo()
        partners = (partners or self.env["res.partner"]).sudo()
        partners |= _called(partners, "name", name, email)
        leads = _called(self.env["crm.lead"].sudo(), "contact_name", name, email)
        same = Domain("partner_id", "in", partners.ids)
        same |= Domain("lead_id", "in", leads.ids)
        if name:
            same |= Domain("contact_name", "=ilike", _literal(name))
        found = conversations.search(same)
        ids = {
            *found.identity_ids.mapped("external_id"),
            *found.mapped("contact_phone"),
        }
        for text in (*partners.mapped("messaging_phones"), name):
            ids.update(self.env["res.partner"]._messaging_numbers(text or "", None)[0])
        known = [each for one in ids if one for each in variants(one)]
        by_id = Domain("identity_ids.external_id", "in", known)
        return found | conversations.search(
            by_id | Domain("contact_phone", "in", known)
        )


def _called(records, field, name, email):
    """Return the records, archived ones included, with this name or email address."""
    address = email_normalize(email or "")
    wanted = Domain("email_normalized", "=", address) if address else Domain.FALSE
    if name:
        wanted |= Domain(field, "=ilike", _literal(name))
    return records.with_context(active_test=False).search(wanted)


def _literal(name):
    """Return a pattern for ``=ilike`` that matches the name itself."""
    return name.strip().replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def _extend(model_class, name, make):
    """Replace a method by ``make(method)``, unless that was done before."""
    method = getattr(model_class, name)
    if not hasattr(method, "messaging_original"):
        extended = wraps(method)(make(method))
        extended.messaging_original = method
        setattr(model_class, name, extended)


def _leave_out_ours(original):
    """Leave out our models: their records go with their conversation."""

    def _get_query_models_blacklist(self):
        ours = [model for model in self.env if model.startswith("messaging.")]
        return [*original(self), *ours]

    return _get_query_models_blacklist


def _add_conversations(original):
    def _get_query(self):
        found = self.env[CONVERSATION]._of_person(self.name, self.email)
        return SQL(
            "%s UNION ALL SELECT %s AS res_model_id, id AS res_id, TRUE AS is_active"
            " FROM messaging_conversation WHERE id = ANY(%s)",
            original(self),
            self.env["ir.model"]._get_id(CONVERSATION),
            found.ids,
        )

    return _get_query


def _erase_with_notes(original):
    def action_unlink(self):
        self.ensure_one()
        if self.res_model == CONVERSATION and not self.is_unlinked:
            # sudo: messaging.conversation - administrators of Odoo alone have lines
            conversation = self.env[CONVERSATION].sudo().browse(self.res_id).exists()
            conversation._lock(deleting=True)
            conversation._before_person_erase()
        return original(self)

    return action_unlink
