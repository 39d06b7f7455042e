from odoo import api, fields, models
from odoo.exceptions import AccessError, MissingError, ValidationError

from ..access.res_users import AGENT
from .formatting import TYPES, Formatter

SOURCES = {
    "partner": "res.partner",
    "lead": "crm.lead",
    "conversation": "messaging.conversation",
    "user": "res.users",
    "company": "res.company",
}


class MessagingTemplateBinding(models.Model):
    """The field whose value a variable of a template takes."""

    _name = "messaging.template.binding"
    _description = "Variable of a message template"
    _order = "template_id, id"
    _rec_name = "variable"

    template_id = fields.Many2one(
        "messaging.template", required=True, index=True, ondelete="cascade"
    )
    variable = fields.Char(required=True)
    source = fields.Selection(
        [
            ("partner", "Contact"),
            ("lead", "Lead or deal"),
            ("conversation", "Conversation"),
            ("user", "Assignee"),
            ("company", "Company"),
        ],
        string="Value from",
        required=True,
        default="partner",
    )
    source_model = fields.Char(compute="_compute_source_model")
    field_path = fields.Char(string="Field", required=True)

    _variable_unique = models.UniqueIndex(
        "(template_id, variable)", "A variable takes its value from one field only."
    )

    @api.depends("source")
    def _compute_source_model(self):
        for binding in self:
            binding.source_model = SOURCES.get(binding.source)

    @api.constrains("source", "field_path")
    def _check_field_path(self):
        for binding in self:
            problem = binding._path_problem()
            if problem:
                raise ValidationError(problem)

    def _path_problem(self):
        """Return why the path can't be used as a sentence, "" if it can."""
        self.ensure_one()
        model = self.env[SOURCES[self.source]]
        *relations, last = (self.field_path or "").split(".")
        for name in relations:
            field = model._fields.get(name)
            problem = self._field_problem(model, name, ("many2one",))
            if problem:
                return problem
            model = self.env[field.comodel_name]
        return self._field_problem(model, last, TYPES)

    def _field_problem(self, model, name, types):
        field = model._fields.get(name)
        if not field:
            return self.env._(
                "%(path)s is no field: there is no %(name)s.",
                path=self.field_path,
                name=name,
            )
        if not model.has_access("read") or not self._is_for_agents(model, field):
            return self.env._(
                "Agents can't read %(path)s: choose another field.",
                path=self.field_path,
            )
        if field.type not in types:
            return self.env._(
                "%(path)s can't be put into a text: choose a text, a number, a date,"
                " a choice or one record.",
                path=self.field_path,
            )
        return ""

    def _is_for_agents(self, model, field):
        """Return whether all Agents may read a field, and so does the user."""
        if not field.groups:
            return True
        groups = self.env["res.groups"]._get_group_definitions()
        readers = groups.parse(field.groups, raise_if_not_found=False)
        return groups.parse(AGENT) <= readers and model._has_field_access(field, "read")

    # ------------------------------------------------------------------
    # values
    # ------------------------------------------------------------------

    def _text(self, source, formatter):
        """Return the value as the user may read it, "" if it is empty or hidden.

        ``source`` is the record that the path starts at.
        """
        *relations, last = self.field_path.split(".")
        try:
            for name in relations:
                source = _read(source, name)[name]
            return formatter.text(_read(source, last), last)
        except (AccessError, MissingError, KeyError):
            # Hidden, deleted, or of an addon that is gone: the user types it.
            return ""


def _read(record, name):
    """Return a record whose field the user may read; raise AccessError otherwise.

    The cache may hold what another user was allowed to read, so check each step.
    """
    record.check_access("read")
    record._check_field_access(record._fields[name], "read")
    return record


class MessagingTemplate(models.Model):
    _inherit = "messaging.template"

    binding_ids = fields.One2many(
        "messaging.template.binding", "template_id", string="Bindings", copy=True
    )

    def _values_for(self, conversation):
        """Return {variable: text} of all bound variables that have a value.

        The user's rights apply. ``conversation`` may be new and not stored.
        """
        self.ensure_one()
        formatter = self._formatter(conversation)
        sources = self._sources(conversation, formatter.language)
        texts = {
            binding.variable: binding._text(sources[binding.source], formatter)
            for binding in self.binding_ids
            if binding.variable in (self.variable_names or ())
        }
        return {variable: text for variable, text in texts.items() if text}

    def _formatter(self, conversation):
        # sudo: res.company - the time zone that its customers know
        company = conversation.sudo().company_id
        timezone = company.partner_id.tz or self.env.user.tz or "UTC"
        return Formatter(self.env, self.language, timezone)

    def _sources(self, conversation, language):
        """Return the records by source, without what a client put into the context."""
        kept = {
            key: self.env.context[key]
            for key in ("allowed_company_ids", "tz")
            if key in self.env.context
        }
        env = self.env(context={**kept, "lang": language or self.env.lang})
        conversation = conversation.with_env(env)
        return {
            "partner": conversation.partner_id,
            "lead": conversation.lead_id,
            "conversation": conversation,
            "user": conversation.user_id,
            "company": conversation.company_id,
        }
