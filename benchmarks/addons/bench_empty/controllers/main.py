from twilio.request_validator import RequestValidator

from odoo import http
from odoo.http import Response, request

# As in `benchmarks/server.py`
AUTH_TOKEN = "be0c000000000000000000000000ffff"
STORE = """
    INSERT INTO bus_bus (channel, message, create_date, write_date)
    VALUES ('"bench"', %s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC');
    SELECT pg_notify('bench', '')
"""


class Baselines(http.Controller):
    """Routes that do less than a webhook."""

    @http.route("/bench/empty", type="http", auth="none", methods=["POST"], csrf=False)
    def empty(self, **_params):
        """Do nothing: the cheapest public route that accepts a POST."""
        return Response()

    @http.route(
        "/bench/floor",
        type="http",
        auth="none",
        methods=["POST"],
        csrf=False,
        save_session=False,
        readonly=False,
    )
    def floor(self, **_params):
        """Verify, insert one row, notify and commit: the least that a webhook needs."""
        received = request.httprequest
        signature = received.headers.get("X-Twilio-Signature", "")
        if not RequestValidator(AUTH_TOKEN).validate(
            received.url, received.form, signature
        ):
            return Response(status=403)
        request.env.cr.execute(STORE, [received.form["Body"]])
        return Response()
