from odoo import http
from odoo.http import request

PAGE = "/messaging/help/notifications"


class MessagingHelp(http.Controller):
    @http.route(PAGE, type="http", auth="user", readonly=True)
    def notifications(self):
        """Show what to do when notifications don't arrive; works without internet."""
        return request.render("messaging_inbox.help_notifications")
