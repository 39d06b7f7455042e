"""One practice phone: the state that its web routes and providers share."""

import asyncio
import collections
import itertools

import httpx

from .faults import Faults
from .model import Conversation, Customer, as_json, shown_number
from .spelling import other_spelling
from .store import Store

LOG_LENGTH = 2000
# The lifetime of delivery network links
LINK_SECONDS = 3 * 24 * 3600
SECRETS = ("auth_token", "api_keys", "access_token", "token", "subscriptions")
SECRETS += ("shared_key",)
SAVE_EVERY = 0.5


class Phone:
    def __init__(self, state=None, transport=None, pace=0.5, odoo_url=""):
        self.store = Store(state)
        self.faults = Faults()
        self.pace = pace
        self.link_seconds = LINK_SECONDS
        # For so many seconds, a webhook that failed is delivered again.
        self.redelivery = 0
        self.odoo_url = odoo_url
        # No kept connections: Odoo may restart between two requests.
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=0)
        self.client = httpx.AsyncClient(
            transport=transport, limits=limits, trust_env=False
        )
        self.requests = collections.deque(maxlen=LOG_LENGTH)
        self.webhooks = collections.deque(maxlen=LOG_LENGTH)
        self.pages = set()
        self._tasks = set()
        self._numbers = itertools.count(1)
        self.store.listeners.append(self._update_pages)

    # -- work in the background --------------------------------------------

    def spawn(self, work):
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def start(self):
        self._keeper = asyncio.get_running_loop().create_task(self._keep_saving())

    async def _keep_saving(self):
        while True:
            await asyncio.sleep(SAVE_EVERY)
            self.store.save()

    def hang_up(self):
        """End the pages' streams, which would keep the server from shutting down."""
        for queue in list(self.pages):
            queue.put_nowait(None)

    async def close(self):
        self.hang_up()
        self._keeper.cancel()
        self._cancel_tasks()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.client.aclose()
        self.store.close()

    def _cancel_tasks(self):
        for task in list(self._tasks):
            task.cancel()

    def reset(self, everything=False):
        """Start over; nothing from before a reset arrives after it."""
        self._cancel_tasks()
        self.faults.clear()
        self.requests.clear()
        self.webhooks.clear()
        self.store.reset(everything)

    # -- what the page sees ---------------------------------------------------

    def log(self, journal, **entry):
        entry["number"] = next(self._numbers)
        journal.append(entry)
        return entry

    def _update_pages(self, kind, thing):
        event = {"kind": kind, "value": self.describe(thing)}
        for queue in self.pages:
            queue.put_nowait(event)

    def describe(self, thing):
        if thing is None or isinstance(thing, dict):
            return thing
        values = as_json(thing)
        if isinstance(thing, Conversation):
            values["open"] = thing.is_open()
        if isinstance(thing, Customer):
            values["other_spelling"] = other_spelling(thing.phone)
        values["shown"] = shown_number(values.get("address") or values.get("phone"))
        # Secrets stay on the provider's side; the page has no use for them.
        for secret in SECRETS:
            values.pop(secret, None)
        return values
