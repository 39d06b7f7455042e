"""Faults to inject into the next requests and status callbacks."""

from dataclasses import dataclass

from .errors import Refused

REQUEST_FAULTS = (
    *("429", "500", "503", "404", "error"),
    *("timeout_before", "timeout_after", "slow"),
)
CALLBACK_FAULTS = ("duplicate", "delay", "reorder", "drop", "early", "fail")


@dataclass
class RequestFault:
    """A fault of the next `times` requests whose method and path match.

    `error` is any error of the provider, by its `code` (and Meta's `subcode`).
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


class Faults:
    def __init__(self):
        self.clear()

    def clear(self):
        self.requests, self.callbacks = [], []

    def order(self, values):
        kind, known, faults, make = self._kind_of(values)
        if values[kind] not in known:
            raise Refused(f"{kind} must be one of {', '.join(known)}.")
        try:
            fault = make(**values)
        except TypeError as error:
            raise Refused(f"Unknown word in the fault: {error}.") from None
        faults.append(fault)
        return fault

    def _kind_of(self, values):
        if "request" in values:
            return "request", REQUEST_FAULTS, self.requests, RequestFault
        if "callbacks" in values:
            return "callbacks", CALLBACK_FAULTS, self.callbacks, CallbackFault
        raise Refused("A fault needs either `request` or `callbacks`.")

    def for_request(self, method, path):
        fits = (each for each in self.requests if each.meets(method, path))
        return self._spend(self.requests, next(fits, None))

    def next_callbacks_are_early(self):
        return bool(self.callbacks) and self.callbacks[0].callbacks == "early"

    def for_callbacks(self):
        return self._spend(self.callbacks, next(iter(self.callbacks), None))

    def _spend(self, faults, fault):
        if fault is None:
            return None
        fault.times -= 1
        if fault.times < 1:
            faults.remove(fault)
        return fault
