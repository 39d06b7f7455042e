from odoo import http
from odoo.http import request

PAGE = "/messaging/help/notifications"


class MessagingHelp(http.Controller):
    @http.route(PAGE, type="http", auth="user", readonly=True)
    def notifications(self):
        """Say what to do when a notification doesn't arrive; it needs no internet."""
        return request.render("messaging_inbox.help_notifications")
