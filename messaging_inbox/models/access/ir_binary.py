from odoo import models

CONTENT = ("raw", "datas", "db_datas")
SIZES = {"width": 0, "height": 0, "crop": False, "quality": 0}


class IrBinary(models.AbstractModel):
    _inherit = "ir.binary"

    def _get_image_stream_from(self, record, field_name="raw", **options):
        """Serve customers' pictures from a thumbnail, without decoding them again."""
        is_sized = any(options.get(name) for name in SIZES)
        if is_sized and record._name == "ir.attachment" and field_name in CONTENT:
            # sudo: ir.attachment - the caller checked access
            attachment = record.sudo()
            if attachment._messaging_thumbnail():
                field_name = "messaging_thumbnail"
            elif attachment._messaging_is_ours():
                options.update(SIZES)
        return super()._get_image_stream_from(record, field_name, **options)
