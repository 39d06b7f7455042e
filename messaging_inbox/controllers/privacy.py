import logging
import tempfile

from werkzeug.exceptions import BadRequest, Forbidden
from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.http import Response, content_disposition, request

from ..tools.client_values import is_one_id

_logger = logging.getLogger(__name__)

# More than that is written to the disk while it is made.
IN_MEMORY = 8 * 2**20
MODELS = ("res.partner", "messaging.conversation")


class MessagingPrivacy(http.Controller):
    @http.route("/messaging/privacy/export", type="http", auth="user", methods=["GET"])
    def export(self, model="", ids=""):
        """Send a ZIP with all conversations of the persons behind these records.

        ``model`` is res.partner or messaging.conversation; ``ids`` are joined by
        commas, since an address must not contain a name or number. For administrators.
        """
        if not request.env.user.has_group("base.group_system"):
            raise Forbidden
        if model not in MODELS or not all(map(_is_id, ids.split(","))):
            raise BadRequest
        # sudo: an administrator asks for all that is stored about a person
        records = request.env[model].sudo().browse(map(int, ids.split(","))).exists()
        found = records
        if model == "res.partner":
            found = request.env["messaging.conversation"]._of_person(partners=records)
        _logger.info("User %s exported conversations %s", request.env.uid, found.ids)
        file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        found._write_export(file)
        file.seek(0)
        headers = {
            "Content-Type": "application/zip",
            "Content-Disposition": content_disposition("conversations.zip"),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        content = wrap_file(request.httprequest.environ, file)
        return Response(content, headers=headers, direct_passthrough=True)


def _is_id(text):
    # Python refuses to read numbers of thousands of digits.
    return text.isdecimal() and len(text) <= 10 and is_one_id(int(text))
