"""The websocket of an open inbox, without a browser."""

import json
import threading
from functools import partial

import websocket

from tests.waiting import eventually


class Listener:
    """Receives one user's bus messages from the time of its subscription."""

    def __init__(self, odoo, person, since):
        place = f"127.0.0.1:{odoo.websocket_port}"
        self.received = []
        self.subscribes_at_once = False
        self._since = since
        self._socket = websocket.create_connection(
            f"ws://{place}/websocket",
            cookie=f"session_id={person.session}",
            origin=f"http://{place}",
            timeout=30,
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self):
        self.subscribe()
        return self

    def __exit__(self, *_):
        self._socket.close()

    def subscribe(self):
        data = {"channels": ["messaging_inbox"], "last": self._since}
        self._socket.send(json.dumps({"event_name": "subscribe", "data": data}))

    def _listen(self):
        try:
            while text := self._socket.recv():
                messages = [each["message"] for each in json.loads(text)]
                told = "messaging_inbox/subscribe" in {m["type"] for m in messages}
                if told and self.subscribes_at_once:
                    self.subscribe()
                self.received += messages
        except (OSError, websocket.WebSocketException):
            pass

    def receives(self, kind, text=""):
        look = partial(self.has_received, kind, text)
        return eventually(look, what=f"{kind} {text} on the bus")

    def has_received(self, kind, text=""):
        return [
            message
            for message in list(self.received)
            if message["type"] == f"messaging_inbox/{kind}"
            and text in json.dumps(message["payload"])
        ]
