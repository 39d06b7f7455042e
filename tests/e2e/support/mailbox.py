"""A mail server on this machine that accepts all emails, or hangs on request."""

import email
import email.policy
import socket
from contextlib import closing

from aiosmtpd.controller import Controller


class Mailbox:
    def __init__(self):
        self.messages = []

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(
            envelope.content, policy=email.policy.default
        )
        self.messages.append((envelope.rcpt_tos, message))
        return "250 OK"

    def to(self, address):
        """Return the emails to an address, the oldest first."""
        return [message for to, message in list(self.messages) if address in to]

    def __enter__(self):
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def __exit__(self, *_):
        self._controller.stop()


class DeadMailServer:
    """Accepts connections and stays silent, like an overloaded server."""

    def __enter__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        return self

    def __exit__(self, *_):
        self._socket.close()


def plain_text(message):
    """Return the plain text of an email, on one line."""
    return " ".join(message.get_body(("plain",)).get_content().split())
