from odoo import api, models
from odoo.exceptions import UserError

from ...tools.client_values import expects, is_id
from ...tools.picture_conversion import FORMATS, JPEG, CannotConvert, to_jpeg


class MessagingConversation(models.Model):
    """Convert pictures that the channel doesn't accept to JPEG, if the agent agrees."""

    _inherit = "messaging.conversation"

    @api.model
    def _convertible_types(self):
        return sorted(FORMATS)

    @api.model
    @expects(attachment_id=is_id)
    def inbox_convert_file(self, id, attachment_id):  # noqa: A002 - the client's word
        """Replace a picture that the user uploaded here with a JPEG.

        Return the new file as an upload does: ``{id, name, mimetype, size}``, the size
        in bytes. Raise UserError if the picture is gone or can't be converted.
        """
        conversation = self._readable(id)
        conversation.check_access("write")
        uploaded = self.env["ir.attachment"].browse(attachment_id or ()).exists()
        here = (self._name, conversation.id)
        if not uploaded or (uploaded.res_model, uploaded.res_id) != here:
            raise UserError(self.env._("A file no longer exists. Attach it again."))
        # Users may replace only their own unsent files: see ir_attachment.py.
        uploaded.check_access("write")
        jpeg = self._create_jpeg(uploaded)
        uploaded.unlink()
        return {
            "id": jpeg.id,
            "name": jpeg.name,
            "mimetype": jpeg.mimetype,
            "size": jpeg.file_size,
        }

    def _create_jpeg(self, picture):
        sentence = self.env._("%(name)s can't be converted.", name=picture.name)
        if picture.mimetype not in FORMATS:
            raise UserError(sentence)
        try:
            content = to_jpeg(picture.raw, picture.mimetype)
        except CannotConvert as error:
            raise UserError(sentence) from error
        stem, dot, _ending = picture.name.rpartition(".")
        return picture.create(
            {
                "name": f"{stem if dot else picture.name}.jpg",
                "raw": content,
                "mimetype": JPEG,
                "res_model": picture.res_model,
                "res_id": picture.res_id,
            }
        )
