"""Every mapped error code of Meta, in the answer to a send."""

from __future__ import annotations

import pytest
from providers import graph_codes
from providers.error_table import Retry
from providers.errors import Refused, Retryable, Unsettled
from providers.messenger import codes
from providers.messenger.codes import ERROR_TABLE

from ..server import Reply
from .samples import outbound

ERRORS = {Retry.NEVER: Refused, Retry.LATER: Retryable, Retry.UNSURE: Unsettled}


@pytest.mark.parametrize("code", ERROR_TABLE)
def test_every_mapped_code_has_its_reason_and_retry(meta, server, code):
    reason, retry = ERROR_TABLE[code]
    is_subcode = code >= graph_codes.LEAST_SUBCODE
    numbers = {"code": 100, "error_subcode": code} if is_subcode else {"code": code}
    server.plan(Reply(400, {"error": {"message": "Meta's words", **numbers}}))
    with pytest.raises(ERRORS[retry]) as failure:
        meta.send(outbound())
    said = "/".join(map(str, numbers.values()))
    assert (failure.value.reason, failure.value.code) == (reason, said)


def test_no_code_is_mapped_twice():
    tables = [
        table
        for module in (graph_codes, codes)
        for name, table in vars(module).items()
        if name.endswith("_BY_REASON")
    ]
    listed = [code for table in tables for row in table.values() for code in row]
    assert sorted(listed) == sorted(ERROR_TABLE)
