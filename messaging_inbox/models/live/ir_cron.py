from odoo import models

from ...tools import time_limit


class IrCron(models.Model):
    _inherit = "ir.cron"

    @classmethod
    def _process_job(cls, cron_cr, job):
        """Run a job; ``time_limit`` tells it how long it may go on."""
        with time_limit.cron_job(cron_cr):
            return super()._process_job(cron_cr, job)
