"""Checks our requests against Meta's reference.

Meta publishes no machine-readable contract for them, so we wrote ``contract.json``
from its reference pages. It refuses unknown parameters too: Meta would ignore a
mistyped one, or reject the message.
"""

from __future__ import annotations

import functools
import json
import re
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path

import jsonschema

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


def parts(captured):
    """Return the fields of a form with a file, with JSON objects parsed."""
    head = f"Content-Type: {captured.headers['content-type']}\r\n\r\n".encode()
    form = BytesParser(policy=HTTP).parsebytes(head + captured.body)
    found = {}
    for part in form.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if part.get_filename() is not None:
            found[name] = {
                "filename": part.get_filename(),
                "content_type": part.get_content_type(),
                "content": content.decode("latin-1"),
            }
        else:
            words = content.decode()
            found[name] = json.loads(words) if words.startswith("{") else words
    return found


def _operation(captured):
    path = captured.path.removeprefix(PREFIX)
    for pattern, operations in _contract().items():
        if re.fullmatch(pattern, path):
            return operations[captured.method]
    raise AssertionError(f"Meta knows no {captured.path}")


@functools.cache
def _contract():
    return json.loads(CONTRACT.read_text())
