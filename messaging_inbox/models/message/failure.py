from odoo import api, models

from ...providers.errors import Reason


class MessagingMessage(models.Model):
    """Why a message failed, in a sentence for whoever reads it."""

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
            # Whatever the reason was: the agent must not send it twice unknowingly.
            return self.env._(
                "The provider didn't confirm it, so it may have been sent: ask the"
                " customer, or look at the provider, before you send it again."
            )
        sentence = self._reason_sentences().get(self.reason or "other")
        if self.reason in (False, Reason.OTHER.value):
            words = " ".join(filter(None, [self.error_code, self.error_detail]))
            return f"{sentence} ({words})" if words else sentence
        return sentence

    @api.model
    def _reason_sentences(self):
        """Return what an agent reads for each word of ``providers.errors.Reason``."""
        _ = self.env._
        return {
            **self._gate_sentences(),
            "bad_recipient": _("This number or id of the customer is not valid."),
            "no_replies": _(
                "This sender can't be answered: it is a name, not a number."
            ),
            "not_on_channel": _("The customer can't be reached on this channel."),
            "unreachable": _("The customer can't be reached now."),
            "blocked_by_customer": _("The customer has blocked us."),
            "blocked_by_carrier": _("The carrier blocked this message."),
            "too_long": _("The message is too long."),
            "empty": _("There was nothing to send."),
            "content_refused": _("The provider refuses this content."),
            "file_refused": _("The provider refuses this file."),
            "file_too_big": _("The file is too big."),
            "file_not_fetched": _("The provider could not fetch the file from us."),
            "too_many_files": _("Too many files in one message."),
            "template_refused": _("This template can't be used."),
            "rate_limited": _("Too many messages at once: try again later."),
            "daily_limit": _("The account's limit for today is reached."),
            "bad_sender": _("Our number can't send: ask an administrator to check it."),
            "bad_credentials": _("The connection must be renewed by an administrator."),
            "not_permitted": _("The provider doesn't allow this account to send it."),
            "not_registered": _(
                "Our number isn't registered for this: ask an administrator."
            ),
            "bad_callback": _(
                "The provider can't reach us: ask an administrator to check our"
                " public address."
            ),
            "sandbox": _("The customer hasn't joined the provider's sandbox."),
            "provider_down": _("The provider has a problem: try again later."),
            "no_connection": _("The provider can't be reached: try again later."),
            "held_back": _("The provider held this message back."),
            "other": _("The message was not sent."),
        }

    @api.model
    def _gate_sentences(self):
        """Return the sentences for what ``_obstacle`` of a conversation finds."""
        _ = self.env._
        return {
            "window_closed": _(
                "The reply window is closed: the customer must write first."
            ),
            "opted_out": _(
                "The customer has opted out (STOP) and must write START first."
            ),
            "channel_archived": _("This channel is archived."),
            "not_connected": _("This channel isn't connected yet."),
            "recipient_moved": _(
                "This customer writes in another conversation by now."
            ),
        }

    @api.model
    def _reason_sentence_for_manager(self, reason):
        """Return what a manager reads: the agent's words where no more can be done."""
        sentences = {**self._reason_sentences(), **self._manager_sentences()}
        return sentences[Reason(reason or "other").value]

    @api.model
    def _manager_sentences(self):
        """Return, for the reasons that a manager can fix, where to look."""
        _ = self.env._
        return {
            "bad_credentials": _("The provider refuses these credentials."),
            "no_connection": _("The provider can't be reached from this server."),
            "provider_down": _("The provider has a problem, try again later."),
            "rate_limited": _("The provider asks to wait, try again in a minute."),
            "bad_callback": _("The provider refuses our webhook address."),
            "not_permitted": _("These credentials lack a permission."),
            "file_not_fetched": _(
                "The provider could not fetch a file from us: check the public address."
            ),
            "template_refused": _("A template can't be used: check it there."),
            "daily_limit": _(
                "The account's limit for a day is reached: raise it there."
            ),
            "bad_sender": _("The channel can't send: check its state at the provider."),
            "not_registered": _(
                "The number isn't registered for this: register it at the provider."
            ),
            "sandbox": _(
                "The account is a trial or a sandbox: not all can be reached."
            ),
            "held_back": _("The provider restricts what this channel may send now."),
            "other": _("The provider answered with an error."),
        }
