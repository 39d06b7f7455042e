from odoo import api, models

from ...providers.errors import STALE_TEMPLATE, Reason


class MessagingMessage(models.Model):
    """The reason why a message failed, in the reader's language."""

    _inherit = "messaging.message"

    @api.depends("reason", "error_code", "error_detail", "state")
    @api.depends_context("lang")
    def _compute_failure_reason(self):
        for message in self:
            if message.state == "failed" or message.reason:
                message.failure_reason = message._failure_sentence()
            else:
                message.failure_reason = False

    def _failure_sentence(self):
        if self.state == "unknown":
            # Regardless of the reason: agents must not send it twice by accident.
            return self.env._(
                "The provider didn't confirm this message, so it may have been sent."
                " Check with the customer or the provider before you send it again."
            )
        reasons = self.env["messaging.reasons"]
        reason = self._meant(self.reason or "other")
        sentence = reasons._sentence_on(reason, self.channel_id)
        if self.reason in (False, Reason.OTHER.value):
            words = " ".join(filter(None, [self.error_code, self.error_detail]))
            return f"{sentence} ({words})" if words else sentence
        return sentence

    def _meant(self, reason):
        """Return the reason that is meant.

        A template needs no reply window: a provider that misses one doesn't count the
        template as approved.
        """
        is_template = bool((self.data or {}).get("template"))
        if is_template and reason == Reason.WINDOW_CLOSED.value:
            return Reason.TEMPLATE_PENDING.value
        return reason

    def _check_templates(self, reason):
        """Have the account's templates synced if a failure shows that they changed."""
        is_window = self._meant(reason) != reason
        if is_window or Reason(reason) in STALE_TEMPLATE:
            self.channel_id.account_id._ask_template_sync()
