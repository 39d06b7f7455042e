"""The components of Meta's templates, as the parts of a neutral template, and back.

Meta numbers the variables of each component from 1. Here a variable has one name in
the whole template, so they are numbered through: header, body, buttons, file. Names
that Meta knows stay; in the addresses of buttons Meta only knows numbers.
https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates/components
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..events import Template, TemplateButton
from ..placeholders import PLACEHOLDER, names_in
from ..values import items, mapping, text

MEDIA = {"IMAGE": "image", "VIDEO": "video", "DOCUMENT": "document"}
PLAIN = ("HEADER", "BODY", "FOOTER", "BUTTONS")
# By Meta's type: our kind, and the field of its value
BUTTONS = {
    "QUICK_REPLY": ("reply", ""),
    "URL": ("url", "url"),
    "PHONE_NUMBER": ("phone", "phone_number"),
    "COPY_CODE": ("copy_code", ""),
}
CODE_LABEL = "Copy offer code"


@dataclass
class Variables:
    """The variables of one template, by their names here, with their samples."""

    is_named: bool
    samples: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def take(self, words: str, samples: Mapping[str, str], is_named: bool) -> str:
        """Return a component's text with our names of its variables."""
        names = {name: self.name(name, is_named) for name in names_in([words])}
        for theirs, ours in names.items():
            self.samples[ours] = samples.get(theirs) or self.samples.get(ours, "")
        return PLACEHOLDER.sub(lambda found: "{{%s}}" % names[found[1]], words)

    def name(self, theirs: str = "", is_named: bool = False) -> str:
        """Return the name of a variable: the one that it has, or the next number."""
        if is_named and not theirs.isdecimal():
            return theirs
        self.count += 1
        return str(self.count)


