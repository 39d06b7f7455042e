"""The RPC methods that the inbox's client calls."""

from . import (
    search,
    values,
    rpc,
    details,
    suggestions,
    create_records,
    picture_reply,
    templates,
    ir_http,
)
