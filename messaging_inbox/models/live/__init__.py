"""Live updates over the bus, and the time limit of cron jobs."""

from . import (
    bus,
    ir_cron,
)
