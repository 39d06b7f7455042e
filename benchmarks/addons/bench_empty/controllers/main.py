from odoo import http
from odoo.http import Response


class EmptyRoute(http.Controller):
    """As public and as cheap as a route can be that is posted to, like a webhook."""

    @http.route("/bench/empty", type="http", auth="none", methods=["POST"], csrf=False)
    def empty(self, **_params):
        return Response()
