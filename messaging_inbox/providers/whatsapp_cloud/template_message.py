"""A message made of a template, as the values of its variables by component.

https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-message-templates
"""

from __future__ import annotations

from typing import Any

from ..errors import Reason, Refused
from ..events import OutboundFile, OutboundTemplate, TemplateButton
from ..placeholders import names_in


def content_of(
    template: OutboundTemplate, file: OutboundFile | None, file_id: str
) -> dict[str, Any]:
    """Return the message; ``file_id`` is the uploaded file's id.

    Raise Refused if a value or the file is missing, or if there is no place for it.
    """
    values = template.variables
    empty = [name for name, value in values.items() if not value]
    if empty:
        raise _refusal(f"These variables have no value: {', '.join(empty)}.")
    if bool(file) != bool(template.media_kind):
        needs = "needs a" if template.media_kind else "takes no"
        raise _refusal(f"This template {needs} file.")
    components = [
        _header(template, file, file_id),
        _component("body", _texts(template, template.body)),
        *(_button(template, place) for place in range(len(template.buttons))),
    ]
    content: dict[str, Any] = {
        "name": template.name,
        "language": {"policy": "deterministic", "code": template.language},
    }
    if any(components):
        content["components"] = list(filter(None, components))
    return {"type": "template", "template": content}


def _header(
    template: OutboundTemplate, file: OutboundFile | None, file_id: str
) -> dict[str, Any]:
    if not file:
        return _component("header", _texts(template, template.header))
    kind = template.media_kind
    media = {"id": file_id}
    if kind == "document":
        media["filename"] = file.filename
    return _component("header", [{"type": kind, kind: media}])


def _component(place: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": place, "parameters": parameters} if parameters else {}


def _texts(template: OutboundTemplate, words: str) -> list[dict[str, Any]]:
    """Return the values of a text's variables: by name, or in the order of numbers."""
    return [
        {
            "type": "text",
            **({} if name.isdecimal() else {"parameter_name": name}),
            "text": _value(template, name),
        }
        for name in names_in([words])
    ]


def _button(template: OutboundTemplate, place: int) -> dict[str, Any]:
    """Return the variable of a button, which never has a name at Meta."""
    button = template.buttons[place]
    names = names_in([button.value])
    if not names:
        return {}
    return {
        "type": "button",
        "sub_type": button.kind,
        "index": str(place),
        "parameters": [_of_button(button, _value(template, names[0]))],
    }


def _of_button(button: TemplateButton, value: str) -> dict[str, Any]:
    if button.kind == "copy_code":
        return {"type": "coupon_code", "coupon_code": value}
    return {"type": "text", "text": value}


def _value(template: OutboundTemplate, name: str) -> str:
    value = template.variables.get(name)
    if not value:
        raise _refusal(f"These variables have no value: {name}.")
    return value


def _refusal(words: str) -> Refused:
    return Refused(Reason.TEMPLATE_VARIABLES, detail=words)
