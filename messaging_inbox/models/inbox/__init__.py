"""The RPC methods that the inbox's client calls."""

from . import (
    search,
    values,
    rpc,
    lists,
    counters,
    many,
    scheduled,
    presence,
    message_search,
    details,
    linked,
    suggestions,
    other_conversations,
    create_records,
    picture_reply,
    templates,
    canned_replies,
    documents,
    places,
    ir_http,
)
