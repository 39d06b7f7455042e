from urllib.parse import urlsplit

from odoo import models

from ...providers.errors import ProviderError, SendError

# A message on the screen names so many channels, and counts the others.
MOST_NAMED = 5


class MessagingAccount(models.Model):
    """Connecting to the provider, and whether it still answers."""

    _inherit = "messaging.account"

    def action_connect(self):
        """Check the credentials, make the channels, set and read back their webhook.

        Numbers that post to another program are left, and a dialog offers them.
        """
        return self._connect()

    def _connect(self, taken=()):
        """Connect what is free or ours, and the ``taken`` (kind, address) pairs."""
        self.ensure_one()
        self.check_access("write")
        self._before_connecting()
        try:
            self._provider().check()
            provider, renewed = self._renewed_provider()
            infos = provider.list_channels()
            usable = [info for info in infos if self._is_usable(info)]
            left = [
                info
                for info in usable
                if self._is_others(info.webhook_url)
                and (info.kind, info.address) not in taken
            ]
            usable = [info for info in usable if info not in left]
            provider.register(self.webhook_url, usable)
        except ProviderError as error:
            return self._connection_failed(error)
        self._keep_credentials(renewed)
        self._make_channels(usable)
        problems = [f"{info.address}: {info.problem}" for info in infos if info.problem]
        self._set_connected(problems)
        self.env["messaging.receipt"]._channels_changed(self)
        shown = self._notify_connected(usable, problems, left)
        if left:
            dialog = self.env["messaging.connect"]._offer(self, left)
            shown["params"]["next"] = dialog
        return shown

    def _is_others(self, url):
        """Tell whether an address belongs to no account of this database.

        The host may have changed, so only the token is compared.
        """
        token = urlsplit(url).path.rpartition("/")[2]
        # sudo: messaging.account - only tells that an account has this address
        Account = self.env["messaging.account"].sudo().with_context(active_test=False)
        ours = [("webhook_token", "=", token)]
        return bool(url) and not Account.search_count(ours, limit=1)

    def _before_connecting(self):
        """Make what the provider wants to know of us, before it is asked anything."""

    def action_check_health(self):
        """Ask the provider whether the account still works, and mend what doesn't."""
        self.ensure_one()
        self.check_access("write")
        error = self._check_health()
        if error:
            return self._notification(self._connection_error(error), "danger")
        return self._notification(
            self.env._("%s answers, the credentials are right.", self.name), "success"
        )

    def _connection_failed(self, error):
        """Keep what went wrong on the account, where raising would roll it back."""
        message = self._connection_error(error)
        if self.state == "connected":
            self._keep_error(error)
        else:
            self.error_message = message
        return self._notification(message, "danger")

    def _connection_error(self, error):
        """Say in one sentence why the provider can't be used."""
        if not isinstance(error, SendError):
            return str(error)
        sentence = self.env["messaging.message"]._reason_sentence_for_manager(
            error.reason
        )
        words = " ".join(filter(None, [error.code, error.detail]))
        return f"{sentence} ({words})" if words else sentence

    def _is_usable(self, info):
        """Leave alone what can't be used, and what somebody archived on purpose."""
        channel = self._channel_of(info)
        return not info.problem and (not channel or channel.active)

    def _channel_of(self, info):
        # sudo: messaging.channel - the installer may be no manager any more
        Channel = self.env["messaging.channel"].sudo().with_context(active_test=False)
        return Channel.search(
            [
                ("account_id", "=", self.id),
                ("kind", "=", info.kind),
                ("address", "=", info.address),
            ]
        )

    def _make_channels(self, infos):
        for info in infos:
            channel = self._channel_of(info) or self._make_channel(info)
            channel._take_info(info)
            channel._keep_replaced(info.webhook_url)

    def _make_channel(self, info):
        return self._channel_of(info).create(
            {
                "account_id": self.id,
                "kind": info.kind,
                "address": info.address,
                "name": info.name or info.address,
            }
        )

    def _notify_connected(self, infos, problems, left=()):
        if len(problems) > MOST_NAMED:
            words = self.env._("%s can't be used: see the account.", len(problems))
            problems = [words]
        if left:
            words = self.env._(
                "Left, because another program has them: %(addresses)s.",
                addresses=self._named(left),
            )
            problems = [words, *problems]
        if infos:
            message = self.env._(
                "Connected: %(addresses)s.", addresses=self._named(infos)
            )
            return self._notification(" ".join([message, *problems]), "success")
        message = (
            self.env._("The credentials are right, but no channel was connected.")
            if left
            else self.env._(
                "The credentials are right, but the account has no channel that"
                " can be used."
            )
        )
        return self._notification(" ".join([message, *problems]), "warning")

    def _named(self, infos):
        """Return the first names, and how many more there are."""
        names, more = list(map(_called, infos[:MOST_NAMED])), len(infos) - MOST_NAMED
        if more > 0:
            names.append(self.env._("%s more", more))
        return ", ".join(names)

    def _notification(self, message, kind):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": kind,
                "sticky": kind == "danger",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


def _called(info):
    """Return what people call a channel, whose address may be a mere number."""
    return f"{info.name} ({info.address})" if info.name else info.address
