"""Channels (our addresses at a provider) and the customers' addresses on them."""

from . import (
    channel,
    language,
    provider,
    service,
    standing,
    read_marks,
    retention,
    health,
    identity,
    ir_websocket,
    res_company,
    res_config_settings,
    res_users,
)
