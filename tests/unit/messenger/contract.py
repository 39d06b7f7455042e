"""Checks our requests against Meta's reference.

Meta publishes no machine-readable contract for them, so we wrote ``contract.json``
from its reference pages. It refuses unknown parameters too: Meta would ignore a
mistyped one, or reject the message.
"""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path

import jsonschema

from ..graph_form import parts
from .samples import proof

CONTRACT = Path(__file__).with_name("contract.json")
PREFIX = "/v25.0/"


def check(captured):
    """Fail unless the request fits; files have their own hosts, without a token."""
    if not captured.path.startswith(PREFIX):
        assert "authorization" not in captured.headers
        assert captured.path.startswith(("/v/", "/ig_messaging_cdn/", "/elsewhere"))
        return
    operation = _operation(captured)
    _check_token(captured)
    query = {k: v for k, v in captured.query.items() if k != "appsecret_proof"}
    jsonschema.validate(query, {**_closed(operation.get("query", {}))})
    if captured.method == "POST":
        jsonschema.validate(_body(captured), _closed(operation["body"]))


def _check_token(captured):
    scheme, _blank, token = captured.headers["authorization"].partition(" ")
    assert scheme == "Bearer"
    assert captured.query["appsecret_proof"] == proof(token)


def _closed(schema):
    """Return a schema that refuses properties which it doesn't name."""
    return {"type": "object", "additionalProperties": False, **schema}


def _body(captured):
    media_type = captured.headers["content-type"].partition(";")[0]
    if media_type == "application/json":
        return json.loads(captured.body)
    if media_type == "multipart/form-data":
        return parts(captured)
    return captured.form


def _operation(captured):
    path = captured.path.removeprefix(PREFIX)
    for pattern, operations in _contract().items():
        if re.fullmatch(pattern, path):
            return operations[captured.method]
    raise AssertionError(f"Meta knows no {captured.path}")


@functools.cache
def _contract():
    return json.loads(CONTRACT.read_text())
