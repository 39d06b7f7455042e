"""The clock of a node jumps, as when it is set by hand or after a suspension."""

import shutil
import struct
from contextlib import contextmanager
from pathlib import Path

from tests.faults.campaigns.registry import LeftOut, fault
from tests.nodes.cluster import restart
from tools.dev.places import DEV
from tools.dev.processes import run_quietly

SOURCE = Path(__file__).with_suffix(".c")
FOLDER = DEV / "clock"
# Seconds; the reply window of 24 hours stays open.
STEPS = (-7200, -600, -5, 5, 130, 600, 7200)


def _library():
    """Compile what lets a process see another time."""
    compiler = shutil.which("cc")
    if not compiler:
        raise LeftOut("It needs a C compiler.")
    FOLDER.mkdir(exist_ok=True)
    library = FOLDER / "clock.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", library, SOURCE]
    run_quietly(command, "clock", "clock.c could not be compiled")
    return library


def _set(clock, seconds):
    """Let a clock go wrong; processes have mapped the file, so it keeps its place."""
    with clock.open("r+b") as file:
        file.write(struct.pack("=q", seconds))


@contextmanager
def false_clocks(ground):
    """Give each node a clock of its own; yield the file of each, which sets it."""
    library, clocks = _library(), []
    for number, node in enumerate(ground.cluster.nodes):
        clock = FOLDER / f"step-{number}"
        clock.write_bytes(struct.pack("=q", 0))
        clocks.append(clock)
        variables = {"LD_PRELOAD": str(library), "CLOCK_STEP": str(clock)}
        _restart(ground, node, variables)
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
    _set(clock, ground.random.choice(STEPS))
    try:
        ground.seconds(0.3, 2)
    finally:
        _set(clock, 0)
