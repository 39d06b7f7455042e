"""Accounts: a connection to a provider, its credentials, webhook and health."""

from . import (
    health_mixin,
    reasons,
    account,
    secrets,
    installer,
    reachability,
    health,
    connection,
    checklist,
    watch,
    refusal,
    messenger,
    twilio,
    whatsapp_cloud,
    hooks,
)
