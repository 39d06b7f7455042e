"""Message templates at Meta: the list, new ones, and what a message shows of one."""

import re
import secrets

from starlette.responses import JSONResponse

from .. import pictures
from ..meta.errors import GraphError, no_such_object, wrong
from ..meta.guard import parameters
from ..meta.nodes import chosen
from ..meta.paging import page_of
from ..model import Media, MetaTemplate
from .errors import CloudError
from .permissions import MANAGE, check_permission

CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")
STATUSES = ("PENDING", "APPROVED", "REJECTED", "PAUSED", "DISABLED", "IN_APPEAL")
WORDS = {
    *("name", "language", "category", "components", "parameter_format"),
    *("allow_category_change", "message_send_ttl_seconds"),
}
FIELDS = "name,language,status,category,id,components,parameter_format"
NAME = re.compile(r"[a-z0-9_]{1,512}")
PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
# WhatsApp refuses these in a template's variables.
CROOKED = re.compile(r"[\n\r\t]| {5,}")
REFUSED = {"PAUSED": 132015, "DISABLED": 132016}
EXISTS, INCOMPLETE = 2388024, 2388043
KINDS = {
    "QUICK_REPLY": "reply",
    "URL": "url",
    "PHONE_NUMBER": "phone",
    "COPY_CODE": "copy_code",
}


def names_in(text):
    """Return the placeholders of a text, in their order and once each."""
    return list(dict.fromkeys(PLACEHOLDER.findall(text or "")))


def node(template):
    """Return what Meta reports of a template."""
    return {
        "id": template.sid,
        "name": template.name,
        "language": template.language,
        "status": template.status,
        "category": template.category,
        "components": template.components,
        "parameter_format": template.parameter_format,
        "rejected_reason": template.rejected_reason,
        "quality_score": {"score": template.quality},
    }


def _own_business(phone, caller, request):
    check_permission(caller, MANAGE)
    name = request.path_params["node"]
    found = phone.store.businesses.get(name)
    if not found or found.account_sid != caller.account.sid:
        raise no_such_object(name, request.method.lower())
    return found


def of_business(phone, business):
    found = phone.store.templates.values()
    return [each for each in found if each.business_sid == business.sid]


async def list_templates(phone, caller, request):
    business, values = _own_business(phone, caller, request), parameters(request)
    wanted = {
        name: values[name] for name in ("name", "language", "status") & values.keys()
    }
    fields = values.get("fields") or FIELDS
    rows = [node(each) for each in of_business(phone, business)]
    found = [
        chosen(row, fields)
        for row in rows
        if all(row[name] == value for name, value in wanted.items())
    ]
    path = f"{business.sid}/message_templates"
    return JSONResponse(page_of(found, values, path))


async def create(phone, caller, request):
    business, values = _own_business(phone, caller, request), parameters(request)
    check(values)
    same = (values["name"], values["language"])
    if same in [(each.name, each.language) for each in of_business(phone, business)]:
        raise wrong("Content in this language already exists", EXISTS)
    template = MetaTemplate(
        str(secrets.randbelow(9 * 10**15) + 10**15),
        business.sid,
        *same,
        values["category"],
        values["components"],
        parameter_format=values.get("parameter_format", "POSITIONAL").upper(),
    )
    phone.store.templates[template.sid] = template
    phone.store.changed("template", template)
    names = {"id": template.sid, "status": template.status}
    return JSONResponse({**names, "category": template.category})


async def change(phone, caller, request):
    """Answer `POST /{template id}` with new texts, which wait for approval again."""
    name = request.path_params["node"]
    check_permission(caller, MANAGE)
    template = phone.store.templates.get(name)
    if not template:
        raise no_such_object(name, "post")
    values = parameters(request)
    if set(values) - {"components", "category", "parameter_format"}:
        raise wrong("Only components, category and parameter_format can be changed")
    check({**node_to_create(template), **values})
    for word, each in values.items():
        setattr(template, word, each)
    template.status, template.rejected_reason = "PENDING", "NONE"
    phone.store.changed("template", template)
    return JSONResponse({"success": True})


async def remove(phone, caller, request):
    business, values = _own_business(phone, caller, request), parameters(request)
    name, wanted = values.get("name"), values.get("hsm_id")
    found = [
        each
        for each in of_business(phone, business)
        if each.name == name and wanted in (None, each.sid)
    ]
    if not found:
        raise wrong("The template doesn't exist", 2593002)
    for each in found:
        del phone.store.templates[each.sid]
    phone.store.changed("reload", None)
    return JSONResponse({"success": True})


# -- checks of a new template ---------------------------------------------------------


def node_to_create(template):
    return {name: getattr(template, name) for name in WORDS if hasattr(template, name)}


def check(values):
    """Refuse what Meta refuses at once; a person decides about the rest."""
    if unknown := sorted(set(values) - WORDS):
        raise wrong(f"Unexpected key {', '.join(unknown)}")
    for word in ("name", "language", "category", "components"):
        if not values.get(word):
            raise wrong(f"The parameter {word} is required.")
    if not NAME.fullmatch(str(values["name"])):
        raise wrong("Param name must hold lower-case letters, digits and underscores.")
    if values["category"] not in CATEGORIES:
        raise wrong(f"Param category must be one of {list(CATEGORIES)}.")
    if str(values.get("parameter_format", "POSITIONAL")).upper() not in (
        *("POSITIONAL", "NAMED"),
    ):
        raise wrong("Param parameter_format must be POSITIONAL or NAMED.")
    if not any(each.get("type") == "BODY" for each in values["components"]):
        raise wrong("components: a BODY is required", INCOMPLETE)
    for component in values["components"]:
        _check_component(component)


