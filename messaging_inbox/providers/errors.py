"""What can go wrong with a provider, as a closed list.

A provider maps its codes to a :class:`Reason`; the models turn the reason into a
sentence for the agent, in the agent's language. The code and the provider's words
are always kept beside it.
"""

from __future__ import annotations

from enum import Enum


class Reason(str, Enum):
    """Why a message failed, in a word; sentences live in the models."""

    WINDOW_CLOSED = "window_closed"
    OPTED_OUT = "opted_out"
    BAD_RECIPIENT = "bad_recipient"
    NO_REPLIES = "no_replies"
    NOT_ON_CHANNEL = "not_on_channel"
    UNREACHABLE = "unreachable"
    BLOCKED_BY_CUSTOMER = "blocked_by_customer"
    BLOCKED_BY_CARRIER = "blocked_by_carrier"
    TOO_LONG = "too_long"
    EMPTY = "empty"
    CONTENT_REFUSED = "content_refused"
    FILE_REFUSED = "file_refused"
    FILE_TOO_BIG = "file_too_big"
    FILE_NOT_FETCHED = "file_not_fetched"
    TOO_MANY_FILES = "too_many_files"
    TEMPLATE_REFUSED = "template_refused"
    RATE_LIMITED = "rate_limited"
    DAILY_LIMIT = "daily_limit"
    BAD_SENDER = "bad_sender"
    BAD_CREDENTIALS = "bad_credentials"
    NOT_PERMITTED = "not_permitted"
    NOT_REGISTERED = "not_registered"
    BAD_CALLBACK = "bad_callback"
    SANDBOX = "sandbox"
    PROVIDER_DOWN = "provider_down"
    NO_CONNECTION = "no_connection"
    HELD_BACK = "held_back"
    CHANNEL_ARCHIVED = "channel_archived"
    NOT_CONNECTED = "not_connected"
    RECIPIENT_MOVED = "recipient_moved"
    OTHER = "other"


class ProviderError(Exception):
    """Base of everything that a provider raises."""


class InvalidSignature(ProviderError):
    """The request isn't from this account at the provider: 403, nothing kept."""


class InvalidPayload(ProviderError):
    """A verified request that we can't read: kept as a failed webhook."""


class SendError(ProviderError):
    """A request to the provider failed; ``detail`` holds the provider's words."""

    def __init__(self, reason: Reason, code: str = "", detail: str = ""):
        super().__init__(f"{reason.value} {code}".strip())
        self.reason = reason
        self.code = str(code or "")
        self.detail = detail


class Refused(SendError):
    """Final: the same request would be refused again."""


class Retryable(SendError):
    """Surely not accepted, or harmless twice: the same request may succeed later.

    ``retry_after`` is the provider's wish in seconds, None when it says nothing.
    """

    def __init__(
        self,
        reason: Reason,
        code: str = "",
        detail: str = "",
        retry_after: float | None = None,
    ):
        super().__init__(reason, code, detail)
        self.retry_after = retry_after


class Unsettled(SendError):
    """The request left and nobody says that it was refused: it may be accepted."""
