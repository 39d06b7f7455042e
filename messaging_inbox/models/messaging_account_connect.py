from odoo import models

from ..providers.errors import ProviderError, Reason, SendError


class MessagingAccount(models.Model):
    """Connecting to the provider, and whether it still answers."""

    _inherit = "messaging.account"

    def action_connect(self):
        """Check the credentials, make the channels, set and read back their webhook."""
        self.ensure_one()
        self.check_access("write")
        provider = self._provider()
        try:
            provider.check()
            infos = provider.list_channels()
            usable = [info for info in infos if self._is_usable(info)]
            provider.register(self.webhook_url, usable)
        except ProviderError as error:
            return self._connection_failed(error)
        self._make_channels(usable)
        problems = [f"{info.address}: {info.problem}" for info in infos if info.problem]
        self.write({"state": "connected", "error_message": " ".join(problems) or False})
        self.env["messaging.message"]._trigger_sending()
        return self._notify_connected(usable, problems)

    def action_check_health(self):
        """Ask the provider whether the credentials still hold."""
        self.ensure_one()
        self.check_access("write")
        try:
            self._provider().check()
        except ProviderError as error:
            return self._connection_failed(error)
        if self.state == "error":
            self.write({"state": "connected", "error_message": False})
        return self._notification(
            self.env._("%s answers, the credentials are right.", self.name), "success"
        )

    def _connection_failed(self, error):
        """Keep what went wrong on the account, where raising would roll it back."""
        message = self._connection_error(error)
        values = {"error_message": message}
        if self.state == "connected" and self._credentials_refused(error):
            values["state"] = "error"
        self.write(values)
        return self._notification(message, "danger")

    def _credentials_refused(self, error):
        return isinstance(error, SendError) and error.reason is Reason.BAD_CREDENTIALS

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
            channel = self._channel_of(info)
            if channel:
                channel.provider_reference = info.reference
            else:
                channel.create(
                    {
                        "account_id": self.id,
                        "kind": info.kind,
                        "address": info.address,
                        "name": info.name or info.address,
                        "provider_reference": info.reference,
                    }
                )

    def _notify_connected(self, infos, problems):
        if not infos:
            return self._notification(
                self.env._(
                    "The credentials are right, but the account has no number that can"
                    " be used. %(problems)s",
                    problems=" ".join(problems),
                ),
                "warning",
            )
        message = self.env._(
            "Connected: %(addresses)s.",
            addresses=", ".join(info.address for info in infos),
        )
        return self._notification(" ".join([message, *problems]), "success")

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

    def _set_error(self, message):
        """The provider refused the credentials while we worked: managers see why."""
        # sudo: messaging.account - agents and crons meet the error, managers mend it
        self.sudo().write({"state": "error", "error_message": message})
