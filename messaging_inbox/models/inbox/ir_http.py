from odoo import api, models
from odoo.http import request

from ...tools.transactions import read_committed
from ..access.res_users import AGENT

RPC = ("/web/dataset/call_kw", "/web/dataset/call_button", "/json/2/")
# Models whose rows several transactions write at once. A cron may write the account
# while numbers are registered.
CONTENDED = (
    "messaging.conversation",
    "messaging.message",
    "messaging.scheduled",
    "messaging.connect",
)
# Reads keep Odoo's isolation level: they need one consistent snapshot.
READ_PREFIXES = (
    "inbox_",
    "web_",
    "search",
    "start_",
    "read",
    "name_",
    "get_",
    "fields_",
    "formatted_",
)


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _dispatch(cls, endpoint):
        """Run calls that compete for the same rows at READ COMMITTED.

        Nothing has been written yet. While messages stream in, a transaction at Odoo's
        usual isolation level would fail on the row lock at every retry.
        """
        if request.httprequest.path.startswith(RPC) and _changes_messages(
            request.params
        ):
            read_committed(request.env.cr)
        return super()._dispatch(endpoint)

    def session_info(self):
        """Add the bus's last id, so that the page doesn't notify about older rows.

        The id comes with the page itself: all that arrives while it loads is new.
        """
        info = super().session_info()
        if self.env.user.has_group(AGENT):
            # sudo: bus.bus - only its last id, no content
            info["messaging_inbox_bus_id"] = self.env["bus.bus"].sudo()._bus_last_id()
        return info

    @api.model
    def lazy_session_info(self):
        """Add the counters of the systray badge, and what the user may start."""
        info = super().lazy_session_info()
        if self.env.user.has_group(AGENT):
            conversations = self.env["messaging.conversation"]
            info["messaging_inbox"] = conversations.inbox_counters()
            info["messaging_inbox_starting"] = conversations._starting_session()
        return info


def _changes_messages(params):
    """Return whether a call changes conversations or messages."""
    model = params.get("model", params.get("__model__"))
    method = str(params.get("method", params.get("__method__")))
    return model in CONTENDED and not method.startswith(READ_PREFIXES)
