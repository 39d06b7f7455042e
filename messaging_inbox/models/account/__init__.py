"""One connection to a provider: credentials, webhook, health and installer."""

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
    hooks,
)
