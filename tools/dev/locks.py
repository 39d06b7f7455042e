"""Locks between processes; the kernel frees them when their holder dies."""

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
    """Only one process at a time does what `name` stands for."""
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
        say(f"Another command holds the {name} lock: waiting for it.")
        fcntl.flock(descriptor, fcntl.LOCK_EX)


class Users:
    """Those who use a thing together; the last one learns that it is the last."""

    def __init__(self, name):
        self._name = name
        self._descriptor = None

    def join(self):
        self._descriptor = _open(self._name)
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def leave(self):
        """Return whether nobody else is left."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            return False
        finally:
            os.close(self._descriptor)
