"""Notes about conversations in the chatter of contacts, leads and deals."""

from . import (
    note_window,
    body,
    writer,
    conversation,
    message,
    ingest,
    crm_lead,
    documents,
    privacy,
)
