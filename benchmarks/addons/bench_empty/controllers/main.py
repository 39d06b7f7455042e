from odoo import http
from odoo.http import Response


class EmptyRoute(http.Controller):
    """The cheapest public route that accepts a POST, as a webhook does."""

    @http.route("/bench/empty", type="http", auth="none", methods=["POST"], csrf=False)
    def empty(self, **_params):
        return Response()
