"""The control API's requests that play Twilio's console. See README.md."""

import time

from starlette.routing import Route

from .. import demo
from ..body import answering, read_json
from ..errors import Refused
from ..model import Content, Service, new_sid
from ..setup import check_words
from . import opt_out
from .approval import CATEGORIES, STATUSES
from .content_types import check_content
from .errors import TwilioError

CONTENT_WORDS = {"friendly_name", "language", "variables", "types"}
SERVICE_FIELDS = {
    *("name", "inbound_url", "status_callback_url", "use_inbound_webhook_on_number"),
    *("advanced_opt_out", "keywords"),
}
SERVICE_WORDS = {*SERVICE_FIELDS, "account", "sid", "lines"}
APPROVAL_WORDS = {"name", "category", "status", "rejection_reason"}


class Console:
    def __init__(self, phone):
        self.phone = phone
        self.store = phone.store

    def routes(self):
        table = (
            ("DELETE", "/console", self.reset),
            ("GET", "/contents", self.contents),
            ("POST", "/contents", self.add_content),
            ("PATCH", "/contents/{content}", self.change_content),
            ("DELETE", "/contents/{content}", self.remove_content),
            ("GET", "/services", self.services),
            ("POST", "/services", self.save_service),
            ("DELETE", "/services/{service}", self.remove_service),
            ("POST", "/opt-out", self.opt_out),
        )
        return [
            Route(path, answering(handler), methods=[method])
            for method, path, handler in table
        ]

    async def reset(self, request):
        self.store.reset_console()
        return {}

    # -- templates ---------------------------------------------------------

    async def contents(self, request):
        contents = self.store.contents.values()
        return {"contents": [self.phone.describe(each) for each in contents]}

    async def add_content(self, request):
        """Add a template, in any state of approval."""
        values = await read_json(request)
        words = {*CONTENT_WORDS, *APPROVAL_WORDS, "account", "sid"}
        check_words(values, words, "a template")
        values.setdefault("language", "en")
        content = Content(
            sid=values.get("sid") or new_sid("HX"),
            account_sid=values.get("account") or demo.ACCOUNT_SID,
            language=values["language"],
            types=values.get("types") or {},
        )
        self._change(content, values)
        self.store.contents[content.sid] = content
        return self._described(content)

    async def change_content(self, request):
        """Change the template's text or its state of approval."""
        content = self._content(request)
        values = await read_json(request)
        check_words(values, CONTENT_WORDS | APPROVAL_WORDS, "a template")
        self._change(content, values)
        return self._described(content)

    async def remove_content(self, request):
        self.store.remove_content(self._content(request))
        return {}

    def _content(self, request):
        return self.store.content(request.path_params["content"])

    def _described(self, content):
        self.store.changed("content", content)
        return {"content": self.phone.describe(content)}

    def _change(self, content, values):
        known = {name: values[name] for name in CONTENT_WORDS if name in values}
        whole = {name: getattr(content, name) for name in CONTENT_WORDS} | known
        try:
            check_content(whole)
        except TwilioError as error:
            raise Refused(f"{error.message}.") from None
        approval = _approval(content, values)
        for name, value in known.items():
            setattr(content, name, value)
        content.approval = approval
        content.updated_at = time.time()

    # -- Messaging Services --------------------------------------------------

    async def services(self, request):
        services = self.store.services.values()
        return {"services": [self.phone.describe(each) for each in services]}

    async def save_service(self, request):
        """Create the service with this sid, or change it; `lines` are all its lines."""
        values = await read_json(request)
        check_words(values, SERVICE_WORDS, "a Messaging Service")
        sid = values.get("sid") or new_sid("MG")
        account = values.get("account") or demo.ACCOUNT_SID
        service = self.store.services.get(sid) or Service(sid, account)
        if "lines" in values:
            service.line_sids = self._pool(service, values["lines"])
        for name in SERVICE_FIELDS & values.keys():
            setattr(service, name, values[name])
        self.store.services[sid] = service
        self.store.changed("service", service)
        return {"service": self.phone.describe(service)}

    def _pool(self, service, names):
        """Return the lines' sids; a line belongs to one service at most."""
        lines = [self.store.line(name) for name in names]
        for line in lines:
            if line.account_sid != service.account_sid:
                raise Refused(f"{line.address} belongs to another account.")
            if self.store.service_of(line) not in (None, service):
                raise Refused(f"{line.address} belongs to another service.", 409)
        return [line.sid for line in lines]

    async def remove_service(self, request):
        service = self.store.service(request.path_params["service"])
        del self.store.services[service.sid]
        self.store.changed("reload", None)
        return {}

    async def opt_out(self, request):
        """Block or unblock a customer at Twilio, without a message."""
        values = await read_json(request)
        check_words(values, {"customer", "line", "opted_out"}, "an opt-out")
        line = self.store.line(values.get("line") or "")
        customer = self.store.customer(values.get("customer") or "")
        opt_out.set_out(self.phone, line, customer, bool(values.get("opted_out", True)))
        return {"opted_out": opt_out.is_out(self.phone, line, customer)}


def _approval(content, values):
    """Return the approval as wanted; `unsubmitted` empties it."""
    wanted = {name: values[name] for name in APPROVAL_WORDS if name in values}
    if wanted.get("status", "approved") not in STATUSES:
        raise Refused(f"`status` must be one of {', '.join(STATUSES)}.")
    if wanted.get("category", "UTILITY") not in CATEGORIES:
        raise Refused(f"`category` must be one of {', '.join(CATEGORIES)}.")
    if not wanted:
        return content.approval
    if wanted.get("status") == "unsubmitted":
        return {}
    usual = {
        "name": values.get("friendly_name") or content.friendly_name,
        "category": "UTILITY",
        "status": "pending",
        **content.approval,
    }
    if "status" in wanted:
        usual["rejection_reason"] = ""
    return {"rejection_reason": "", **usual, **wanted}
