"""Customers and Agents who write at a steady pace, whatever happens to the nodes."""

import threading
import time
import uuid
from dataclasses import dataclass, field

import httpx

from tests.e2e.support.people import Refused

PAUSE = 0.3
PATIENCE = 60


@dataclass
class Written:
    """One message: ``tries`` were needed until Odoo had taken it.

    ``content`` are the bytes of its file.
    """

    body: str
    sid: str = ""
    client_uuid: str = ""
    tries: int = 0
    taken: bool = False
    seconds: float = 0
    content: bytes = b""


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
            except (httpx.HTTPError, ValueError, Refused):
                # No answer, nginx's page that says so, or Odoo without a database
                time.sleep(PAUSE)
        written.seconds = time.monotonic() - started


def queue(database, body):
    """Queue a copy of a sent reply by SQL, so that no HTTP worker sends it at once.

    ``body`` is ``To customer: number``. Return its ``client_uuid``.
    """
    customer = body.removeprefix("To ").partition(":")[0]
    client_uuid = str(uuid.uuid4())
    database.run(
        "INSERT INTO messaging_message (conversation_id, channel_id, direction, kind,"
        " state, body, author_id, client_uuid, part, sent_at, attempts, create_date,"
        " write_date) SELECT i.conversation_id, m.channel_id, 'outbound', 'text',"
        " 'queued', %s, m.author_id, %s, 0, now() AT TIME ZONE 'UTC', 0,"
        " now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'"
        " FROM messaging_identity i JOIN LATERAL (SELECT * FROM messaging_message m"
        " WHERE m.conversation_id = i.conversation_id ORDER BY id LIMIT 1) m ON TRUE"
        " WHERE i.external_id = %s",
        body,
        client_uuid,
        customer,
    )
    return client_uuid
