import re

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.orm.models import NO_ACCESS

from ...providers.errors import ProviderError
from ...providers.events import ChannelInfo, ChannelRef
from ...providers.provider import Provider


class MessagingChannel(models.Model):
    """A channel as its provider knows it, with the secret that some give to each."""

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
        # sudo: messaging.channel - the secret is readable by nobody, but the adapter
        channel = self.sudo()
        token = channel.token_stored or ""
        return ChannelRef(channel.kind, channel.address, token)

    @api.model
    @tools.ormcache("channel_id")
    def _has_profiles(self, channel_id):
        """Tell whether the provider knows more of customers than messages say."""
        # sudo: messaging.channel - webhooks have no user
        account = self.sudo().browse(channel_id).account_id
        return account._provider_class().profile is not Provider.profile

    @api.model
    @tools.ormcache("channel_id")
    def _answerable(self, channel_id):
        """Return what an address of a customer must match to be answered; False: all.

        A regular expression for the whole address.
        """
        # sudo: messaging.channel - what a provider allows is no secret
        channel = self.sudo().browse(channel_id)
        return channel.account_id._provider_class().answerable.get(channel.kind, False)

    @api.model
    def _can_answer(self, channel_id, address):
        """Tell whether an address of a customer can be answered at all."""
        pattern = self._answerable(channel_id)
        is_known = pattern and address
        return not is_known or bool(re.fullmatch(pattern, address))

    def _provider_infos(self):
        """Return the channels as the account's own, to look after them."""
        # sudo: messaging.channel - the secret is readable by nobody, but the adapter
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
        """Have the channel post where it did before, and archive it here.

        An archived channel is left alone when the account is connected again.
        """
        self.ensure_one()
        self.check_access("write")
        # sudo: messaging.channel - who may edit a channel may give it back
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
        """Keep what the provider tells of the channel, where it is news."""
        values = {
            "provider_reference": info.reference or False,
            "token_stored": info.token or False,
        }
        # sudo: messaging.channel - the secret is touched by our own code alone
        channel = self.sudo()
        news = {name: value for name, value in values.items() if channel[name] != value}
        if news:
            channel.write(news)
