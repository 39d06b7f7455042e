import binascii

from odoo import http
from odoo.api import SUPERUSER_ID
from odoo.http import Response, request
from odoo.tools.misc import verify_hash_signed


class MessagingMedia(http.Controller):
    """Serves files to the provider: of outbound messages, and samples of templates."""

    @http.route(
        [
            "/messaging/media/<string:signed>",
            # The name only gives the address an ending: templates demand one.
            "/messaging/media/<string:signed>/<string:filename>",
        ],
        type="http",
        auth="none",
        methods=["GET"],
        save_session=False,
        # The provider asks right after the commit: a lagging replica would not know
        # the file yet.
        readonly=False,
    )
    def media(self, signed, **_params):
        env = request.env(user=SUPERUSER_ID, su=True)
        message, attachment = _message_and_file(env, signed)
        if not attachment:
            attachment = env["messaging.template"]._signed_sample(signed)
        if not attachment:
            return Response(status=404)
        filename = message._provider_filename(attachment) if message else None
        stream = env["ir.binary"]._get_stream_from(attachment, filename=filename)
        response = stream.get_response(as_attachment=False, max_age=0)
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def _message_and_file(env, signed):
    """Return the signed message and file, if they still belong together."""
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
