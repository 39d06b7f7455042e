"""The control API's requests that play WhatsApp Manager. See README.md."""

import secrets

from starlette.routing import Route

from .. import demo
from ..body import answering, read_json
from ..errors import Refused
from ..meta.errors import GraphError
from ..model import MetaTemplate, is_bsuid, is_phone
from ..setup import check_words
from . import events, numbers, templates
from .receive import message_sid, post_of, post_value
from .subscriptions import line_changed

STATE_WORDS = {"status", "rejected_reason", "quality"}
TEXT_WORDS = {"name", "language", "category", "components", "parameter_format"}
# From the best to the worst
RATINGS = ("GREEN", "YELLOW", "RED")


class CloudConsole:
    def __init__(self, phone):
        self.phone = phone
        self.store = phone.store

    def routes(self):
        table = (
            ("POST", "/templates", self.add_template),
            ("PATCH", "/templates/{template}", self.change_template),
            ("DELETE", "/templates/{template}", self.remove_template),
            ("POST", "/numbers/{line}", self.change_number),
            ("POST", "/customers/{customer}/move", self.move),
            ("POST", "/marketing", self.marketing),
        )
        return [
            Route(path, answering(handler), methods=[method])
            for method, path, handler in table
        ]

    # -- templates -----------------------------------------------------------

    async def add_template(self, request):
        """Add a template, in any state."""
        values = await read_json(request)
        check_words(
            values, TEXT_WORDS | STATE_WORDS | {"sid", "business"}, "a template"
        )
        values = {"language": "en", "category": "UTILITY", **values}
        self._check(values)
        sid = values.pop("sid", None) or str(secrets.randbelow(10**15) + 10**15)
        business = values.pop("business", demo.CLOUD_BUSINESS["sid"])
        template = MetaTemplate(sid, business, **values)
        self.store.templates[sid] = template
        return self._described(template)

    async def change_template(self, request):
        """Change a template; Meta reports its state and its quality."""
        template = self.store.template(request.path_params["template"])
        values = await read_json(request)
        check_words(values, TEXT_WORDS | STATE_WORDS, "a template")
        self._check({**templates.node_to_create(template), **values})
        before = template.status, template.quality
        if "status" in values and "rejected_reason" not in values:
            values["rejected_reason"] = "NONE"
        for word, value in values.items():
            setattr(template, word, value)
        if template.status != before[0]:
            value = events.template_status(template)
            await self._report(template, "message_template_status_update", value)
        if template.quality != before[1]:
            value = events.template_quality(template, before[1])
            await self._report(template, "message_template_quality_update", value)
        return self._described(template)

    def _check(self, values):
        if values.get("status", "PENDING") not in templates.STATUSES:
            raise Refused(f"`status` must be one of {', '.join(templates.STATUSES)}.")
        try:
            templates.check({k: v for k, v in values.items() if k in TEXT_WORDS})
        except GraphError as error:
            raise Refused(error.message) from None

    async def _report(self, template, field, value):
        business = self.store.businesses[template.business_sid]
        await post_of(self.phone, business, field, value, "template", template.sid)

    def _described(self, template):
        self.store.changed("template", template)
        return {"template": self.phone.describe(template)}

    async def remove_template(self, request):
        template = self.store.template(request.path_params["template"])
        del self.store.templates[template.sid]
        self.store.changed("reload", None)
        return {}

    # -- numbers ---------------------------------------------------------------

    async def change_number(self, request):
        """Change what Meta reports of a number; a new quality or name is posted."""
        line = self._line(request.path_params["line"])
        values = await read_json(request)
        check_words(values, numbers.FACTS, "a number")
        before = numbers.facts_of(line)
        line.facts = {**line.facts, **values}
        after = numbers.facts_of(line)
        line_changed(self.phone, line)
        hooks = [
            await post_value(self.phone, line, field, value, "number")
            for field, value in _reports(line, before, after)
        ]
        return {"line": self.phone.describe(line), "webhooks": hooks}

    def _line(self, name):
        line = self.store.line(name)
        if line.page_sid not in self.store.businesses:
            raise Refused(f"{line.address} belongs to no WhatsApp Business Account.")
        return line

    # -- customers ---------------------------------------------------------------

    async def move(self, request):
        """Give a customer another number or business-scoped id, and report it."""
        customer = self.store.customer(request.path_params["customer"])
        values = await read_json(request)
        check_words(values, {"line", "phone", "bsuid"}, "a move")
        line = self._line(values.get("line") or "")
        if is_phone(values.get("phone") or ""):
            old, customer.phone = customer.phone, values["phone"]
            make = events.changed_number
        elif is_bsuid(values.get("bsuid") or ""):
            old, customer.bsuid = customer.bsuid, values["bsuid"]
            make = events.changed_user_id
        else:
            raise Refused("A move needs a `phone` or a `bsuid`.")
        self.store.changed("customer", customer)
        value = make(line, customer, message_sid(line, False), old)
        hook = await post_value(self.phone, line, "messages", value, "system")
        return {"customer": self.phone.describe(customer), "webhook": hook}

    async def marketing(self, request):
        """Let a customer stop or resume marketing messages."""
        values = await read_json(request)
        check_words(values, {"customer", "line", "stopped"}, "a preference")
        line = self._line(values.get("line") or "")
        customer = self.store.customer(values.get("customer") or "")
        stopped = bool(values.get("stopped", True))
        conversation = self.store.conversation(line.sid, customer.id)
        conversation.opted_out = stopped
        self.store.changed("conversation", conversation)
        value = events.preference(line, customer, stopped)
        hook = await post_value(self.phone, line, "user_preferences", value, "system")
        return {"webhook": hook}


def _reports(line, before, after):
    """Yield the (field, value) of the webhooks about a changed number."""
    rating, limit = "quality_rating", "whatsapp_business_manager_messaging_limit"
    if before[limit] != after[limit]:
        event = "DOWNGRADE" if _tier(after[limit]) < _tier(before[limit]) else "UPGRADE"
        yield "phone_number_quality_update", events.quality(line, event, after[limit])
    elif before[rating] != after[rating]:
        fell = RATINGS.index(after[rating]) > RATINGS.index(before[rating])
        event = "FLAGGED" if fell else "UNFLAGGED"
        yield "phone_number_quality_update", events.quality(line, event, after[limit])
    if before["name_status"] != after["name_status"]:
        decision, name = after["name_status"], after["verified_name"]
        yield "phone_number_name_update", events.name_decision(line, decision, name)


def _tier(word):
    """Return how many conversations a messaging limit allows."""
    digits = word.removeprefix("TIER_").replace("K", "000")
    return int(digits) if digits.isdecimal() else 10**9
