"""Lists, registers and checks the account's numbers."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import SendError
from ..events import ChannelInfo
from .app import App


def list_channels(app: App) -> list[ChannelInfo]:
    """Return the numbers of all business accounts that the token reaches.

    ``address`` is the number as +E164, ``reference`` Meta's id of it.
    """
    raise NotImplementedError


def register(
    app: App, webhook_url: str, channels: Sequence[ChannelInfo]
) -> dict[ChannelInfo, SendError]:
    """Make the numbers post to ``webhook_url``; return the errors by number."""
    raise NotImplementedError


def cut_off(
    app: App, webhook_url: str, channels: Sequence[ChannelInfo]
) -> list[ChannelInfo]:
    """Return the numbers whose events Meta no longer posts to us."""
    raise NotImplementedError
