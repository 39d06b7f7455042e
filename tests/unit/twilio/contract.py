"""Check our requests against Twilio's published contract.

It refuses unknown parameters too: Twilio would ignore a mistyped one.
"""

from __future__ import annotations

import functools
import json
import re
from urllib.parse import parse_qs

import jsonschema

from ..conftest import REPOSITORY

SPECS = REPOSITORY.parent / "shared" / "specs"
FILES = (
    "twilio_messages_min.strict-overlay.json",
    "twilio_messaging_v1.json",
    "twilio_messaging_v2.json",
    "twilio_content_v1.json",
)
FORM = "application/x-www-form-urlencoded"
FILE_PATHS = re.compile(r"/2010-04-01/Accounts/[^/]+/Messages/[^/]+/Media/ME[^/.]+")


def check(captured):
    """Fail unless the request fits; skip the check without the contract."""
    if not SPECS.is_dir() or FILE_PATHS.fullmatch(captured.path):
        return
    found = _operation(captured)
    if found is None:
        assert captured.path.startswith("/elsewhere"), f"unknown: {captured.path}"
        return
    spec, operation = found
    known = {item["name"] for item in operation.get("parameters", ())}
    assert set(captured.query) <= known, captured.target
    if captured.method == "POST":
        _check_body(spec, operation, captured)


def _check_body(spec, operation, captured):
    content = operation["requestBody"]["content"]
    media_type = captured.headers["content-type"].partition(";")[0]
    schema = {
        "additionalProperties": False,
        **_resolved(spec, content[media_type]["schema"]),
        "components": spec["components"],
    }
    is_form = media_type == FORM
    body = _form(schema, captured.body) if is_form else json.loads(captured.body)
    jsonschema.validate(body, schema)


def _resolved(spec, schema):
    if "$ref" not in schema:
        return schema
    return spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]


def _form(schema, body):
    values = parse_qs(body.decode(), keep_blank_values=True, strict_parsing=True)
    properties = schema["properties"]
    return {
        name: _typed(properties.get(name, {}).get("type"), found)
        for name, found in values.items()
    }


def _typed(kind, found):
    if kind == "array":
        return found
    if kind == "boolean":
        return {"true": True, "false": False}.get(found[0], found[0])
    return found[0]


def _operation(captured):
    for spec in _specs():
        for path, item in spec["paths"].items():
            if re.fullmatch(_pattern(path), captured.path):
                return spec, item[captured.method.lower()]
    return None


def _pattern(path):
    parts = re.split(r"\{\w+\}", path)
    return "[A-Z]{2}[0-9a-f]{32}".join(map(re.escape, parts))


@functools.cache
def _specs():
    return [json.loads((SPECS / name).read_text()) for name in FILES]
