"""The addon in Odoo's server: its bus, and how long its jobs may run."""

from . import (
    bus_bus,
    bus,
    ir_cron,
)
