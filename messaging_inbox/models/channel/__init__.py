"""One address of ours at a provider, and the customers' addresses there."""

from . import (
    channel,
    provider,
    health,
    identity,
    ir_websocket,
    res_users,
)
