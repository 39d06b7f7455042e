"""The provider refuses, is slow, breaks off or can't be found."""

import secrets
from functools import partial

from tests.faults.campaigns.registry import Fault, add, fault
from tests.waiting import eventually
from tools.practice_phone import demo

# The next request to send a message meets the fault.
ANSWERS = {
    "refused_429": ("429", {"request": "429"}),
    "refused_429_retry_after": (
        "429 with Retry-After",
        {"request": "429", "retry_after": 1},
    ),
    "error_500_before": ("500 before acceptance", {"request": "500"}),
    "error_503_before": ("503, no JSON, before acceptance", {"request": "503"}),
    "error_504_after": (
        "504 after acceptance",
        {"request": "timeout_after", "seconds": 0},
    ),
    "no_answer_before": ("no answer, not accepted", {"request": "timeout_before"}),
    "no_answer_after": ("no answer after acceptance", {"request": "timeout_after"}),
    "slow": ("an answer after 1 s", {"request": "slow", "seconds": 1}),
    "slow_after": (
        "an answer 1 s after acceptance",
        {"request": "slow_after", "seconds": 1},
    ),
    "half_answer": ("the connection is cut in the answer", {"request": "cut"}),
    "wrong_json": ("an answer that isn't JSON", {"request": "garbled"}),
}
# All callbacks of the next message meet the fault.
CALLBACKS = {
    "callbacks_before_commit": ("callbacks before the answer", {"callbacks": "early"}),
    "callbacks_doubled": ("callbacks twice at once", {"callbacks": "duplicate"}),
    "callbacks_reordered": ("callbacks in reverse order", {"callbacks": "reorder"}),
    "callbacks_late": ("callbacks late", {"callbacks": "delay", "seconds": 2}),
}
# The next webhook, of a message or a status, meets the fault.
WEBHOOKS = {
    "webhooks_at_two_nodes": (
        "a webhook at both nodes at once",
        {"webhooks": "twice"},
    ),
    "webhooks_again": (
        "a webhook again a second later",
        {"webhooks": "again", "seconds": 1},
    ),
    "webhooks_unanswered": (
        "a webhook again, as its answer was lost",
        {"webhooks": "unanswered"},
    ),
}
LISTS = {"request": "requests", "callbacks": "callbacks", "webhooks": "webhooks"}


def meet(values, ground):
    """Order faults, wait until all have met somebody, and return their number."""
    ground.phone.trouble(**values, times=ground.burst)
    [found] = [LISTS[word] for word in LISTS if word in values]
    eventually(lambda: not ground.phone.get("faults")[found], 60, "the fault")
    return ground.burst


for _table, _full in ((ANSWERS, 20), (CALLBACKS, 12), (WEBHOOKS, 20)):
    for _name, (_what, _values) in _table.items():
        _inject = partial(meet, _values)
        add(Fault(_name, _what, _inject, _full, short=1, pause=(0, 0.2)))


@fault("a webhook hours late, behind later ones", 20, short=1, pause=(0, 0.2))
def webhooks_late(ground):
    met = meet({"webhooks": "late", "seconds": ground.random.uniform(0.5, 3)}, ground)
    ground.database.hasten()
    return met


def _elsewhere(ground, url):
    """Let requests go to an address where nobody is, for a moment."""
    ground.write_account({"api_base_url": url})
    ground.seconds(0.2, 1)
    ground.write_account({"api_base_url": ground.phone.url})


@fault("the provider refuses connections", 10, short=1)
def connection_refused(ground):
    _elsewhere(ground, "http://127.0.0.1:9")


@fault("the provider's name can't be resolved", 8)
def no_dns(ground):
    _elsewhere(ground, "http://provider.invalid")


@fault("the token expires in mid-queue, and the account is reconnected", 8, short=1)
def token_expired(ground):
    token = secrets.token_hex(16)
    ground.phone.post("accounts", sid=demo.ACCOUNT_SID, auth_token=token)
    ground.seconds(0.2, 1)
    ground.write_account({"twilio_auth_token": token})
    ground.connect_account()
