"""Customers and Agents who write at a steady pace, whatever happens to the nodes."""

import threading
import time
import uuid
from dataclasses import dataclass, field

import httpx

PAUSE = 0.3
PATIENCE = 60


@dataclass
class Written:
    """One message: ``tries`` were needed until Odoo had taken it."""

    body: str
    sid: str = ""
    client_uuid: str = ""
    tries: int = 0
    taken: bool = False
    seconds: float = 0


@dataclass
class Load:
    """``pairs`` are (customer's number, conversation); Agents share them out."""

    phone: object
    agents: list
    pairs: list
    every: float = 1.0
    inbound: list = field(default_factory=list)
    outbound: list = field(default_factory=list)

    def __enter__(self):
        self._stop = threading.Event()
        self._threads = []
        for number, pair in enumerate(self.pairs):
            agent = self.agents[number % len(self.agents)]
            late = self.every * number / len(self.pairs)
            for write in (self._customer, self._agent):
                words = (write, late, agent, *pair)
                self._threads.append(threading.Thread(target=self._go_on, args=words))
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join(2 * PATIENCE)

    def _go_on(self, write, late, agent, customer, conversation):
        due, number = time.monotonic() + late, 0
        while not self._stop.wait(max(0, due - time.monotonic())):
            number += 1
            write(agent, customer, conversation, number)
            due = max(due + self.every, time.monotonic())

    def _customer(self, _agent, customer, _conversation, number):
        """Write once; the provider repeats the webhook as it was asked to."""
        written = Written(f"From {customer}: {number}")
        started = time.monotonic()
        answer = self.phone.write(customer, written.body)
        [message], [webhook] = answer["messages"], answer["webhooks"]
        written.sid, written.tries = message["sid"], webhook["attempts"]
        written.taken = webhook["status"] == 200
        written.seconds = time.monotonic() - started
        self.inbound.append(written)

    def _agent(self, agent, customer, conversation, number):
        """Reply, and send it again under the same id while it isn't confirmed."""
        body = f"To {customer}: {number}"
        written = Written(body, client_uuid=str(uuid.uuid4()))
        self.outbound.append(written)
        started = time.monotonic()
        while not written.taken and time.monotonic() < started + PATIENCE:
            written.tries += 1
            try:
                agent.reply(conversation, body, client_uuid=written.client_uuid)
                written.taken = True
            except (httpx.HTTPError, ValueError):
                # No answer, or nginx's page that says so
                time.sleep(PAUSE)
        written.seconds = time.monotonic() - started
