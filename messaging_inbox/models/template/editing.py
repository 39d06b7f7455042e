"""Drafts: templates that are written here and that no provider knows yet."""

import re
from datetime import timedelta
from itertools import count

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.client_values import cleaned
from .binding import SOURCES
from .languages import LANGUAGES, language_name
from .placeholders import is_number, names_in

# What the provider decides, as it is before. Only our own code writes it.
UNDECIDED = {
    "state": "unsubmitted",
    "rejection_reason": False,
    "use": "anytime",
    "needs_approval": False,
    "quality": False,
    "provider_reference": False,
    "submitting_at": False,
    "submission_error": False,
    "is_gone": False,
}
# What the provider gets: no longer changed once it has it.
CONTENT = {"account_id", "name", "language", "language_choice", "category", "header"}
CONTENT |= {"body", "footer", "buttons", "samples", "variable_names", "media_kind"}
CONTENT |= {"media_url", "sample_attachment_id"}
# After this, a submission that never ended was cut off: it may be made again.
CUT_OFF_AFTER = timedelta(minutes=2)


class MessagingTemplate(models.Model):
    _inherit = "messaging.template"

    submitting_at = fields.Datetime(readonly=True, copy=False)
    submission_error = fields.Char(readonly=True, copy=False)
    account_id = fields.Many2one(default=lambda self: self._default_account_id())
    is_draft = fields.Boolean(compute="_compute_is_draft")
    language_choice = fields.Selection(
        selection="_language_selection",
        string="Language",
        compute="_compute_language_choice",
        inverse="_inverse_language_choice",
    )
    language_name = fields.Char(compute="_compute_language_name")
    bindings = fields.Json(
        compute="_compute_bindings",
        inverse="_inverse_bindings",
        help="{variable: {source, path}} of the bound variables.",
    )
    advice = fields.Json(
        compute="_compute_advice",
        help="What to change before submitting: a list of {place, text, is_warning}.",
    )

    @api.model
    def _default_account_id(self):
        """Return the only account that sends templates, or none."""
        accounts = self.env["messaging.account"].search([("state", "=", "connected")])
        able = accounts.filtered("has_templates")
        return able if len(able) == 1 else able.browse()

    @api.depends("state", "provider_reference", "submitting_at")
    def _compute_is_draft(self):
        for template in self:
            is_new = template.state == "unsubmitted" and not template.provider_reference
            template.is_draft = is_new and not template._is_being_submitted()

    def _is_being_submitted(self):
        begun = self.submitting_at
        return bool(begun) and begun > fields.Datetime.now() - CUT_OFF_AFTER

    @api.model
    def _language_selection(self):
        named = [(code, language_name(code, self.env.lang)) for code in LANGUAGES]
        return sorted(named, key=lambda pair: pair[1])

    @api.depends("language")
    def _compute_language_choice(self):
        for template in self:
            is_known = template.language in LANGUAGES
            template.language_choice = is_known and template.language

    @api.onchange("name")
    def _onchange_name(self):
        """Write a typed name as WhatsApp wants it, as far as that is clear."""
        self.name = re.sub(r"[\s-]+", "_", (self.name or "").strip().lower())

    @api.onchange("language_choice")
    def _onchange_language_choice(self):
        self._inverse_language_choice()

    def _inverse_language_choice(self):
        for template in self.filtered("language_choice"):
            template.language = template.language_choice

    @api.depends("language")
    @api.depends_context("lang")
    def _compute_language_name(self):
        for template in self:
            name = language_name(template.language or "", self.env.lang)
            template.language_name = name

    @api.depends("name", "language_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for template in self:
            language = template.language_name
            suffix = f" ({language})" if language else ""
            template.display_name = f"{template.name or ''}{suffix}"

    # ------------------------------------------------------------------
    # bindings
    # ------------------------------------------------------------------

    @api.depends("binding_ids.variable", "binding_ids.source", "binding_ids.field_path")
    def _compute_bindings(self):
        for template in self:
            template.bindings = {
                binding.variable: {
                    "source": binding.source,
                    "path": binding.field_path,
                }
                for binding in template.binding_ids
            }

    def _inverse_bindings(self):
        for template in self:
            wanted = template._wanted_bindings()
            kept = {each.variable: each for each in template.binding_ids}
            commands = [
                fields.Command.delete(binding.id)
                for variable, binding in kept.items()
                if variable not in wanted
            ]
            for variable, values in wanted.items():
                if variable in kept:
                    kept[variable].write(values)
                else:
                    new = {"variable": variable, **values}
                    commands.append(fields.Command.create(new))
            template.binding_ids = commands

    def _wanted_bindings(self):
        """Return {variable: values of its binding}; raise UserError for rubbish."""
        given = self.bindings or {}
        if not isinstance(given, dict) or not all(map(_is_binding, given.values())):
            raise UserError(self.env._("Invalid value for “%s”.", "bindings"))
        return {
            variable: {"source": each["source"], "field_path": each["path"].strip()}
            for variable, each in cleaned(given).items()
            if each["path"].strip()
        }

    # ------------------------------------------------------------------
    # advice
    # ------------------------------------------------------------------

    @api.depends(
        *("is_draft", "name", "language", "language_choice", "category", "header"),
        *("body", "footer", "buttons", "samples", "bindings", "media_kind"),
        "sample_attachment_id",
    )
    def _compute_advice(self):
        for template in self:
            problems = template._problems() if template.is_draft else []
            warnings = template._warnings() if template.is_draft else ()
            template.advice = [
                *_advice(problems, False),
                *_advice(template._problems_of_bindings(), False),
                *_advice(warnings, True),
            ]

    def _problems_of_bindings(self):
        given = self.bindings if isinstance(self.bindings, dict) else {}
        Binding = self.env["messaging.template.binding"]
        for variable, each in given.items():
            if not _is_binding(each) or not each["path"]:
                continue
            values = {"source": each["source"], "field_path": each["path"]}
            problem = Binding.new({"variable": variable, **values})._path_problem()
            if problem:
                yield "variables", problem

    # ------------------------------------------------------------------
    # drafts
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create([_clean_content(vals) for vals in vals_list])
        if not self.env.su:
            templates._check_written_here()
        templates._complete_drafts()
        return templates

    def _check_written_here(self):
        """Refuse new templates that claim what only a provider can say."""
        for template in self:
            if any(template[name] != value for name, value in UNDECIDED.items()):
                raise UserError(self._sentence_of_provider())

    def _sentence_of_provider(self):
        return self.env._("Only the provider decides the state of a template.")

    def write(self, vals):
        if not self.env.su:
            self._check_changes(vals)
        result = super().write(_clean_content(vals))
        if vals.keys() & CONTENT:
            self._complete_drafts()
        return result

    def _check_changes(self, vals):
        """Refuse changes of what the provider decides, or has already got."""
        if vals.keys() & UNDECIDED.keys():
            raise UserError(self._sentence_of_provider())
        if vals.keys() & CONTENT and not all(self.mapped("is_draft")):
            raise UserError(
                self.env._(
                    "The provider has this template, so it can't be changed any more:"
                    " duplicate it."
                )
            )

    def _complete_drafts(self):
        """Derive from their texts what drafts have besides."""
        for template in self.filtered("is_draft"):
            values = template._derived_values()
            values = {k: v for k, v in values.items() if template[k] != v}
            if values:
                template._write_unchecked(values)
            known = [("variable", "in", template.variable_names or [])]
            gone = template.binding_ids - template.binding_ids.filtered_domain(known)
            gone.unlink()

    def _write_unchecked(self, values):
        """Write derived values, which users' writes may not contain."""
        return super().write(values)

    def _derived_values(self):
        names = names_in(*self._texts())
        given = self.samples if isinstance(self.samples, dict) else {}
        # The file's own variable comes last: texts are numbered without it.
        file = _free_name(names) if self.media_kind else ""
        # sudo: messaging.account - the address of this server
        root = self.sudo().account_id._media_root() if file else ""
        return {
            "variable_names": names + [file] * bool(file),
            "samples": {name: str(given.get(name) or "") for name in names},
            "buttons": [_complete_button(each) for each in self._button_list()],
            "media_url": f"{root}{{{{{file}}}}}" if file else False,
            **({"header": False} if file else {"sample_attachment_id": False}),
        }

    def copy_data(self, default=None):
        """Copy the content alone: a copy is a draft again, under a name of its own."""
        copied = super().copy_data(default)
        return [
            {**vals, **UNDECIDED, "name": template._next_name(), **(default or {})}
            for template, vals in zip(self, copied, strict=True)
        ]

    def _next_name(self):
        """Return the name with the next number: WhatsApp takes no name twice."""
        stem = re.sub(r"_\d{1,3}$", "", self.name)
        same = [("account_id", "=", self.account_id.id), ("name", "=like", f"{stem}%")]
        everywhere = self.with_context(active_test=False)
        taken = set(everywhere.search(same).mapped("name"))
        numbered = (f"{stem}_{number}" for number in count(2))
        return next(name for name in numbered if name not in taken)

    def action_duplicate(self):
        """Copy into a draft, and return the action that opens it."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.copy().id,
            "views": [(False, "form")],
        }


def _is_binding(value):
    """Return whether a value from the client is a binding of known shape."""
    return (
        isinstance(value, dict)
        and value.get("source") in SOURCES
        and isinstance(value.get("path"), str)
    )


def _advice(pairs, is_warning):
    return [
        {"place": place, "text": text, "is_warning": is_warning}
        for place, text in pairs
    ]


def _clean_content(vals):
    """Return values without the characters that the database rejects in JSON."""
    return {
        name: cleaned(value) if name in CONTENT else value
        for name, value in vals.items()
    }


def _complete_button(button):
    """Return a button as it is stored; a tapped reply comes back as its text."""
    text = button["text"].strip()
    if button["kind"] == "reply":
        return {**button, "text": text, "value": "", "payload": text}
    return {**button, "text": text}


def _free_name(names):
    """Return a name for the file's variable, in the style of the others."""
    numbers = [int(name) for name in names if is_number(name)]
    if numbers:
        return str(max(numbers) + 1)
    free = ("file", *map("file{}".format, range(len(names))))
    return next(name for name in free if name not in names)
