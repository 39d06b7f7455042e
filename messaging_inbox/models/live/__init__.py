"""Live updates over the bus, and the time limit of cron jobs."""

from . import (
    bus_bus,
    bus,
    ir_cron,
)
