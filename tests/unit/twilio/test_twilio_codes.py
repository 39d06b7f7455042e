"""Every mapped error code of Twilio, as the answer to a send."""

from __future__ import annotations

import json

import pytest
from providers.error_table import Retry
from providers.errors import STALE_TEMPLATE, Refused, Retryable, Unsettled
from providers.twilio import codes
from providers.twilio.codes import ERROR_TABLE, meaning_of

from ..server import Reply
from .samples import outbound

ERRORS = {Retry.NEVER: Refused, Retry.LATER: Retryable, Retry.UNSURE: Unsettled}


@pytest.mark.parametrize("code", ERROR_TABLE)
def test_every_mapped_code_has_its_reason_and_its_policy(twilio, server, code):
    reason, retry = ERROR_TABLE[code]
    server.plan(Reply(400, {"code": code, "message": "Twilio's words"}))
    with pytest.raises(ERRORS[retry]) as failure:
        twilio.send(outbound())
    assert (failure.value.reason, failure.value.code) == (reason, str(code))


def test_no_code_is_mapped_twice():
    tables = (codes._CODES_BY_REASON, codes._LATER_BY_REASON, codes._UNSURE_BY_REASON)
    listed = [code for table in tables for row in table.values() for code in row]
    assert sorted(listed) == sorted(ERROR_TABLE)


def test_the_mapped_codes_are_twilios(shared):
    known = json.loads((shared / "specs" / "twilio_error_codes.json").read_text())
    # These are newer than the stored list; Twilio's own pages have them.
    newer = {21659, 30034, 63049}
    assert {code for code in ERROR_TABLE if str(code) not in known} <= newer


@pytest.mark.parametrize(
    "code",
    [
        *("21654", "21655", "63027", "92005", "92006"),
        *("21656", "63028", "92002", "92007", "63040", "63041"),
    ],
)
def test_a_template_that_changed_at_twilio_makes_our_copy_stale(code):
    assert meaning_of(code).reason in STALE_TEMPLATE


@pytest.mark.parametrize("code", ["63016", "63029", "21610", "99999"])
def test_other_refusals_say_nothing_of_the_template(code):
    assert meaning_of(code).reason not in STALE_TEMPLATE
