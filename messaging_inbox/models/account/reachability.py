from urllib.parse import urlsplit

from odoo import api, fields, http, models
from odoo.http import request
from odoo.tools import config

from ...providers.fetch import is_public
from .account import developer_mode

LOCAL_NAMES = (".localhost", ".local", ".internal", ".lan", ".home", ".test")


def _is_local(host):
    """Return whether a host is only reachable from the same network."""
    try:
        return not is_public(host)
    except ValueError:
        return "." not in host or host.endswith(LOCAL_NAMES)


class MessagingAccount(models.Model):
    """Checks whether the configuration lets the provider reach the webhook."""

    _inherit = "messaging.account"

    reachability_warning = fields.Text(
        compute="_compute_reachability_warning",
        help="One line for each problem that would break the webhook.",
    )

    @api.depends("webhook_url")
    @api.depends_context("uid")
    def _compute_reachability_warning(self):
        for account in self:
            account.reachability_warning = (
                "\n".join(account._reachability_warnings()) or False
            )

    def _reachability_warnings(self):
        """Return a sentence for each problem, including what to do."""
        # sudo: messaging.account - only whether a simulated provider is used
        stand_in = developer_mode() and self.sudo().api_base_url
        if stand_in or not self.webhook_url:
            return []
        checks = (
            self._warn_of_address() or self._warn_of_other_address(),
            self._warn_of_proxy(),
            self._warn_of_databases(),
        )
        return [sentence for sentence in checks if sentence]

    def _warn_of_address(self):
        parts = urlsplit(self.webhook_url)
        if _is_local(parts.hostname):
            return self.env._(
                "%(host)s can't be reached from the internet. Enter the public host"
                " in the webhook address and connect again.",
                host=parts.hostname,
            )
        if parts.scheme != "https":
            return self.env._(
                "The webhook address doesn't use https, so messages would travel"
                " unencrypted. Change it to https:// and connect again."
            )
        return None

    def _warn_of_other_address(self):
        origin, public = self._webhook_origin(), self.get_base_url()
        if origin == public.rstrip("/"):
            return None
        return self.env._(
            "The webhook address begins with %(origin)s, but Odoo's own address is"
            " %(public)s. Change the one that isn't public (in System Parameters,"
            " web.base.url, and web.base.url.freeze to keep it) and connect again.",
            origin=origin,
            public=public,
        )

    def _warn_of_proxy(self):
        if config["proxy_mode"] or not request:
            return None
        if "X-Forwarded-Host" not in request.httprequest.headers:
            return None
        return self.env._(
            "Odoo runs behind a proxy but isn't configured for it. Set proxy_mode ="
            " True in its configuration file and restart it."
        )

    def _warn_of_databases(self):
        """Check that the host alone selects this database: webhooks have no session."""
        host = urlsplit(self.webhook_url).netloc
        names = http.db_list(force=True, host=host)
        if names == [self.env.cr.dbname]:
            return None
        if len(names) > 1:
            return self.env._(
                "%(host)s may lead to any of %(count)s databases, so webhooks get a"
                " 404. Set dbfilter so that it selects only %(database)s.",
                host=host,
                count=len(names),
                database=self.env.cr.dbname,
            )
        return self.env._(
            "%(host)s doesn't lead to this database (%(database)s), so webhooks get a"
            " 404. Fix dbfilter.",
            host=host,
            database=self.env.cr.dbname,
        )
