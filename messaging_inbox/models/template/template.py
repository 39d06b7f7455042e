from odoo import fields, models

CATEGORIES = [
    ("utility", "Utility"),
    ("marketing", "Marketing"),
    ("authentication", "Authentication"),
]


class MessagingTemplate(models.Model):
    """A template of an account in one language, as the provider knows it."""

    _name = "messaging.template"
    _description = "Message template"
    _order = "name, language, id"

    account_id = fields.Many2one(
        "messaging.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id")
    channel_ids = fields.Many2many(
        "messaging.channel",
        string="Channels",
        help="The channels on which the template can be sent.",
    )
    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    language = fields.Char(required=True, help="The provider's code, such as pt_BR.")
    category = fields.Selection(CATEGORIES)
    state = fields.Selection(
        [
            ("unsubmitted", "Not submitted"),
            ("pending", "Waiting for approval"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("paused", "Paused"),
            ("disabled", "Disabled"),
        ],
        required=True,
        default="unsubmitted",
        readonly=True,
    )
    rejection_reason = fields.Char(readonly=True)
    header = fields.Char(help="A line in bold above the text.")
    body = fields.Text(required=True)
    footer = fields.Char()
    buttons = fields.Json(help="A list of {kind, text, value, payload}.")
    variable_names = fields.Json(help="The names of the placeholders, in order.")
    samples = fields.Json(help="A sample for each placeholder, by its name.")
    media_kind = fields.Selection(
        [("image", "Picture"), ("video", "Video"), ("document", "Document")],
        string="File",
    )
    media_url = fields.Char(string="Address of the file")
    use = fields.Selection(
        [
            ("anytime", "Any time"),
            ("in_window", "Only within the reply window"),
            ("never", "Can't be sent from Odoo"),
        ],
        required=True,
        default="anytime",
        readonly=True,
    )
    needs_approval = fields.Boolean(
        readonly=True,
        help="It can't be sent without approval even within the reply window.",
    )
    quality = fields.Selection(
        [("high", "High"), ("medium", "Medium"), ("low", "Low")],
        readonly=True,
        copy=False,
        help="How customers receive it, as the provider rates it.",
    )
    provider_reference = fields.Char(readonly=True, copy=False)

    _provider_reference_unique = models.UniqueIndex(
        "(account_id, provider_reference) WHERE provider_reference IS NOT NULL"
    )
