"""An account whose provider isn't installed."""

from __future__ import annotations

from datetime import datetime

import pytest
import requests
from providers.errors import Reason, Refused
from providers.events import ChannelRef, Template
from providers.missing import Missing

SINCE = datetime(2026, 11, 1)


@pytest.mark.parametrize(
    "ask",
    [
        lambda provider: provider.check(),
        lambda provider: provider.list_channels(),
        lambda provider: provider.templates(),
        lambda provider: provider.create_template(Template("", "a", "en", "A")),
        lambda provider: provider.history(ChannelRef("sms", "+34600000001"), SINCE),
    ],
    ids=["check", "list_channels", "templates", "create_template", "history"],
)
def test_it_refuses_and_never_says_that_there_is_nothing(ask):
    # An empty list would mean that all were deleted at the provider.
    with requests.Session() as http, pytest.raises(Refused) as refusal:
        ask(Missing({}, http))
    assert refusal.value.reason is Reason.BAD_CREDENTIALS
