"""Conversations and what Agents do with them: assign, link, reply, close, report."""

from . import (
    conversation,
    assignment,
    links,
    start,
    start_options,
    unreachable,
    reply_window,
    reply_gate,
    reply,
    template_message,
    private_note,
    opt_out,
    phone_blacklist,
    profile,
    reporting,
    views,
    starting_dialog,
    participation,
    res_users,
    hooks,
)
