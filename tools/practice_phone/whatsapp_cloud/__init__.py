"""WhatsApp straight from Meta's Cloud API, as seen by Odoo and by customers."""

from . import gestures
from .api import GRAPH, routes
from .receive import deliver, message_sid, receive
from .sending import read
from .subscriptions import line_changed

__all__ = [
    *("GRAPH", "deliver", "gestures", "line_changed", "message_sid", "read"),
    *("receive", "routes"),
]
