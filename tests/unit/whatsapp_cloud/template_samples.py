"""Templates as Meta lists them, one for each thing that they can have."""

from __future__ import annotations

import copy

ACCOUNT, OTHER_ACCOUNT = "200000000000001", "200000000000002"
HANDLE = "4::aW1hZ2UvanBn:ARYytyb0"
BODY = {
    "type": "BODY",
    "text": "Hello {{1}}, your chair {{2}} is ready.",
    "example": {"body_text": [["Ada", "A-17"]]},
}
PLAIN = {
    "id": "1689556908129832",
    "name": "chair_ready",
    "language": "en_US",
    "status": "APPROVED",
    "category": "UTILITY",
    "parameter_format": "POSITIONAL",
    "components": [BODY],
}


def template(*components, **changes):
    """Return a template with these components around its body."""
    heads = [each for each in components if each["type"] == "HEADER"]
    others = [each for each in components if each["type"] not in ("HEADER", "BODY")]
    bodies = [each for each in components if each["type"] == "BODY"]
    found = {**PLAIN, "components": [*heads, *(bodies or [BODY]), *others], **changes}
    return copy.deepcopy(found)


def buttons(*given):
    return {"type": "BUTTONS", "buttons": list(given)}


def header(format="TEXT", **values):  # noqa: A002
    return {"type": "HEADER", "format": format, **values}


HEADER = header(text="Order {{1}}", example={"header_text": ["860198"]})
FOOTER = {"type": "FOOTER", "text": "Blue Chairs"}
REPLY = {"type": "QUICK_REPLY", "text": "Thanks"}
CALL = {"type": "PHONE_NUMBER", "text": "Call", "phone_number": "+34600000001"}
TRACK = {
    "type": "URL",
    "text": "Track",
    "url": "https://shop.example.com/{{1}}",
    "example": ["https://shop.example.com/A17"],
}
CODE = {"type": "COPY_CODE", "example": "25OFF"}
NAMED_BODY = {
    "type": "BODY",
    "text": "Hello {{first_name}}, your chair {{chair}} is ready.",
    "example": {
        "body_text_named_params": [
            {"param_name": "first_name", "example": "Ada"},
            {"param_name": "chair", "example": "A-17"},
        ]
    },
}
NAMED_HEADER = header(
    text="For {{first_name}}",
    example={
        "header_text_named_params": [{"param_name": "first_name", "example": "Ada"}]
    },
)
CAROUSEL = {"type": "CAROUSEL", "cards": [{"components": [BODY]}]}