def _check_component(component):
    kind, text = component.get("type"), component.get("text") or ""
    if kind not in ("HEADER", "BODY", "FOOTER", "BUTTONS"):
        raise wrong(f"components: {kind} is no type of a component")
    example = component.get("example") or {}
    if kind == "BODY":
        stripped = text.strip()
        ends = stripped.startswith("{{") or stripped.endswith("}}")
        if ends:
            raise GraphError(
                100, 2388299, "(#100) Variables can't be at the start or end."
            )
        given = (
            example.get("body_text_named_params")
            or (example.get("body_text") or [[]])[0]
        )
        if len(given) != len(names_in(text)):
            raise wrong("components: the BODY lacks an example", INCOMPLETE)
    media = component.get("format") in ("IMAGE", "VIDEO", "DOCUMENT")
    if kind == "HEADER" and media and not example.get("header_handle"):
        raise wrong("components: the HEADER lacks an example", INCOMPLETE)


# -- a template as a message --------------------------------------------------------


def as_message(phone, line, order):
    """Return the fields of a message with a template, or raise what Meta answers."""
    template = _found(phone, line, order.content)
    if order.recipient and template.category == "AUTHENTICATION":
        raise CloudError(131062)
    given = _Given(template, order.content.get("components") or [])
    parts = {each["type"]: each for each in template.components}
    header, media = given.header(phone, parts.get("HEADER"))
    drawn = {
        "sid": template.sid,
        "type": template.category.lower(),
        "header": header,
        "body": given.text("body", parts["BODY"]["text"]),
        "footer": (parts.get("FOOTER") or {}).get("text", ""),
        "buttons": given.buttons((parts.get("BUTTONS") or {}).get("buttons", [])),
        "list": "",
        "location": None,
        "approved": True,
    }
    given.check_all_used()
    extra = {"template": drawn, "category": template.category.lower()}
    return {"body": drawn["body"], "media": media, "extra": extra}


def _found(phone, line, content):
    language = (content.get("language") or {}).get("code")
    for each in phone.store.templates.values():
        names = (each.business_sid, each.name, each.language)
        if names == (line.page_sid, content["name"], language):
            if each.status in REFUSED:
                raise CloudError(REFUSED[each.status])
            if each.status == "APPROVED":
                return each
    raise CloudError(132001, f"{content['name']} does not exist in {language}.")


class _Given:
    """The parameters of a message, by component; each must be used once."""

    def __init__(self, template, components):
        self._named = template.parameter_format == "NAMED"
        self._left = {
            (each["type"], str(each.get("index", ""))): each.get("parameters") or []
            for each in components
        }

    def text(self, place, text, index=""):
        """Return a text with its values; the address of a button has no names."""
        is_named = self._named and not index
        names = names_in(text)
        if not is_named:
            # Meta takes the values in the order of the numbers.
            names.sort(key=lambda name: int(name) if name.isdecimal() else 0)
        given = self._left.pop((place, index), [])
        if len(given) != len(names):
            words = f"{place}: {len(given)} parameters, {len(names)} expected"
            raise CloudError(132000, words)
        values = {}
        for name, each in zip(names, given, strict=True):
            if is_named and each.get("parameter_name") != name:
                raise CloudError(132012, f"{place}: parameter_name {name} is missing.")
            value = each.get("text")
            if each.get("type") != "text" or not value or CROOKED.search(value):
                raise CloudError(132012, f"{place}: a parameter isn't a plain text.")
            values[name] = value
        return PLACEHOLDER.sub(lambda found: values[found[1]], text)

    def header(self, phone, part):
        """Return the text of the header, and the file that it shows."""
        kind = (part or {}).get("format", "TEXT").lower()
        if not part or kind == "text":
            return self.text("header", (part or {}).get("text", "")), []
        (each,) = self._left.pop(("header", ""), None) or ({},)
        values = each.get(kind) or {}
        found = phone.store.uploads.get(str(values.get("id")))
        if each.get("type") != kind or not (found or values.get("link")):
            raise CloudError(
                132012, f"header: Format mismatch, expected {part['format']}"
            )
        if not found:
            found = _drawn(phone, values["link"])
        media = Media(found.content_type, values.get("filename") or found.filename)
        media.size, media.sid = found.size, found.sid
        return "", [media]

    def buttons(self, buttons):
        return [self._button(str(at), each) for at, each in enumerate(buttons)]

    def _button(self, index, button):
        kind = KINDS.get(button["type"], "other")
        value = button.get("url") or button.get("phone_number") or ""
        payload = ""
        if kind == "url":
            value = self.text("button", value, index)
        elif given := self._left.pop(("button", index), []):
            payload = given[0].get("payload") or ""
            value = given[0].get("coupon_code") or value
        payload = (payload or button["text"]) if kind == "reply" else ""
        return {
            "kind": kind,
            "text": button["text"],
            "value": value,
            "payload": payload,
        }

    def check_all_used(self):
        for (place, _index), given in self._left.items():
            if given:
                raise CloudError(132000, f"{place}: no parameters expected")


def _drawn(phone, url):
    """Return the file of a link, which the phone draws instead of fetching it."""
    name = url.rpartition("/")[2]
    if name.endswith(".pdf"):
        return phone.store.write_media(Media("application/pdf", name), b"%PDF-1.4\n")
    return phone.store.write_media(Media("image/png", name), pictures.story(url))
