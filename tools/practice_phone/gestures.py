"""The control API's requests that only some providers support. See README.md."""

import asyncio

from starlette.routing import Route

from . import providers
from .body import answering, read_json
from .compose import compose, read_media
from .errors import Refused
from .setup import check_words


class Gestures:
    def __init__(self, phone):
        self.phone = phone
        self.store = phone.store

    def routes(self):
        table = (
            ("/messages/{sid}/react", self.react),
            ("/messages/{sid}/edit", self.edit),
            ("/messages/{sid}/unsend", self.unsend),
            ("/messages/{sid}/tap", self.tap),
            ("/batch", self.batch),
            ("/outside", self.outside),
            ("/webhook", self.webhook),
        )
        return [
            Route(path, answering(handler), methods=["POST"]) for path, handler in table
        ]

    def _gestures(self, line):
        found = getattr(providers.of_line(self.phone, line), "gestures", None)
        if not found:
            raise Refused(f"{line.kind} does not support this.")
        return found

    def _message(self, request):
        message = self.store.message(request.path_params["sid"])
        return message, self._gestures(self.store.lines[message.line_sid])

    def _own(self, request):
        message, gestures = self._message(request)
        if message.direction != "inbound" or message.unsent:
            raise Refused("Customers can only change their own messages.")
        return message, gestures

    def _answer(self, message, webhook):
        return {"message": self.phone.describe(message), "webhook": webhook}

    # -- with a message ------------------------------------------------------

    async def react(self, request):
        """React to any message of the conversation; an empty emoji removes it."""
        message, gestures = self._message(request)
        emoji = (await read_json(request)).get("emoji", "")
        return self._answer(message, await gestures.react(self.phone, message, emoji))

    async def edit(self, request):
        message, gestures = self._own(request)
        body = (await read_json(request)).get("body")
        if not body or not isinstance(body, str):
            raise Refused("`body` must hold the new text.")
        return self._answer(message, await gestures.edit(self.phone, message, body))

    async def unsend(self, request):
        message, gestures = self._own(request)
        return self._answer(message, await gestures.unsend(self.phone, message))

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
        provider = providers.of_line(self.phone, self.store.lines[message.line_sid])
        work = self.phone.spawn(provider.receive(self.phone, [answer]))
        webhooks = []
        if values.get("wait", True):
            await asyncio.wait([work])
            webhooks = [] if work.cancelled() else work.result()
        return {"messages": [self.phone.describe(answer)], "webhooks": webhooks}

    # -- without one -----------------------------------------------------------

    async def batch(self, request):
        """Send drafts of several customers, in one webhook where possible."""
        drafts = (await read_json(request)).get("messages") or []
        groups = {}
        for draft in drafts:
            customer = self.store.customer(draft.pop("customer", ""))
            line = self.store.line(draft.get("line") or "")
            rows = compose(self.phone, customer, draft)
            provider = providers.of_line(self.phone, line)
            groups.setdefault(provider, []).extend(rows)
        for row in (row for rows in groups.values() for row in rows):
            self.store.add_message(row)
        work = (each.receive(self.phone, rows) for each, rows in groups.items())
        found = await asyncio.gather(*work)
        messages = [row for rows in groups.values() for row in rows]
        return {
            "messages": [self.phone.describe(each) for each in messages],
            "webhooks": [each for answers in found for each in answers],
        }

    async def outside(self, request):
        """Write as the shop in the provider's own inbox, outside Odoo."""
        values = await read_json(request)
        check_words(values, {"customer", "line", "body", "media"}, "an answer")
        line = self.store.line(values.get("line") or "")
        customer = self.store.customer(values.get("customer") or "")
        media = [read_media(self.phone, each) for each in values.get("media") or ()]
        body = values.get("body") or ""
        if not (body or media):
            raise Refused("There is nothing to send.")
        gestures = self._gestures(line)
        message = await gestures.outside(self.phone, line, customer, body, media)
        return {"message": self.phone.describe(message)}

    async def webhook(self, request):
        """Post any body, signed: `{line, body, signature}`; text is posted as is."""
        values = await read_json(request)
        check_words(values, {"line", "body", "signature"}, "a webhook")
        line = self.store.line(values.get("line") or "")
        post = self._gestures(line).post
        body, signature = values.get("body", ""), values.get("signature")
        return {"webhook": await post(self.phone, line, body, signature)}


def _choice(template, wanted):
    taps = {"reply": "button", "item": "list"}
    buttons = [each for each in template.get("buttons", ()) if each["kind"] in taps]
    for number, each in enumerate(buttons):
        if wanted in (number, each["text"]):
            kind = taps[each["kind"]]
            return {"type": kind, "text": each["text"], "id": each["payload"]}
    raise Refused(f"The message has no button {wanted!r} to answer with.")
