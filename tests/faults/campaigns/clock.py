"""The clock of a node jumps, as when it is set by hand or after a suspension."""

from contextlib import contextmanager

from tests.faults.campaigns.registry import LeftOut, fault
from tests.nodes.cluster import restart
from tools.dev import apt
from tools.dev.console import Problem, step
from tools.dev.places import DEV

UNPACKED = DEV / "faketime"
# Seconds; the reply window of 24 hours stays open.
STEPS = (-7200, -600, -5, 5, 130, 600, 7200)


def _library():
    """Return Debian's libfaketime, unpacked."""
    pattern = "usr/lib/*/faketime/libfaketimeMT.so.1"
    if not list(UNPACKED.glob(pattern)):
        if not apt.is_debian():
            raise LeftOut("It needs Debian's libfaketime.")
        try:
            with step("Downloading libfaketime (Debian's package)"):
                apt.unpack(UNPACKED, own=["libfaketime"])
        except Problem as problem:
            raise LeftOut(str(problem)) from None
    return next(UNPACKED.glob(pattern))


@contextmanager
def false_clocks(ground):
    """Give each node a clock of its own; yield the file of each, which sets it."""
    library, clocks = _library(), []
    for number, node in enumerate(ground.cluster.nodes):
        clock = UNPACKED / f"clock-{number}"
        clock.write_text("+0\n")
        clocks.append(clock)
        variables = {
            "LD_PRELOAD": library,
            "FAKETIME_TIMESTAMP_FILE": clock,
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        _restart(ground, node, {name: str(each) for name, each in variables.items()})
    try:
        yield clocks
    finally:
        for node in ground.cluster.nodes:
            _restart(ground, node, {})


def _restart(ground, node, variables):
    with ground.supervisor.hands_off(node):
        node.variables = variables
        restart(node)


@fault("the clock of a node jumps by up to 2 h, and back", 40, around=false_clocks)
def clock_jumps(ground, clocks):
    clock = ground.random.choice(clocks)
    clock.write_text(f"{ground.random.choice(STEPS):+d}\n")
    ground.seconds(0.3, 2)
    clock.write_text("+0\n")
