"""Faults to inject into the next requests, status callbacks and webhooks."""

from dataclasses import dataclass

from .errors import Refused

REQUEST_FAULTS = (
    *("429", "500", "503", "404", "error"),
    *("timeout_before", "timeout_after", "slow", "slow_after", "cut", "garbled"),
)
WEBHOOK_FAULTS = ("twice", "late", "again", "unanswered")
CALLBACK_FAULTS = ("duplicate", "delay", "reorder", "drop", "early", "fail")


@dataclass
class RequestFault:
    """A fault of the next `times` requests whose method and path match.

    `error` is any error of the provider, by its `code` (and Meta's `subcode`). An error
    asks for a wait of `retry_after` seconds, if that is set.
    """

    request: str
    times: int = 1
    method: str = "POST"
    path: str = "/messages"
    seconds: float = 30
    code: int = 0
    subcode: int = 0
    status: int = 400
    message: str = ""
    retry_after: int | None = None

    def meets(self, method, path):
        is_there = self.path.lower() in path.lower()
        return self.method in ("", method) and is_there


@dataclass
class CallbackFault:
    """A fault of all status callbacks of the next `times` messages."""

    callbacks: str
    times: int = 1
    seconds: float = 1
    status: str = "undelivered"
    error_code: int = 30008

    def __post_init__(self):
        if self.status not in ("failed", "undelivered"):
            raise Refused("`status` must be failed or undelivered.")


@dataclass
class WebhookFault:
    """A fault of the next `times` webhooks, about messages and statuses alike."""

    webhooks: str
    times: int = 1
    seconds: float = 1


KINDS = {
    "requests": ("request", REQUEST_FAULTS, RequestFault),
    "callbacks": ("callbacks", CALLBACK_FAULTS, CallbackFault),
    "webhooks": ("webhooks", WEBHOOK_FAULTS, WebhookFault),
}


class Faults:
    def __init__(self):
        self.clear()

    def clear(self):
        self.requests, self.callbacks, self.webhooks = [], [], []

    def order(self, values):
        found = [kind for kind in KINDS.items() if kind[1][0] in values]
        if not found:
            words = ", ".join(f"`{word}`" for word, *_rest in KINDS.values())
            raise Refused(f"A fault needs one of {words}.")
        name, (word, known, make) = found[0]
        if values[word] not in known:
            raise Refused(f"{word} must be one of {', '.join(known)}.")
        try:
            fault = make(**values)
        except TypeError as error:
            raise Refused(f"Unknown word in the fault: {error}.") from None
        getattr(self, name).append(fault)
        return fault

    def for_request(self, method, path):
        fits = (each for each in self.requests if each.meets(method, path))
        return self._spend(self.requests, next(fits, None))

    def next_callbacks_are_early(self):
        return bool(self.callbacks) and self.callbacks[0].callbacks == "early"

    def for_callbacks(self):
        return self._spend(self.callbacks, next(iter(self.callbacks), None))

    def for_webhook(self):
        return self._spend(self.webhooks, next(iter(self.webhooks), None))

    def _spend(self, faults, fault):
        if fault is None:
            return None
        fault.times -= 1
        if fault.times < 1:
            faults.remove(fault)
        return fault
