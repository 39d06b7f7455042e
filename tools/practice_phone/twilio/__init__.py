"""Twilio, as Odoo and a customer's phone meet it."""

from .api import routes
from .receive import deliver, message_sid, receive
from .statuses import read

__all__ = ["deliver", "message_sid", "read", "receive", "routes"]
