from odoo.http import request
from odoo.tools import file_open

from odoo.addons.web.controllers import webmanifest


class WebManifest(webmanifest.WebManifest):
    def _get_service_worker_content(self):
        """Add our listeners before Odoo's, so that they handle conversations first."""
        body = super()._get_service_worker_content()
        if not request.env.user._is_internal():
            return body
        path = "messaging_inbox/static/service_worker/notifications.js"
        with file_open(path) as ours:
            return ours.read() + body
