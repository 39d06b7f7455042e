"""An open inbox without a browser: its websocket, and what it has shown."""

import json
import threading
import time

import websocket

RECONNECT_AFTER = 0.5


class Page:
    """Receives one user's bus messages, and connects again as Odoo's client does.

    ``seen`` maps ids of messages to the times at which they were first shown, in
    seconds since 1970.
    """

    def __init__(self, port, person, since):
        self._port, self._person = port, person
        self._last = since
        self._closing = False
        self._socket = None
        self.seen = {}
        self.connected = 0
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._connect()
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._closing = True
        self._socket.close()
        self._thread.join(5)

    def _connect(self):
        place = f"127.0.0.1:{self._port}"
        self._socket = websocket.create_connection(
            f"ws://{place}/websocket",
            cookie=f"session_id={self._person.session}",
            origin=f"http://{place}",
            timeout=60,
        )
        data = {"channels": ["messaging_inbox"], "last": self._last}
        self._socket.send(json.dumps({"event_name": "subscribe", "data": data}))
        self.connected += 1

    def _run(self):
        while not self._closing:
            try:
                self._listen()
            except (OSError, websocket.WebSocketException):
                self._come_back()

    def _listen(self):
        while not self._closing:
            for each in json.loads(self._socket.recv() or "[]"):
                self._last = max(self._last, each["id"])
                self._show(each["message"])

    def _come_back(self):
        while not self._closing:
            time.sleep(RECONNECT_AFTER)
            try:
                return self._connect()
            except (OSError, websocket.WebSocketException):
                continue

    def _show(self, message):
        if message["type"] == "messaging_inbox/changed":
            for each in message["payload"].get("messages", ()):
                self.seen.setdefault(each["id"], time.time())
