import time

# The machine may be slow and busy: only a condition that never holds is a failure.
PATIENCE = 60


def eventually(look, seconds=PATIENCE, what=""):
    """Return the first true result of `look`; fail if there is none."""
    end = time.monotonic() + seconds
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > end:
            raise AssertionError(f"{what or 'it'} did not happen in {seconds} s")
        time.sleep(0.03)


def at_least(count, look, what):
    """Return what `look` finds, once it finds so many or more."""
    eventually(lambda: len(look()) >= count, what=f"{count} {what}")
    return look()


def stays(look, seconds, what=""):
    """Fail if `look` becomes false within so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert look(), what
        time.sleep(0.05)