def parts_of(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a Template that tell what a customer sees."""
    components = [mapping(each) for each in items(found.get("components"))]
    types = [_word(each, "type") for each in components]
    by_type = dict(zip(types, components, strict=True))
    variables = Variables(_word(found, "parameter_format") == "NAMED")
    header, media_kind = _header(by_type.get("HEADER", {}), variables)
    body = _of(by_type.get("BODY", {}), "body", variables)
    given = items(by_type.get("BUTTONS", {}).get("buttons"))
    buttons = [_button(mapping(each), variables) for each in given]
    media_url = "{{%s}}" % variables.name() if media_kind else ""
    names = names_in([media_url])
    return {
        "header": header,
        "body": body,
        "footer": text(by_type.get("FOOTER", {}).get("text")),
        "buttons": tuple(buttons),
        "media_kind": media_kind,
        "media_url": media_url,
        "variables": {**variables.samples, **dict.fromkeys(names, "")},
        "use": "anytime" if _can_be_sent(found, types, by_type) else "never",
    }


def _can_be_sent(
    found: Mapping[str, Any], types: list[str], by_type: Mapping[str, Any]
) -> bool:
    """Tell whether people can fill in the template.

    Not carousels, offers that expire, places, products, flows and codes to log in.
    """
    header = _word(by_type.get("HEADER", {}), "format") or "TEXT"
    buttons = items(by_type.get("BUTTONS", {}).get("buttons"))
    return (
        set(types) <= set(PLAIN)
        and len(set(types)) == len(types)
        and "BODY" in types
        and header in ("TEXT", *MEDIA)
        and all(_word(mapping(each), "type") in BUTTONS for each in buttons)
        and _word(found, "category") != "AUTHENTICATION"
    )


def _word(values: Mapping[str, Any], name: str) -> str:
    return text(values.get(name)).strip().upper()


def _header(component: Mapping[str, Any], variables: Variables) -> tuple[str, str]:
    """Return the text of a header, and the kind of its file."""
    kind = MEDIA.get(_word(component, "format"), "")
    return ("" if kind else _of(component, "header", variables)), kind


def _of(component: Mapping[str, Any], place: str, variables: Variables) -> str:
    samples = _samples(mapping(component.get("example")), place)
    return variables.take(text(component.get("text")), samples, variables.is_named)


def _samples(example: Mapping[str, Any], place: str) -> dict[str, str]:
    """Return the samples of a header or body, by Meta's names."""
    named = map(mapping, items(example.get(f"{place}_text_named_params")))
    numbered = items(example.get(f"{place}_text"))
    if numbered and isinstance(numbered[0], list):
        numbered = numbered[0]
    return {
        **{str(number): text(each) for number, each in enumerate(numbered, 1)},
        **{text(each.get("param_name")): text(each.get("example")) for each in named},
    }


def _button(button: Mapping[str, Any], variables: Variables) -> TemplateButton:
    word, label = _word(button, "type"), text(button.get("text"))
    kind, name = BUTTONS.get(word, ("other", ""))
    sample = _sample_of(button)
    if kind == "reply":
        return TemplateButton(kind, label, payload=label)
    if kind == "copy_code":
        code = variables.take("{{1}}", {"1": sample}, False)
        return TemplateButton(kind, label or CODE_LABEL, code)
    value = text(button.get(name))
    # The sample may be the whole address.
    start = PLACEHOLDER.split(value)[0]
    samples = {"1": sample.removeprefix(start)}
    return TemplateButton(kind, label, variables.take(value, samples, False))


def _sample_of(button: Mapping[str, Any]) -> str:
    example = button.get("example")
    return text(next(iter(example), "") if isinstance(example, list) else example)


# ----------------------------------------------------------------------
# and back
# ----------------------------------------------------------------------


def components_of(template: Template, handle: str = "") -> list[dict[str, Any]]:
    """Return a template's components; ``handle`` is the sample file of its header."""
    found = [
        _media_component(template, handle) or _component("header", template),
        _component("body", template),
        {"type": "FOOTER", "text": template.footer} if template.footer else {},
        _buttons_component(template),
    ]
    return list(filter(None, found))


def is_named(template: Template) -> bool:
    """Return whether Meta must know the names of the variables in the texts."""
    return any(not name.isdecimal() for name in _names(template))


def _names(template: Template) -> list[str]:
    return names_in([template.header, template.body])


def _media_component(template: Template, handle: str) -> dict[str, Any]:
    if not template.media_kind:
        return {}
    example = {"header_handle": [handle]}
    return {
        "type": "HEADER",
        "format": template.media_kind.upper(),
        "example": example,
    }


def _component(place: str, template: Template) -> dict[str, Any]:
    words = getattr(template, place)
    if not words:
        return {}
    found: dict[str, Any] = {"type": place.upper(), "text": words}
    if place == "header":
        found["format"] = "TEXT"
    names, samples = names_in([words]), template.variables
    if names and is_named(template):
        pairs = [{"param_name": each, "example": samples[each]} for each in names]
        found["example"] = {f"{place}_text_named_params": pairs}
    elif names:
        values = [samples[name] for name in names]
        found["text"] = _numbered(words, names)
        found["example"] = {f"{place}_text": [values] if place == "body" else values}
    return found


def _numbered(words: str, names: list[str]) -> str:
    return PLACEHOLDER.sub(lambda found: "{{%s}}" % (names.index(found[1]) + 1), words)


def _buttons_component(template: Template) -> dict[str, Any]:
    buttons = [_new_button(each, template.variables) for each in template.buttons]
    return {"type": "BUTTONS", "buttons": buttons} if buttons else {}


def _new_button(button: TemplateButton, samples: Mapping[str, str]) -> dict[str, Any]:
    words = {kind: word for word, (kind, _name) in BUTTONS.items()}
    found: dict[str, Any] = {"type": words[button.kind], "text": button.text}
    _kind, name = BUTTONS[words[button.kind]]
    names = names_in([button.value])
    if name:
        found[name] = _numbered(button.value, names)
    if names:
        found["example"] = [samples[each] for each in names]
    return found
