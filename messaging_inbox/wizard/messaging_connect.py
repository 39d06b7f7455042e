from odoo import Command, api, fields, models


class MessagingConnect(models.TransientModel):
    """Asks which numbers to take over from another program."""

    _name = "messaging.connect"
    _description = "Take over numbers"

    account_id = fields.Many2one("messaging.account", required=True, readonly=True)
    line_ids = fields.One2many("messaging.connect.line", "connect_id")

    @api.model
    def _offer(self, account, infos):
        """Return the dialog that offers what another program has today."""
        lines = [
            Command.create(
                {
                    "name": info.name or info.address,
                    "kind": info.kind,
                    "address": info.address,
                    "webhook_url": info.webhook_url,
                }
            )
            for info in infos
        ]
        dialog = self.create({"account_id": account.id, "line_ids": lines})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Used by another program"),
            "res_model": self._name,
            "res_id": dialog.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_take_over(self):
        """Connect the ticked numbers; the rest stays with the other program."""
        self.ensure_one()
        ticked = self.line_ids.filtered("is_taken")
        taken = {(line.kind, line.address) for line in ticked}
        shown = self.account_id._connect(taken)
        # The numbers that were left were just shown.
        shown["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return shown


class MessagingConnectLine(models.TransientModel):
    """One number that posts to another program."""

    _name = "messaging.connect.line"
    _description = "Number to take over"

    connect_id = fields.Many2one("messaging.connect", required=True, ondelete="cascade")
    is_taken = fields.Boolean(string="Take over")
    name = fields.Char(readonly=True)
    kind = fields.Selection(
        selection=lambda self: (
            self.env["messaging.channel"]
            ._fields["kind"]
            ._description_selection(self.env)
        ),
        readonly=True,
    )
    address = fields.Char(readonly=True)
    webhook_url = fields.Char(string="Posts to today", readonly=True)
