"""The control API, which the page and the tests use. See README.md."""

import asyncio

from starlette.responses import FileResponse, Response
from starlette.routing import Route

from . import live, pictures, providers
from .body import answering, read_draft, read_json, read_seconds
from .compose import compose
from .errors import Refused
from .faults import KINDS
from .history import import_history
from .model import as_json
from .setup import check_customer, save_account, save_line

# Types that a browser may render from this origin; all others are downloaded.
SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp", "audio/", "video/")
CUSTOMER_FIELDS = ("name", "read_receipts", "username", "shows_profile")
CUSTOMER_FIELDS += ("whatsapp", "spelling")
NEW_CUSTOMER_FIELDS = {*CUSTOMER_FIELDS, "phone", "bsuid", "ids"}


class Control:
    def __init__(self, phone):
        self.phone = phone
        self.store = phone.store

    def routes(self):
        table = (
            ("GET", "/state", self.state),
            ("GET", "/events", self.events),
            ("GET", "/media/{sid}", self.media),
            ("GET", "/story/{line}", self.story),
            ("POST", "/accounts", self.accounts),
            ("PATCH", "/lines/{line}", self.update_line),
            ("POST", "/customers", self.add_customer),
            ("PATCH", "/customers/{customer}", self.update_customer),
            ("DELETE", "/customers/{customer}", self.remove_customer),
            ("POST", "/customers/{customer}/messages", self.send),
            ("GET", "/messages", self.messages),
            ("POST", "/messages/{sid}/redeliver", self.redeliver),
            ("POST", "/read", self.read),
            ("POST", "/window", self.window),
            ("POST", "/import", self.history),
            ("GET", "/faults", self.list_faults),
            ("POST", "/faults", self.order_fault),
            ("DELETE", "/faults", self.drop_faults),
            ("GET", "/requests", self.requests),
            ("GET", "/webhooks", self.webhooks),
            ("POST", "/settings", self.settings),
            ("POST", "/reset", self.reset),
        )
        return [
            Route(path, answering(handler), methods=[method])
            for method, path, handler in table
        ]

    # -- reading -----------------------------------------------------------

    async def state(self, request):
        describe = self.phone.describe
        return {
            "accounts": [describe(each) for each in self.store.accounts.values()],
            "lines": [describe(each) for each in self.store.lines.values()],
            "customers": [describe(each) for each in self.store.customers.values()],
            "messages": [describe(each) for each in self.store.messages.values()],
            "services": [describe(each) for each in self.store.services.values()],
            "contents": [describe(each) for each in self.store.contents.values()],
            "templates": [describe(each) for each in self.store.templates.values()],
            "conversations": {
                key: describe(row) for key, row in self.store.conversations.items()
            },
            "pace": self.phone.pace,
            "odoo_url": self.phone.odoo_url,
        }

    async def events(self, request):
        return live.stream(self.phone)

    async def media(self, request):
        media = self.store.media(request.path_params["sid"])[1]
        if not media or not self.store.media_path(media).exists():
            raise Refused("There is no such file.", 404)
        shown = media.content_type.startswith(SHOWN)
        return FileResponse(
            self.store.media_path(media),
            media_type=media.content_type if shown else "application/octet-stream",
            filename=media.filename or media.sid,
            content_disposition_type="inline" if shown else "attachment",
            headers={"Cache-Control": "private, max-age=86400"},
        )

    async def story(self, request):
        """Return the picture of the story that a customer replies to."""
        line = self.store.line(request.path_params["line"])
        headers = {"Cache-Control": "private, max-age=86400"}
        return Response(pictures.story(line.sid), 200, headers, "image/png")

    async def messages(self, request):
        wanted = dict(request.query_params)
        seconds = read_seconds(wanted.pop("wait", "0"))
        unknown = set(wanted) - {
            "direction",
            "customer",
            "line",
            "status",
            "body",
            "sid",
        }
        if unknown:
            raise Refused(f"Messages can't be filtered by {sorted(unknown)[0]}.")
        found = await live.until(lambda: self._find(wanted), seconds)
        return {"messages": [self.phone.describe(each) for each in found]}

    def _find(self, wanted):
        tests = dict(wanted)
        if "customer" in tests:
            tests["customer_id"] = self.store.customer(tests.pop("customer")).id
        if "line" in tests:
            tests["line_sid"] = self.store.line(tests.pop("line")).sid
        return [
            each
            for each in self.store.messages.values()
            if all(getattr(each, name) == value for name, value in tests.items())
        ]

    async def requests(self, request):
        return {"requests": list(self.phone.requests)}

    async def webhooks(self, request):
        """List the webhooks and Odoo's answers; `?kind=status&sid=…` filters them."""
        wanted = dict(request.query_params)
        seconds = read_seconds(wanted.pop("wait", "0"))

        def find():
            return [
                each
                for each in self.phone.webhooks
                if all(each.get(name) == value for name, value in wanted.items())
            ]

        return {"webhooks": await live.until(find, seconds)}

    # -- people, numbers, accounts -----------------------------------------

    async def accounts(self, request):
        account = save_account(self.phone, await read_json(request))
        lines = [
            self.phone.describe(each)
            for each in self.store.lines.values()
            if each.account_sid == account.sid
        ]
        known = {
            **self.phone.describe(account),
            "auth_token": account.auth_token,
            "shared_key": account.shared_key,
        }
        return {"account": known, "lines": lines}

    async def update_line(self, request):
        line = self.store.line(request.path_params["line"])
        save_line(self.phone, line, await read_json(request))
        return {"line": self.phone.describe(line)}

    async def add_customer(self, request):
        values = await read_json(request)
        unknown = set(values) - NEW_CUSTOMER_FIELDS
        if unknown:
            raise Refused(f"Unknown word for a customer: {sorted(unknown)[0]}.")
        values.setdefault("name", "")
        check_customer(values.get("phone") or "", values)
        return {"customer": self.phone.describe(self.store.add_customer(**values))}

    async def update_customer(self, request):
        customer = self._customer(request)
        values = await read_json(request)
        for name in values:
            if name not in CUSTOMER_FIELDS:
                raise Refused(f"A customer's {name} can't be changed.")
        check_customer(customer.phone, values)
        for name, value in values.items():
            setattr(customer, name, value)
        self.store.changed("customer", customer)
        return {"customer": self.phone.describe(customer)}

    async def remove_customer(self, request):
        self.store.remove_customer(self._customer(request))
        return {}

    def _customer(self, request):
        return self.store.customer(request.path_params["customer"])

    # -- what customers do -------------------------------------------------

    async def send(self, request):
        """Send as the customer; return Odoo's answers to the webhooks."""
        customer = self._customer(request)
        draft, files = await read_draft(request)
        messages = compose(self.phone, customer, draft, files)
        for message in messages:
            self.store.add_message(message)
        provider = providers.of_line(self.phone, self.store.line(draft["line"]))
        work = self.phone.spawn(provider.receive(self.phone, messages))
        webhooks = []
        if draft.get("wait", True):
            await asyncio.wait([work])
            webhooks = [] if work.cancelled() else work.result()
        return {"messages": self._described(messages), "webhooks": webhooks}

    def _described(self, messages):
        return [self.phone.describe(each) for each in messages]

    async def redeliver(self, request):
        """Deliver the same webhook again, or several times at once."""
        message = self.store.message(request.path_params["sid"])
        times = (await read_json(request)).get("times", 1)
        if message.direction != "inbound" or not isinstance(times, int):
            raise Refused(
                "Only a customer's message can be redelivered, `times` times."
            )
        line = self.store.lines[message.line_sid]
        provider = providers.of_line(self.phone, line)
        work = (provider.deliver(self.phone, message) for _ in range(times))
        return {"webhooks": await asyncio.gather(*work)}

    async def read(self, request):
        """Let the customer read the conversation with one number."""
        line, customer = self._ends(await read_json(request))
        provider = providers.of_line(self.phone, line)
        messages = [
            each
            for each in self._find({"customer": customer.id, "line": line.sid})
            if each.direction == "outbound" and not each.seen
        ]
        await provider.read(self.phone, messages)
        return {"messages": self._described(messages)}

    async def window(self, request):
        """Set the reply window: `auto` is 24 hours from the last message."""
        values = await read_json(request)
        line, customer = self._ends(values)
        if values.get("window") not in ("auto", "open", "agent", "closed"):
            raise Refused("`window` must be auto, open, agent or closed.")
        conversation = self.store.conversation(line.sid, customer.id)
        conversation.window = values["window"]
        self.store.changed("conversation", conversation)
        return {"conversation": self.phone.describe(conversation)}

    def _ends(self, values):
        if not (values.get("line") and values.get("customer")):
            raise Refused("`line` and `customer` are required.")
        return self.store.line(values["line"]), self.store.customer(values["customer"])

    async def history(self, request):
        return import_history(self.phone, await read_json(request))

    # -- trouble -----------------------------------------------------------

    async def list_faults(self, request):
        faults = self.phone.faults
        return {
            name: [as_json(each) for each in getattr(faults, name)] for name in KINDS
        }

    async def order_fault(self, request):
        self.phone.faults.order(await read_json(request))
        return await self.list_faults(request)

    async def drop_faults(self, request):
        self.phone.faults.clear()
        return {}

    async def settings(self, request):
        values = await read_json(request)
        pace = values.get("pace", self.phone.pace)
        if not isinstance(pace, (int, float)) or not 0 <= pace <= 60:
            raise Refused("`pace` must be a number of seconds from 0 to 60.")
        life = values.get("link_seconds", self.phone.link_seconds)
        if not isinstance(life, int):
            raise Refused("`link_seconds` must be a number of seconds.")
        again = values.get("redelivery", self.phone.redelivery)
        if not isinstance(again, (int, float)):
            raise Refused("`redelivery` must be a number of seconds.")
        self.phone.pace, self.phone.link_seconds = pace, life
        self.phone.redelivery = again
        return {"pace": pace, "link_seconds": life, "redelivery": again}

    async def reset(self, request):
        """Delete messages, customers and faults; with `everything` accounts too."""
        everything = (await read_json(request)).get("everything", False)
        self.phone.reset(everything)
        return {}
