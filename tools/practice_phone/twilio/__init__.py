"""Twilio, as Odoo and a customer's phone meet it."""

from .api import routes
from .receive import deliver, line_changed, message_sid, receive
from .statuses import read

__all__ = ["deliver", "line_changed", "message_sid", "read", "receive", "routes"]
