from odoo import api, models

from ...providers.errors import Reason


class MessagingReasons(models.AbstractModel):
    """The sentences for each ``providers.errors.Reason``."""

    _name = "messaging.reasons"
    _description = "Sentences for reasons"

    @api.model
    def _sentences(self):
        """Return {reason: sentence for agents}."""
        _ = self.env._
        return {
            **self._gate_sentences(),
            **self._template_sentences(),
            "bad_recipient": _("The customer's number or ID isn't valid."),
            "no_replies": _(
                "You can't reply to this sender: it is a name, not a number."
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
            "file_not_fetched": _(
                "The provider couldn't fetch the file from this server."
            ),
            "too_many_files": _("Too many files in one message."),
            "rate_limited": _("Too many messages at once. Try again later."),
            "daily_limit": _("The account has reached its limit for today."),
            "bad_sender": _(
                "The channel's number can't send. Ask an administrator to check it."
            ),
            "bad_credentials": _("An administrator must renew the connection."),
            "not_permitted": _("The provider doesn't allow this account to send it."),
            "not_registered": _(
                "The channel's number isn't registered for sending. Ask an"
                " administrator."
            ),
            "bad_callback": _(
                "The provider can't reach this server. Ask an administrator to"
                " check its public address."
            ),
            "sandbox": _("The customer hasn't joined the provider's sandbox."),
            "provider_down": _("The provider has a problem. Try again later."),
            "no_connection": _("The provider can't be reached. Try again later."),
            "held_back": _("The provider held this message back."),
            "other": _("The message was not sent."),
        }

    @api.model
    def _sentence_on(self, reason, channel):
        """Return the sentence for agents about a message on this channel."""
        sends_templates = channel._sends_templates(channel.id)
        if reason == Reason.WINDOW_CLOSED.value and sends_templates:
            return self.env._(
                "The reply window is closed. Send a template, or wait until the"
                " customer writes."
            )
        sentences = self._sentences()
        return sentences.get(reason, sentences["other"])

    @api.model
    def _gate_sentences(self):
        """Return the sentences for the obstacles of a conversation."""
        _ = self.env._
        return {
            "window_closed": _(
                "The reply window is closed: the customer must write first."
            ),
            "opted_out": _(
                "The customer has opted out (STOP) and must send START first."
            ),
            "channel_archived": _("This channel is archived."),
            "not_connected": _("This channel isn't connected yet."),
            "recipient_moved": _("This customer now writes in another conversation."),
        }

    @api.model
    def _template_sentences(self):
        """Return the sentences for a template that can't be sent."""
        _ = self.env._
        return {
            "template_refused": _("This template can't be used. Choose another one."),
            "template_missing": _(
                "The provider no longer has this template in this language. Choose"
                " another one."
            ),
            "template_variables": _(
                "The provider refuses the values, or the template has changed. Choose"
                " it again and check each value."
            ),
            "template_rejected": _(
                "This template isn't approved. Choose another one, or ask a manager"
                " to correct it."
            ),
            "template_paused": _(
                "This template is paused because customers complained. Choose"
                " another one."
            ),
            "template_pending": _(
                "This template isn't approved yet. Choose another one."
            ),
            "template_needs_window": _(
                "This template can only be sent within the reply window. Choose"
                " another one."
            ),
            "marketing_stopped": _(
                "The customer wants no marketing. Other messages still arrive."
            ),
            "template_unsupported": _(
                "Templates of this type can't be sent from Odoo. Choose another one."
            ),
        }

    @api.model
    def _sentence_for_manager(self, reason):
        """Return the sentence for managers, or the agents' if there is none."""
        sentences = {**self._sentences(), **self._manager_sentences()}
        return sentences[Reason(reason or "other").value]

    @api.model
    def _manager_sentences(self):
        """Return {reason: sentence} for the reasons that a manager can fix."""
        _ = self.env._
        return {
            "bad_credentials": _("The provider refuses these credentials."),
            "no_connection": _("The provider can't be reached from this server."),
            "provider_down": _("The provider has a problem. Try again later."),
            "rate_limited": _("Too many requests. Try again in a minute."),
            "bad_callback": _("The provider refuses the webhook address."),
            "not_permitted": _("These credentials lack a permission."),
            "file_not_fetched": _(
                "The provider couldn't fetch a file from this server. Check its"
                " public address."
            ),
            "template_refused": _(
                "A template can't be used. Check it at the provider."
            ),
            "template_missing": _(
                "The provider no longer has a template that was sent. Synchronize the"
                " templates."
            ),
            "template_variables": _(
                "A template was sent with other values than the provider expects."
                " Synchronize the templates."
            ),
            "template_rejected": _(
                "A template isn't approved. Correct it and submit it again."
            ),
            "template_paused": _(
                "A template is paused because customers complained. Use another one"
                " until the provider resumes it."
            ),
            "daily_limit": _(
                "The account has reached its daily limit. Raise it at the provider."
            ),
            "bad_sender": _("The channel can't send. Check its state at the provider."),
            "not_registered": _(
                "The number isn't registered for sending. Register it at the provider."
            ),
            "sandbox": _(
                "The account is a trial or a sandbox and can't reach every customer."
            ),
            "held_back": _("The provider restricts what this channel may send now."),
            "other": _("The provider returned an error."),
        }
