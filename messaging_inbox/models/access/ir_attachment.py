import base64
import hashlib
import io
import os
import shutil
import tempfile

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...tools import media_types, pictures
from ...tools.file_signatures import OTHER

CONVERSATION = "messaging.conversation"
CHUNK = 256 * 1024


class IrAttachment(models.Model):
    """Protects a conversation's files: once sent, they live as long as it does."""

    _inherit = "ir.attachment"

    # Copied with the file, for the copies in notes.
    messaging_thumbnail = fields.Binary(attachment=True)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._messaging_check_field(vals.get("res_model"), vals.get("res_field"))
        # Colleagues open agents' uploads from our origin: store no active documents.
        if any(vals.get("res_model") == CONVERSATION for vals in vals_list):
            self = self.with_context(attachments_mime_plainxml=True)
            vals_list = [self._messaging_typed(vals) for vals in vals_list]
        has_content = [bool(vals.get("raw") or vals.get("datas")) for vals in vals_list]
        attachments = super().create(vals_list)
        for attachment, has_any in zip(attachments, has_content, strict=True):
            # sudo: ir.attachment - only this code writes the thumbnail
            if has_any and attachment.res_model == CONVERSATION:
                attachment.sudo()._messaging_thumbnail()
        return attachments

    def write(self, vals):
        if vals.get("res_field"):
            # sudo: ir.attachment - what the files would become, whatever the access
            for file in self.sudo():
                model = vals.get("res_model", file.res_model)
                self._messaging_check_field(model, vals["res_field"])
        return super().write(vals)

    def _messaging_check_field(self, model, name):
        """Refuse users' files in our fields: a customer's photo, a thumbnail.

        Odoo checks access to the record only, as it does for any of its files.
        """
        if self.env.su or not name or model not in self.env:
            return
        field = self.env[model]._fields.get(name)
        if field and field._module == "messaging_inbox":
            raise AccessError(self.env._("Only the server fills “%s”.", name))

    def _compute_mimetype(self, values):
        """Keep the given type where we set it: pictures that are too big have none."""
        if self.env.context.get("messaging_keep_type") and values.get("mimetype"):
            return values["mimetype"]
        return super()._compute_mimetype(values)

    def _postprocess_contents(self, values):
        """Don't decode a picture that is too big: it becomes a download."""
        is_ours = values.get("res_model") == CONVERSATION or self._messaging_is_ours()
        content = is_ours and _content_of(values)
        if content and pictures.is_too_big(io.BytesIO(content)):
            # In place: Odoo's create() ignores the return value.
            values["mimetype"] = OTHER
            return values
        return super()._postprocess_contents(values)

    def _messaging_is_ours(self):
        return CONVERSATION in self.sudo().mapped("res_model")

    def _messaging_thumbnail(self):
        """Return the thumbnail, created on the first call; False if there is none."""
        self.ensure_one()
        is_ours = self._messaging_is_ours() and self.mimetype.startswith("image/")
        if self.messaging_thumbnail or not is_ours:
            return self.messaging_thumbnail
        try:
            content = io.BytesIO(self.raw or b"")
            if not pictures.is_too_big(content):
                self.messaging_thumbnail = _encoded(pictures.thumbnail(content))
        except ValueError:
            # Broken: don't decode it again.
            self._write({"mimetype": OTHER})
        return self.messaging_thumbnail

    def _messaging_typed(self, vals):
        """Return the values with the type that was detected from the bytes.

        The composer compares it with the types that the channel accepts.
        """
        raw = _content_of(vals) if vals.get("res_model") == CONVERSATION else b""
        if not raw:
            return vals
        content = io.BytesIO(raw.encode() if isinstance(raw, str) else raw)
        name, claim = vals.get("name"), self._compute_mimetype(vals)
        return {**vals, "mimetype": media_types.checked(content, claim, name)}

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or operation not in ("write", "unlink"):
            return result
        # Not in write() and unlink(): some routes of Odoo check access here, then
        # delete as superuser.
        fixed = self._messaging_fixed()
        if not fixed:
            return result
        return fixed | (result[0] if result else self.browse()), self._fixed_error

    def _messaging_fixed(self):
        """Return conversation files that were sent or belong to another user."""
        # sudo: ir.attachment - reads the owner, whatever the user's access
        files = self.sudo().filtered(lambda file: file.res_model == CONVERSATION)
        if not files:
            return self.browse()
        # sudo: messaging.message - the answer doesn't depend on the current user
        messages = self.env["messaging.message"].sudo()
        sent = messages.search([("attachment_ids", "in", files.ids)]).attachment_ids
        others = files.filtered(lambda file: file.create_uid != self.env.user)
        return (files & (sent | others)).with_env(self.env)

    def _fixed_error(self):
        return AccessError(
            self.env._("Files of a conversation can only be deleted with it.")
        )

    @api.autovacuum
    def _gc_messaging_orphans(self):
        """Delete files that were uploaded while their conversation was deleted."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM ir_attachment a WHERE res_model = %s AND res_id > 0"
                " AND NOT EXISTS (SELECT 1 FROM messaging_conversation c"
                " WHERE c.id = a.res_id)",
                CONVERSATION,
            )
        )
        # sudo: ir.attachment - no user has access to files without a record
        self.sudo().browse([row[0] for row in rows]).unlink()

    @api.model
    def _messaging_create(self, content, values, thumbnail=b""):
        """Create an attachment from an open binary file without loading it into memory.

        The bytes go to the filestore the way ``ir.attachment`` stores them: named by
        their checksum, and marked for garbage collection until the row is committed.
        """
        # The superuser may store active documents: the caller detected a safe type.
        Attachment = self.with_context(
            attachments_mime_plainxml=True, image_no_postprocess=True
        )
        if Attachment._storage() != "file":
            attachment = Attachment.create(values)
            attachment._set_attachment_data(lambda _attachment: content.read())
            attachment.messaging_thumbnail = _encoded(thumbnail)
            return attachment
        checksum, size = _checksum(content)
        fname = f"{checksum[:2]}/{checksum}"
        _copy_atomically(content, Attachment._full_path(fname))
        Attachment._mark_for_gc(fname)
        attachment = Attachment.create(values)
        attachment._write(
            {
                "store_fname": fname,
                "checksum": checksum,
                "file_size": size,
                "mimetype": values["mimetype"],
            }
        )
        attachment.invalidate_recordset()
        attachment.messaging_thumbnail = _encoded(thumbnail)
        return attachment


def _encoded(content):
    return base64.b64encode(content) if content else False


def _content_of(values):
    return values.get("raw") or base64.b64decode(values.get("datas") or b"")


def _checksum(content):
    digest, size = hashlib.sha1(), 0  # noqa: S324 - the filestore's own naming
    content.seek(0)
    while chunk := content.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    content.seek(0)
    return digest.hexdigest(), size


def _copy_atomically(content, path):
    if os.path.exists(path):
        return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=os.path.dirname(path), delete=False) as file:
        try:
            shutil.copyfileobj(content, file)
            file.flush()
            os.chmod(file.name, 0o644)
            os.replace(file.name, path)
        except OSError:
            # With a full disk, no partial file may remain.
            os.unlink(file.name)
            raise
