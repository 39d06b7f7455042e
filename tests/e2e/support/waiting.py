import time

# A machine may be slow and busy: only what never comes is a failure.
PATIENCE = 30


def eventually(look, seconds=PATIENCE, what=""):
    """Return the first true thing that `look` sees; fail when it sees none."""
    end = time.monotonic() + seconds
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > end:
            raise AssertionError(f"{what or 'it'} did not happen in {seconds} s")
        time.sleep(0.03)


def stays(look, seconds, what=""):
    """Fail when `look` stops being true within so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert look(), what
        time.sleep(0.05)
