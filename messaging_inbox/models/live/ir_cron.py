from odoo import models

from ...tools import time_limit


class IrCron(models.Model):
    _inherit = "ir.cron"

    @classmethod
    def _process_job(cls, cron_cr, job):
        """Run a job with a ``time_limit`` that it can ask."""
        with time_limit.cron_job(cron_cr):
            return super()._process_job(cron_cr, job)
