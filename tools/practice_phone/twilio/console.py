"""The control API's requests that play Twilio's console. See README.md."""

import asyncio
import time

from starlette.routing import Route

from .. import demo
from ..body import answering, read_json
from ..compose import compose
from ..errors import Refused
from ..model import Content, new_sid
from ..setup import check_words
from .approval import CATEGORIES, STATUSES
from .content_types import check_content
from .errors import TwilioError
from .receive import receive

CONTENT_WORDS = {"friendly_name", "language", "variables", "types"}
APPROVAL_WORDS = {"name", "category", "status", "rejection_reason"}


class Console:
    def __init__(self, phone):
        self.phone = phone
        self.store = phone.store

    def routes(self):
        table = (
            ("GET", "/contents", self.contents),
            ("POST", "/contents", self.add_content),
            ("PATCH", "/contents/{content}", self.change_content),
            ("DELETE", "/contents/{content}", self.remove_content),
            ("POST", "/messages/{sid}/tap", self.tap),
        )
        return [
            Route(path, answering(handler), methods=[method])
            for method, path, handler in table
        ]

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

    # -- what customers do with a template -----------------------------------

    async def tap(self, request):
        """Tap a reply button or a row of a list, by its text or its number from 0."""
        message = self.store.message(request.path_params["sid"])
        values = await read_json(request)
        check_words(values, {"button", "wait"}, "a tap")
        template = message.extra.get("template") or {}
        choice = _choice(template, values.get("button"))
        draft = {"line": message.line_sid, "choice": choice, "reply_to": message.sid}
        customer = self.store.customers[message.customer_id]
        (answer,) = compose(self.phone, customer, draft)
        answer.extra["of_template"] = bool(template.get("approved"))
        self.store.add_message(answer)
        work = self.phone.spawn(receive(self.phone, [answer]))
        webhooks = []
        if values.get("wait", True):
            await asyncio.wait([work])
            webhooks = [] if work.cancelled() else work.result()
        return {"messages": [self.phone.describe(answer)], "webhooks": webhooks}


def _choice(template, wanted):
    taps = {"reply": "button", "item": "list"}
    buttons = [each for each in template.get("buttons", ()) if each["kind"] in taps]
    for number, each in enumerate(buttons):
        if wanted in (number, each["text"]):
            kind = taps[each["kind"]]
            return {"type": kind, "text": each["text"], "id": each["payload"]}
    raise Refused(f"The message has no button {wanted!r} to answer with.")


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
