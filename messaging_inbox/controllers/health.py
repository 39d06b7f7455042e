import re

from odoo import http
from odoo.http import Response, request

from ..models.ingest.monitoring import SCOPE

# An API key of Odoo. Anything else is refused without asking the database.
BEARER = re.compile(r"Bearer ([0-9a-f]{40})")


class MessagingHealth(http.Controller):
    """Tells an administrator's monitoring what waits; contains no content."""

    @http.route(
        "/messaging/health",
        type="http",
        auth="none",
        methods=["GET"],
        save_session=False,
        # A replica that lags would hide what waits.
        readonly=False,
    )
    def health(self, **_params):
        env = _environment()
        if env is None:
            return Response(status=401, headers={"WWW-Authenticate": "Bearer"})
        return request.make_json_response(
            env["messaging.account"]._monitoring(),
            headers={"Cache-Control": "no-store"},
        )


def _environment():
    """Return the environment of the user whose key was sent, None if it is refused."""
    given = BEARER.fullmatch(request.httprequest.headers.get("Authorization", ""))
    keys = request.env["res.users.apikeys"]
    uid = given and keys._check_credentials(scope=SCOPE, key=given[1])
    env = request.env(user=uid) if uid else None
    # Those who may create accounts: keys of others open nothing here.
    return env if env and env["messaging.account"].has_access("create") else None
