"""Notifications by email and push: recipients, timing, cancellation."""

from . import (
    notification,
    email,
    push,
    cleanup,
    conversation,
    ingest,
    res_users_settings,
    res_users,
    preferences,
    push_device,
)
