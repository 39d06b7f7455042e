"""Locks between processes. The kernel releases them when their process dies."""

import fcntl
import os
from contextlib import contextmanager

from tools.dev.console import say
from tools.dev.places import LOCKS


def _open(name):
    LOCKS.mkdir(parents=True, exist_ok=True)
    return os.open(LOCKS / name, os.O_RDWR | os.O_CREAT, 0o600)


@contextmanager
def alone(name):
    """Let only one process at a time do the work that `name` stands for."""
    descriptor = _open(name)
    try:
        _wait_for(descriptor, name)
        yield
    finally:
        os.close(descriptor)


def _wait_for(descriptor, name):
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say(f"Waiting for the {name} lock of another command.")
        fcntl.flock(descriptor, fcntl.LOCK_EX)


class Users:
    """Processes that share a resource; the last to leave learns that it is the last."""

    def __init__(self, name):
        self._name = name
        self._descriptor = None

    def join(self):
        self._descriptor = _open(self._name)
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def leave(self):
        """Return whether no other process is left."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            return False
        finally:
            os.close(self._descriptor)
