"""`python -m tools.practice_phone --port 8070 --host 127.0.0.1 --state FILE`"""

import argparse
import contextlib
import socket
import sys

import uvicorn

from . import demo
from .app import create_app
from .phone import Phone


def read_arguments(words=None):
    parser = argparse.ArgumentParser(
        prog="python -m tools.practice_phone",
        description="Plays Twilio, Meta and their customers' phones on this machine.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=demo.PORT)
    parser.add_argument("--state", metavar="FILE", help="remember everything here")
    parser.add_argument("--odoo-url", default="", help="where the page links to")
    parser.add_argument(
        "--pace", type=float, default=0.5, help="seconds between two statuses"
    )
    return parser.parse_args(words)


class Server(uvicorn.Server):
    def __init__(self, phone):
        super().__init__(
            uvicorn.Config(
                create_app(phone), log_level="warning", timeout_graceful_shutdown=1
            )
        )
        self.phone = phone

    def handle_exit(self, sig, frame):
        self.phone.hang_up()
        super().handle_exit(sig, frame)


def main():
    arguments = read_arguments()
    listener = _listen(arguments.host, arguments.port)
    port = listener.getsockname()[1]
    phone = Phone(arguments.state, pace=arguments.pace, odoo_url=arguments.odoo_url)
    print(f"Practice phone: http://{arguments.host}:{port}", flush=True)
    # uvicorn raises Ctrl-C once more after it has shut down.
    with contextlib.suppress(KeyboardInterrupt):
        Server(phone).run(sockets=[listener])


def _listen(host, port):
    """Open the port here, so that a taken one ends in a sentence, not a traceback."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        sys.exit(
            f"The practice phone cannot listen on {host}:{port}: {error.strerror}."
        )
    return listener


if __name__ == "__main__":
    main()
