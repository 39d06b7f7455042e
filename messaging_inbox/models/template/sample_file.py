"""The sample file of a header, which the provider fetches for the approval."""

import binascii
import io

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import hash_sign, verify_hash_signed

from ...providers.events import OutboundFile
from ...providers.provider import Limits
from ...tools import media_types
from .placeholders import filled, names_in

SCOPE = "messaging_inbox.template"
# The provider fetches it at the submission, and its reviewers some days later.
HOURS = 7 * 24
MEGABYTE = 1024 * 1024
PREFIXES = {"image": ("image/jpeg", "image/png"), "video": ("video/",)}
PREFIXES["document"] = ("application/",)


class MessagingTemplate(models.Model):
    _inherit = "messaging.template"

    sample_attachment_id = fields.Many2one(
        "ir.attachment", string="Sample file", copy=False, ondelete="set null"
    )
    sample_name = fields.Char(related="sample_attachment_id.name")

    def _problems(self):
        return [*super()._problems(), *self._problems_of_file()]

    def _problems_of_file(self):
        if not self.media_kind:
            return
        # sudo: ir.attachment - a file of this template
        file = self.sudo().sample_attachment_id
        if not file:
            yield "file", self.env._("Choose a sample file for the header.")
            return
        most = self._file_limits().get(file.mimetype)
        if not file.mimetype.startswith(PREFIXES[self.media_kind]) or not most:
            yield (
                "file",
                self.env._(
                    "The header can't show files of this type: %(name)s (%(type)s).",
                    name=file.name,
                    type=file.mimetype,
                ),
            )
        elif not 0 < file.file_size <= most:
            yield (
                "file",
                self.env._(
                    "%(name)s is empty or too large: at most %(size)s MB.",
                    name=file.name,
                    size=most // MEGABYTE,
                ),
            )

    def _file_limits(self):
        """Return {content type: size} that the provider takes in a template."""
        # sudo: messaging.account - a provider's limits aren't secret
        provider = self.sudo().account_id._provider_class()
        found = {}
        for kind in provider.template_kinds:
            found.update(provider.limits.get(kind, Limits(text=0)).files)
        return found

    # ------------------------------------------------------------------
    # whose file it is
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        templates._adopt_sample()
        return templates

    def write(self, vals):
        result = super().write(vals)
        if vals.get("sample_attachment_id"):
            self._adopt_sample()
        return result

    def _adopt_sample(self):
        """Make the chosen files those of the template; refuse those of others."""
        for template in self:
            # sudo: ir.attachment - checked below
            file = template.sudo().sample_attachment_id
            if not file or (file.res_model, file.res_id) == (self._name, template.id):
                continue
            is_mine = file.create_uid == self.env.user or self.env.su
            if not is_mine or file.res_model != self._name or file.res_id:
                raise UserError(self.env._("This file belongs to something else."))
            kind = media_types.checked(io.BytesIO(file.raw), file.mimetype, file.name)
            file.write({"res_id": template.id, "mimetype": kind})

    def copy(self, default=None):
        copies = super().copy(default)
        for template, made in zip(self, copies, strict=True):
            # sudo: ir.attachment - a file of a template that the user may read
            file = template.sudo().sample_attachment_id
            if file:
                made.sudo().sample_attachment_id = file.copy({"res_id": made.id})
        return copies

    # ------------------------------------------------------------------
    # its address
    # ------------------------------------------------------------------

    def _sample_address(self):
        """Return the end of the sample's address: what the file's variable holds."""
        # sudo: ir.config_parameter, ir.attachment - to sign; a file of this template
        template = self.sudo()
        ids = [self.id, template.sample_attachment_id.id]
        signed = hash_sign(template.env, SCOPE, ids, expiration_hours=HOURS)
        kind = template.sample_attachment_id.mimetype
        return f"{signed}/{media_types.with_ending('sample', kind)}"

    def _sample_file(self):
        """Return the sample as an OutboundFile, None without one."""
        # sudo: ir.attachment - a file of this template
        file = self.sudo().sample_attachment_id
        if not file or not self.media_kind:
            return None
        url = self._filled_media_url()
        return OutboundFile(url, file.mimetype, file.name, lambda: file.raw)

    def _filled_media_url(self):
        return filled(
            self.media_url,
            {name: self._sample_address() for name in names_in(self.media_url)},
        )

    def _signed_sample(self, signed):
        """Return the sample that a signature is for; empty if it isn't valid."""
        try:
            ids = verify_hash_signed(self.env, SCOPE, signed)
        except (ValueError, binascii.Error, OverflowError):
            ids = None
        # sudo: messaging.template - the signature is the permission
        template = self.sudo().browse(ids and ids[0]).exists()
        file = template.sample_attachment_id
        return file if ids and file.id == ids[1] else file.browse()
