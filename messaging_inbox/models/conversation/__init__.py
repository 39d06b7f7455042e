"""What Agents do with a conversation: assign, link, answer, close, report."""

from . import (
    conversation,
    assignment,
    links,
    reply_window,
    reply_gate,
    reply,
    private_note,
    opt_out,
    profile,
    reporting,
    views,
    participation,
    res_users,
    hooks,
)
