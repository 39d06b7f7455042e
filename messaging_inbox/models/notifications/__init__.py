"""Whom to notify by email or push, when, and what ends a notification."""

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
