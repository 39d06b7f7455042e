"""Keeps the names of variables that a provider only numbers."""

from .placeholders import PLACEHOLDER, is_number


def with_our_names(template, values):
    """Return the values of a sync, with the names that the variables have here.

    A provider that only numbers the variables of a template doesn't know our names for
    them, to which values may be bound. The texts must be the same otherwise.
    """
    stored = _texts(template.header, template.body, template.buttons)
    texts = _texts(values["header"], values["body"], values["buttons"])
    if list(map(_shape, stored)) != list(map(_shape, texts)):
        return values
    pairs = list(
        zip(
            PLACEHOLDER.findall(" ".join(texts)),
            PLACEHOLDER.findall(" ".join(stored)),
            strict=True,
        )
    )
    names = dict(pairs)
    are_ours = all(theirs == ours or is_number(theirs) for theirs, ours in pairs)
    if not are_ours or len(set(pairs)) > len(names):
        return values
    return _renamed(values, names)


def _texts(header, body, buttons):
    return [header or "", body or "", *(each["value"] for each in buttons or ())]


def _shape(text):
    return PLACEHOLDER.sub("{{}}", text)


def _renamed(values, names):
    def own(text):
        return text and PLACEHOLDER.sub(
            lambda found: "{{%s}}" % names.get(found[1], found[1]), text
        )

    samples = {names.get(name, name): text for name, text in values["samples"].items()}
    buttons = [{**each, "value": own(each["value"])} for each in values["buttons"]]
    return {
        **values,
        "header": own(values["header"]),
        "body": own(values["body"]),
        "buttons": buttons,
        "samples": samples,
        "variable_names": list(samples),
    }
