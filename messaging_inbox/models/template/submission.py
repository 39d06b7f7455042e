"""Submitting drafts to the provider, which approves or rejects them later."""

import logging
from functools import partial

from odoo import fields, models
from odoo.exceptions import UserError

from ...providers.errors import SendError, Unsettled
from ...providers.events import Template, TemplateButton
from ...tools.outcomes import outcome_of
from ...tools.transactions import commit, read_committed
from .placeholders import names_in

_logger = logging.getLogger(__name__)


class MessagingTemplate(models.Model):
    _inherit = "messaging.template"

    def action_submit(self):
        """Create the template at the provider and submit it for approval.

        Return a notification with the result. Raise UserError for what isn't a draft
        or breaks a rule of the provider.
        """
        self.ensure_one()
        self.check_access("write")
        self._claim_submission()
        # Other users and a second click must see that it is being submitted. No
        # transaction is open during the request.
        commit(self.env)
        return self._settle_submission(self._create_at_provider())

    def _claim_submission(self):
        """Mark the draft as being submitted; raise UserError if it can't be."""
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset()
        if self._is_being_submitted():
            raise UserError(self.env._("This template is being submitted right now."))
        # Created before, but not taken for approval: it is submitted again.
        is_half_done = bool(self.provider_reference and self.submission_error)
        if not (self.state == "unsubmitted" and (self.is_draft or is_half_done)):
            raise UserError(self.env._("This template was already submitted."))
        self._check_may_submit()
        # sudo: messaging.template - no user writes how it was submitted
        now = fields.Datetime.now()
        self.sudo().write({"submitting_at": now, "submission_error": False})

    def _check_may_submit(self):
        account = self.sudo().account_id
        if account.state != "connected" or not account.active:
            raise UserError(self.env._("Connect the account first."))
        if not account._template_channels():
            raise UserError(
                self.env._("No channel of this account can send templates.")
            )
        self._check_rules()

    def _create_at_provider(self):
        """Return the provider's Template, or the error as a SendError."""
        account = self.sudo().account_id
        return outcome_of(
            lambda: account._provider().create_template(self._value()),
            partial(_logger.exception, "Submitting template %s failed", self.id),
        )

    def _value(self):
        """Return the template as the provider gets it."""
        samples = dict(self.samples or {})
        # sudo: messaging.channel - a template belongs to hidden channels, too
        channels = self.sudo().channel_ids
        for name in names_in(self.media_url):
            samples[name] = self._sample_address()
        return Template(
            reference=self.provider_reference or "",
            name=self.name,
            language=self.language,
            body=self.body.strip(),
            category=self.category,
            header=self.header or "",
            media_kind=self.media_kind or "",
            media_url=self.media_url or "",
            footer=self.footer or "",
            buttons=tuple(TemplateButton(**each) for each in self.buttons or ()),
            variables={name: samples[name] for name in self.variable_names or ()},
            channels=tuple(filter(None, channels.mapped("provider_reference"))),
            sample=self._sample_file(),
        )

    # ------------------------------------------------------------------
    # the outcome
    # ------------------------------------------------------------------

    def _settle_submission(self, outcome):
        """Store the outcome; a sync that stores the same template ends before."""
        read_committed(self.env.cr)
        # sudo: messaging.account - its lock
        self.sudo().account_id._lock_templates()
        if isinstance(outcome, SendError):
            return self._submission_failed(outcome)
        self._forget_twin(outcome.reference)
        is_taken = outcome.state != "unsubmitted"
        channels = self.sudo().account_id._template_channels(outcome)
        self._store_submission(
            provider_reference=outcome.reference,
            state=outcome.state,
            rejection_reason=outcome.rejection_reason or False,
            use=outcome.use,
            needs_approval=outcome.needs_approval,
            channel_ids=[fields.Command.set(channels.ids)],
            submission_error=not is_taken and self._refusal_sentence(outcome),
        )
        if not is_taken or outcome.state == "rejected":
            return self._notify(self._refusal_sentence(outcome), "danger")
        sentence = self.env._("Submitted. WhatsApp usually decides within a day.")
        return self._notify(sentence, "success")

    def _refusal_sentence(self, outcome):
        return self.env._(
            "The provider didn't take it for approval: %s",
            outcome.rejection_reason or self.env._("it gives no reason."),
        )

    def _submission_failed(self, error):
        # sudo: messaging.account - its sentences for managers
        sentence = self.sudo().account_id._connection_error(error)
        if isinstance(error, Unsettled):
            sentence += " " + self.env._(
                "It may have been created all the same: sync the templates before you"
                " submit it again."
            )
        self._store_submission(submission_error=sentence)
        return self._notify(sentence, "danger")

    def _store_submission(self, **values):
        # sudo: messaging.template - no user writes what the provider decides
        self.sudo().write({"submitting_at": False, **values})

    def _forget_twin(self, reference):
        """Delete what a sync made of the same template since we submitted it."""
        same = [("account_id", "=", self.account_id.id), ("id", "!=", self.id)]
        # sudo: messaging.template - the same template
        twins = self.sudo().with_context(active_test=False)
        twins.search([*same, ("provider_reference", "=", reference)]).unlink()

    def _notify(self, sentence, kind):
        return self.sudo().account_id._notification(sentence, kind)
