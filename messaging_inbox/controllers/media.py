import binascii

from odoo import http
from odoo.api import SUPERUSER_ID
from odoo.http import Response, request
from odoo.tools.misc import verify_hash_signed


class MessagingMedia(http.Controller):
    """Where the provider fetches a file that we send."""

    @http.route(
        "/messaging/media/<string:signed>",
        type="http",
        auth="none",
        methods=["GET"],
        save_session=False,
        # The provider asks as soon as the message is committed: a replica that lags
        # would say that there is no such file.
        readonly=False,
    )
    def media(self, signed, **_params):
        env = request.env(user=SUPERUSER_ID, su=True)
        message, attachment = _message_and_file(env, signed)
        if not attachment:
            return Response(status=404)
        stream = env["ir.binary"]._get_stream_from(
            attachment, filename=message._provider_filename(attachment)
        )
        response = stream.get_response(as_attachment=False, max_age=0)
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def _message_and_file(env, signed):
    """Return the message and its file that were signed, if they still are one."""
    try:
        ids = verify_hash_signed(env, "messaging_inbox.media", signed)
    except (ValueError, binascii.Error, OverflowError):
        return None, None
    if not ids:
        return None, None
    message = env["messaging.message"].browse(ids[0]).exists()
    if message.direction != "outbound":
        return None, None
    return message, message.attachment_ids.filtered(lambda file: file.id == ids[1])
