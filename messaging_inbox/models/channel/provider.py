import re

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.orm.models import NO_ACCESS

from ...providers.errors import ProviderError
from ...providers.events import ChannelInfo, ChannelRef
from ...providers.provider import Limits, Provider
from .channel import BY_NUMBER


class MessagingChannel(models.Model):
    """A channel at its provider, including its own token where there is one."""

    _inherit = "messaging.channel"

    token_stored = fields.Char(groups=NO_ACCESS, copy=False)
    replaced_webhook = fields.Char(
        string="Posted to before",
        readonly=True,
        copy=False,
        groups="messaging_inbox.group_messaging_manager,base.group_system",
        help="The webhook address of another program, which connecting replaced.",
    )

    def _provider_ref(self):
        # sudo: messaging.channel - only the adapter may read the secret
        channel = self.sudo()
        return ChannelRef(
            channel.kind,
            channel.address,
            token=channel.token_stored or "",
            reference=channel.provider_reference or "",
        )

    def _is_carried(self):
        """Return whether the account's provider supports channels of this kind.

        Only a row changed outside Odoo fails this check.
        """
        return self.kind in self.account_id._provider_class().kinds

    def _limits(self):
        """Return the limits of one message; zero for an unsupported kind."""
        limits = self.account_id._provider_class().limits
        return limits.get(self.kind, Limits(text=0))

    def _takes_places(self):
        """Return whether customers get places as a message here."""
        return self.kind in self.account_id._provider_class().places

    def _reactions(self):
        """Return the ``Reactions`` that customers get from us here, None without."""
        return self.account_id._provider_class().reactions.get(self.kind)

    @api.model
    @tools.ormcache("channel_id")
    def _has_profiles(self, channel_id):
        """Return whether the provider offers customer profiles."""
        # sudo: messaging.channel - webhooks have no user
        account = self.sudo().browse(channel_id).account_id
        return account._provider_class().profile is not Provider.profile

    @api.model
    @tools.ormcache("channel_id")
    def _sends_templates(self, channel_id):
        """Return whether the provider sends templates on this channel."""
        # sudo: messaging.channel - a provider's abilities are not confidential
        channel = self.sudo().browse(channel_id)
        provider = channel.account_id._provider_class()
        return channel.kind in provider.template_kinds

    def _can_start(self):
        """Return whether we may write first to a customer's number here.

        Where the customer's last message limits replies, only a template may.
        """
        self.ensure_one()
        return self.kind in BY_NUMBER and (
            not self._needs_template() or self._sends_templates(self.id)
        )

    def _needs_template(self):
        """Return whether the first message to a customer must be a template."""
        self.ensure_one()
        return bool(self._reply_window(self.id).free)

    @api.model
    @tools.ormcache("channel_id")
    def _answerable(self, channel_id):
        """Return a regular expression for customer addresses that can be answered.

        It matches the whole address; False means that all can be answered.
        """
        # sudo: messaging.channel - a provider's rules are not confidential
        channel = self.sudo().browse(channel_id)
        return channel.account_id._provider_class().answerable.get(channel.kind, False)

    @api.model
    def _can_answer(self, channel_id, address):
        """Return whether a customer's address can be answered at all."""
        pattern = self._answerable(channel_id)
        is_known = pattern and address
        return not is_known or bool(re.fullmatch(pattern, address))

    def _provider_infos(self):
        """Return these channels as ``ChannelInfo`` values for the provider."""
        # sudo: messaging.channel - only the adapter may read the secret
        return [
            ChannelInfo(
                kind=channel.kind,
                address=channel.address,
                name=channel.name,
                reference=channel.provider_reference or "",
                token=channel.token_stored or "",
            )
            for channel in self.sudo()
        ]

    def action_put_back_webhook(self):
        """Restore the channel's former webhook address and archive the channel.

        Connecting the account again leaves archived channels alone.
        """
        self.ensure_one()
        self.check_access("write")
        # sudo: messaging.channel - anyone who may edit a channel may give it back
        channel = self.sudo()
        account, url = channel.account_id, channel.replaced_webhook
        if not url:
            raise UserError(self.env._("Connecting replaced no other address."))
        try:
            failures = account._provider().register(url, channel._provider_infos())
        except ProviderError as error:
            raise UserError(account._connection_error(error)) from error
        if failures:
            raise UserError(account._failures_named(failures))
        channel.write({"active": False, "replaced_webhook": False})
        message = self.env._(
            "%(channel)s posts to %(url)s again, and is archived here.",
            channel=channel.name,
            url=url,
        )
        return account._notification(message, "success")

    def _take_info(self, info):
        """Store the provider's values of the channel, where they changed."""
        values = {
            "provider_reference": info.reference or False,
            "token_stored": info.token or False,
            **self._service_values(info),
        }
        # sudo: messaging.channel - only our own code writes the secret
        channel = self.sudo()
        changed = {
            name: value for name, value in values.items() if channel[name] != value
        }
        if changed:
            channel.write(changed)
