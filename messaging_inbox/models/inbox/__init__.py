"""What the screen asks the server."""

from . import (
    search,
    rpc,
    details,
    suggestions,
    create_records,
)
