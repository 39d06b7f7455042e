"""One address for an Odoo with workers, which serves websockets on a second port.

A browser opens a separate connection for a websocket, so the first line of a
connection tells to which port it belongs.
"""

import asyncio
import threading
from contextlib import suppress


class Proxy:
    """Forwards connections on `port` to Odoo's HTTP or websocket port."""

    def __init__(self, port, http_port, websocket_port):
        self.port = port
        self._http_port = http_port
        self._websocket_port = websocket_port
        self._server = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def start(self):
        self._thread.start()
        serving = asyncio.start_server(self._forward, "127.0.0.1", self.port)
        self._server = asyncio.run_coroutine_threadsafe(serving, self._loop).result(10)

    def stop(self):
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def _forward(self, reader, writer):
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            first = await reader.readuntil(b"\n")
            websocket = b" /websocket" in first
            port = self._websocket_port if websocket else self._http_port
            odoo_reader, odoo_writer = await asyncio.open_connection("127.0.0.1", port)
            odoo_writer.write(first)
            await asyncio.gather(_pump(reader, odoo_writer), _pump(odoo_reader, writer))
        writer.close()


async def _pump(reader, writer):
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    with suppress(OSError):
        writer.close()
