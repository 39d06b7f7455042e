"""The addon in Odoo's server: the bus and its subscribers, requests and jobs."""

from . import (
    bus_bus,
    bus,
    ir_http,
    ir_websocket,
    ir_cron,
)
