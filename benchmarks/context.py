"""What all measurements share: the options, and the Odoos that they measure."""

import os
from contextlib import ExitStack, contextmanager
from functools import cached_property

from benchmarks.filling import SMALL, Size, fill
from benchmarks.server import MeasuredOdoo
from tools.dev import databases
from tools.dev.console import step

# An Agent in one of the two companies sees more than 5,000 of these
MEDIUM = Size(conversations=10_000, messages=200_000)


class Bench:
    """Makes each Odoo when a measurement first asks for it, and removes all at the end.

    ``options`` are those of `make bench`, as argparse returns them.
    """

    def __init__(self, options):
        self.options = options
        self._prefix = f"bench_{os.getpid()}"
        self._stack = ExitStack()

    def __enter__(self):
        databases.drop_abandoned("bench_")
        return self

    def __exit__(self, *_):
        self._stack.close()

    @cached_property
    def empty(self):
        """An Odoo without conversations, except those that measurements made."""
        return self._start("empty")

    @cached_property
    def small(self):
        """An Odoo with 1,000 conversations and 20,000 messages."""
        return self._start("small", SMALL)

    @cached_property
    def medium(self):
        """An Odoo in which an Agent sees more than 5,000 conversations at once."""
        return self._start("medium", MEDIUM)

    @cached_property
    def full(self):
        """An Odoo with 100,000 conversations and 2,000,000 messages."""
        options = self.options
        return self._start("full", Size(options.conversations, options.messages))

    @contextmanager
    def odoo(self, kind, create=databases.create_database, **options):
        """Run an Odoo without conversations for one measurement.

        ``create(name)`` makes its database, by default one with the addon.
        """
        name = f"{self._prefix}_{kind}"
        try:
            create(name)
            with MeasuredOdoo(name, **options) as server:
                yield server
        finally:
            databases.drop_database(name)

    def _start(self, kind, size=None):
        name = f"{self._prefix}_{kind}"
        with step(f"  Making the {kind} database"):
            self._stack.callback(databases.drop_database, name)
            databases.create_database(name)
            if size:
                fill(name, size)
            return self._stack.enter_context(MeasuredOdoo(name))
