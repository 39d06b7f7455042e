"""How long a channel keeps messages, files and failed webhooks.

A cron erases what is older, in batches of one transaction each. Other folders extend
``_erase_some`` with what they store.
"""

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ...tools import time_limit, work_queue
from ...tools.transactions import commit, read_committed

CRON = "messaging_inbox.ir_cron_erase"
ADMINISTRATOR = "base.group_system"
UNITS = [("days", "days"), ("months", "months")]
MOST = {"days": 3650, "months": 120}
KEPT = ("messages", "files", "webhooks")
SETTINGS = {name for kept in KEPT for name in (f"{kept}_kept", f"{kept}_kept_unit")}
# Seconds that one batch may take.
SECONDS = 5


class MessagingChannel(models.Model):
    _inherit = "messaging.channel"

    messages_kept = fields.Integer(
        string="Messages are kept for",
        help=(
            "Older messages lose their text, files and everything else that was said."
            " They stay in the conversation as empty bubbles. Private notes, too."
        ),
    )
    messages_kept_unit = fields.Selection(UNITS, string="Unit for messages")
    files_kept = fields.Integer(
        string="Files are kept for",
        help="Older files are deleted; at the latest with their message.",
    )
    files_kept_unit = fields.Selection(UNITS, string="Unit for files")
    webhooks_kept = fields.Integer(
        string="Failed webhooks are kept for",
        help=(
            "Older ones lose their content, and can't be replayed any more; at the"
            " latest when messages of their age are erased. A failed webhook belongs"
            " to the whole account: the shortest time of its channels counts."
        ),
    )
    webhooks_kept_unit = fields.Selection(UNITS, string="Unit for failed webhooks")

    may_set_kept = fields.Boolean(compute="_compute_may_set_kept")

    @api.depends_context("uid")
    def _compute_may_set_kept(self):
        self.may_set_kept = self.env.user.has_group(ADMINISTRATOR)

    @api.constrains(*sorted(SETTINGS))
    def _check_kept(self):
        for channel in self:
            for kept in KEPT:
                unit, number = channel[f"{kept}_kept_unit"], channel[f"{kept}_kept"]
                if unit and not 1 <= number <= MOST[unit]:
                    raise ValidationError(
                        self.env._(
                            "%(what)s: enter 1 to %(days)s days or 1 to %(months)s"
                            " months, or leave the unit empty to keep them for ever.",
                            what=channel._fields[f"{kept}_kept"]._description_string(
                                self.env
                            ),
                            **MOST,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_may_set_kept(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_may_set_kept(vals)
        return super().write(vals)

    def _check_may_set_kept(self, vals):
        """Refuse all but administrators: what is erased can't be restored."""
        is_set = any(vals.get(name) for name in SETTINGS) or (
            self and vals.keys() & SETTINGS
        )
        if is_set and not (self.env.su or self.env.user.has_group(ADMINISTRATOR)):
            raise AccessError(
                self.env._("Only administrators can change how long messages are kept.")
            )

    def _kept_since(self, *kept):
        """Return the time before which these are erased, None if they are kept.

        Of several, the one that is erased first counts.
        """
        now = fields.Datetime.now()
        times = [
            now - relativedelta(**{unit: self[f"{name}_kept"]})
            for name in kept
            if (unit := self[f"{name}_kept_unit"])
        ]
        return max(times, default=None)

    # ------------------------------------------------------------------
    # the cron
    # ------------------------------------------------------------------

    @api.model
    def _cron_erase(self):
        erased = work_queue.run(self._erase_next, SECONDS)
        if erased and not time_limit.has_time_for(SECONDS):
            # Most likely there is more.
            self.env["messaging.bus"]._wake_cron(CRON)
        self.env["ir.cron"]._commit_progress(erased)

    @api.model
    def _erase_next(self):
        """Erase one batch; return False if nothing is due that isn't locked."""
        read_committed(self.env.cr)
        limited = Domain.OR(Domain(f"{kept}_kept_unit", "!=", False) for kept in KEPT)
        channels = self.with_context(active_test=False).search(limited, order="id")
        for channel in channels:
            if channel._erase_some():
                commit(self.env)
                return True
        return False

    def _erase_some(self):
        """Erase a batch of what this channel no longer keeps; return whether it did."""
        return False
