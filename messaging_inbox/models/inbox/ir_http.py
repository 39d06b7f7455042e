from odoo import api, models
from odoo.http import request

from ...tools.transactions import read_committed
from ..access.res_users import AGENT

RPC = ("/web/dataset/call_kw", "/web/dataset/call_button", "/json/2/")
# A cron may write the account while numbers are registered.
CONTENDED = ("messaging.conversation", "messaging.message", "messaging.connect")
# The screen's questions want one state of the database.
QUESTIONS = (
    "inbox_",
    "web_",
    "search",
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
        """Run what meets other writers of the same rows at READ COMMITTED.

        Nothing has been written yet. While messages stream in, a transaction at Odoo's
        usual isolation level would fail at the row's lock on every try.
        """
        if request.httprequest.path.startswith(RPC) and _changes_messages(
            request.params
        ):
            read_committed(request.env.cr)
        return super()._dispatch(endpoint)

    def session_info(self):
        """Say how far the bus has come: what it repeats to a new page is no news.

        With the page itself, so that whatever comes while it loads is news.
        """
        info = super().session_info()
        if self.env.user.has_group(AGENT):
            # sudo: bus.bus - how far it has come, nothing of it
            info["messaging_inbox_bus_id"] = self.env["bus.bus"].sudo()._bus_last_id()
        return info

    @api.model
    def lazy_session_info(self):
        """Bring the badge of the systray along with Odoo's own late load."""
        info = super().lazy_session_info()
        if self.env.user.has_group(AGENT):
            info["messaging_inbox"] = self.env[
                "messaging.conversation"
            ].inbox_counters()
        return info


def _changes_messages(params):
    """Tell whether a call changes conversations or messages."""
    model = params.get("model", params.get("__model__"))
    method = str(params.get("method", params.get("__method__")))
    return model in CONTENDED and not method.startswith(QUESTIONS)
