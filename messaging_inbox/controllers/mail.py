from odoo.http import request

from odoo.addons.mail.controllers.mail import MailController

from ..models.access.res_users import AGENT


class MessagingMailController(MailController):
    @classmethod
    def _redirect_to_generic_fallback(cls, model, res_id, *args, **kwargs):
        """Let the inbox explain that a conversation was deleted or isn't accessible."""
        is_agent = request.env.user.has_group(AGENT)
        if model == "messaging.conversation" and res_id and is_agent:
            return request.redirect(f"/odoo/messaging/{int(res_id)}")
        return super()._redirect_to_generic_fallback(model, res_id, *args, **kwargs)
