"""The errors of providers, and a closed list of reasons.

A provider maps its codes to a :class:`Reason`; the models turn the reason into a
sentence in the agent's language. The code and the provider's own message are always
stored with it.
"""

from __future__ import annotations

from enum import Enum


class Reason(str, Enum):
    """Why a message failed; the models hold the sentence for each reason."""

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
    TEMPLATE_MISSING = "template_missing"
    TEMPLATE_VARIABLES = "template_variables"
    TEMPLATE_REJECTED = "template_rejected"
    TEMPLATE_PAUSED = "template_paused"
    TEMPLATE_PENDING = "template_pending"
    TEMPLATE_NEEDS_WINDOW = "template_needs_window"
    TEMPLATE_UNSUPPORTED = "template_unsupported"
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
    MARKETING_STOPPED = "marketing_stopped"
    CHANNEL_ARCHIVED = "channel_archived"
    NOT_CONNECTED = "not_connected"
    RECIPIENT_MOVED = "recipient_moved"
    OTHER = "other"


# The provider's template isn't as we know it: its list must be fetched again.
STALE_TEMPLATE = frozenset(
    (
        Reason.TEMPLATE_MISSING,
        Reason.TEMPLATE_VARIABLES,
        Reason.TEMPLATE_REJECTED,
        Reason.TEMPLATE_PAUSED,
    )
)


class ProviderError(Exception):
    """Base class of all errors that a provider raises."""


class InvalidSignature(ProviderError):
    """The request isn't from this account at the provider: answer 403, keep nothing."""


class InvalidPayload(ProviderError):
    """A verified request can't be read: it is kept as a failed webhook."""


class SendError(ProviderError):
    """A request to the provider failed; ``detail`` is the provider's message."""

    def __init__(self, reason: Reason, code: str = "", detail: str = ""):
        super().__init__(f"{reason.value} {code}".strip())
        self.reason = reason
        self.code = str(code or "")
        self.detail = detail


class Refused(SendError):
    """Final: the provider would refuse the same request again."""


class Retryable(SendError):
    """The same request may succeed later; it was not accepted, or is safe to repeat.

    ``retry_after`` is the delay in seconds that the provider asks for, if any.
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
    """The request was sent and may have been accepted: the result is unknown."""
