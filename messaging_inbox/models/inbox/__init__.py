"""What the screen asks the server."""

from . import (
    search,
    values,
    rpc,
    details,
    suggestions,
    create_records,
    picture_reply,
    ir_http,
)
