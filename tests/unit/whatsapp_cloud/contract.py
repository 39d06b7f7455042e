"""Checks our requests against Meta's reference.

We wrote ``contract.json`` from its reference pages. It refuses unknown parameters too:
Meta would ignore a mistyped one, or reject the message.
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
FILES = "/whatsapp_business/attachments/"


def check(captured):
    """Fail unless the request fits; files have their own host."""
    if not captured.path.startswith(PREFIX):
        assert captured.path.startswith((FILES, "/elsewhere"))
        return
    operation = _operation(captured)
    _check_token(captured, operation.get("scheme", "Bearer"))
    query = {k: v for k, v in captured.query.items() if k != "appsecret_proof"}
    jsonschema.validate(query, _closed(operation.get("query", {})))
    if "body" in operation:
        jsonschema.validate(body_of(captured), _closed(operation["body"]))


def _check_token(captured, expected):
    scheme, _blank, token = captured.headers["authorization"].partition(" ")
    assert scheme == expected
    assert captured.query["appsecret_proof"] == proof(token)


def _closed(schema):
    """Return a schema whose objects refuse properties that they don't name."""
    if isinstance(schema, list):
        return list(map(_closed, schema))
    if not isinstance(schema, dict):
        return schema
    inner = {key: _closed(value) for key, value in schema.items()}
    is_closed = isinstance(schema.get("properties"), dict) or not schema
    return {"additionalProperties": False, **inner} if is_closed else inner


def body_of(captured):
    media_type = captured.headers["content-type"].partition(";")[0]
    if media_type == "application/json":
        return json.loads(captured.body)
    return parts(captured) if media_type.startswith("multipart/") else captured.form


def _operation(captured):
    path = captured.path.removeprefix(PREFIX)
    for pattern, operations in _contract().items():
        if re.fullmatch(pattern, path):
            return operations[captured.method]
    raise AssertionError(f"Meta knows no {captured.path}")


@functools.cache
def _contract():
    return json.loads(CONTRACT.read_text())
