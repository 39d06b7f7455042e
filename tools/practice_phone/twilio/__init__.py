"""Twilio, as seen by Odoo and by a customer's phone."""

from .api import routes
from .receive import deliver, line_changed, message_sid, receive
from .statuses import read

__all__ = ["deliver", "line_changed", "message_sid", "read", "receive", "routes"]
