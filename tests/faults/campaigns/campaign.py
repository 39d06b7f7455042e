"""One campaign: break one thing again and again under load, then read the ledger."""

import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from random import Random

from tests.faults.campaigns.ground import PatientDatabase, hastened
from tests.nodes import ledger
from tests.nodes.load import Load
from tools.dev.processes import log_path

MIXED = "mixed"
SETTLES_WITHIN = 180
SETTLE_PAUSE = 0.5
# Longer than any fault: the provider delivers again for hours.
REDELIVERY = 80
# The load goes on a while before the first fault, and after the last.
LEAD = 0.5
BURST = 5
TIME = "%Y-%m-%d %H:%M:%S"
COUNTED = ("lost", "doubled", "wrong", "overtaken", "left", "given_up")


@dataclass
class Campaign:
    """``plan`` has a fault for each injection, in their order.

    So many requests of a ``burst`` meet a fault of the provider.
    """

    name: str
    plan: list
    seed: int
    burst: int = 1


def repeated(fault, times, seed):
    return Campaign(fault.name, [fault] * times, seed, BURST)


def mixed(times, seed):
    """Return a campaign of several faults in a random order; ``times`` of each."""
    plan = [fault for fault, count in times.items() for _ in range(count)]
    Random(f"plan {seed}").shuffle(plan)  # noqa: S311 - repeatable
    return Campaign(MIXED, plan, seed)


@dataclass
class Result:
    """What became of all messages of a campaign; ``counts`` has a number by word."""

    campaign: Campaign
    injected: Counter
    seconds: float
    counts: dict

    @property
    def holds(self):
        every = set(+self.injected) == {fault.name for fault in self.campaign.plan}
        return every and not any(self.counts[word] for word in COUNTED)


def run(ground, campaign, options):
    """Run one campaign with new customers; return its Result."""
    started = time.monotonic()
    _note(f"{campaign.name} --seed {campaign.seed}")
    ground.random = Random(f"{campaign.name} {campaign.seed}")  # noqa: S311 - repeatable
    ground.burst = campaign.burst
    ground.load = _begin(ground, options)
    latest = ledger.latest(ground.database)
    with ExitStack() as stack:
        given = {}
        for fault in dict.fromkeys(campaign.plan):
            if fault.around:
                given[fault] = [stack.enter_context(fault.around(ground))]
        hasty = stack.enter_context(PatientDatabase(ground.database.name))
        with ground.load, hastened(hasty):
            injected = _inject(ground, campaign.plan, given)
            _note("the load ends")
        left = _settle(ground, latest)
    _note(f"settled, left: {left}")
    counts = {**_count(ground), "left": sum(left.values())}
    return Result(campaign, injected, time.monotonic() - started, counts)


def _begin(ground, options):
    """Let new customers talk with sound nodes; return the load, not yet started."""
    ground.wait_until_ready()
    ground.phone.post("reset")
    ground.phone.post("settings", pace=0.05, redelivery=REDELIVERY)
    numbers = [_number() for _ in range(options.customers + options.spare)]
    pairs = ground.cluster.talk(numbers)
    pairs, ground.spare = pairs[: options.customers], pairs[options.customers :]
    person = ground.cluster.person
    agents = [ground.persist(person, name) for name in ("Alba Agent", "Bruno Agent")]
    return Load(ground.phone, agents, pairs, options.every)


_numbers = iter(range(1_000_000))


def _number():
    """Return the number of a customer who is new in this database."""
    return f"+34622{next(_numbers):06d}"


def _inject(ground, plan, given):
    """Inject the faults, and count by name those that found something to break."""
    injected = Counter()
    time.sleep(LEAD)
    for number, fault in enumerate(plan, 1):
        ground.seconds(*fault.pause)
        started = time.monotonic()
        times = fault.inject(ground, *given.get(fault, ()))
        injected[fault.name] += 1 if times is None else times
        _note(f"{number}/{len(plan)} {fault.name} {time.monotonic() - started:.1f} s")
    time.sleep(LEAD)
    return injected


def _note(text):
    """Add a line to the log of injections, to be read beside those of the nodes."""
    with log_path("faults").open("a") as log:
        log.write(f"{time.strftime(TIME, time.gmtime())} {text}\n")


def _settle(ground, latest):
    """Wait until nothing is under way; return what is left, if it takes too long."""
    ground.phone.calm_down()
    words = ground.phone, ground.database, ground.load
    end = time.monotonic() + SETTLES_WITHIN
    while left := ledger.under_way(*words, latest):
        if time.monotonic() > end:
            break
        ground.database.hasten(files=True)
        time.sleep(SETTLE_PAUSE)
    return left


def _count(ground):
    load, database, phone = ground.load, ground.database, ground.phone
    inbound = ledger.inbound(database, load)
    fates = ledger.fates(phone, database, load)
    return {
        "in": inbound["sent"],
        "out": len(load.outbound),
        "lost": inbound["lost"] + ledger.files_lost(database, load) + fates["lost"],
        "doubled": inbound["doubled"] + fates["doubled"],
        "wrong": fates["wrong"],
        "overtaken": ledger.out_of_order(phone, load),
        "given_up": sum(not each.taken for each in load.inbound + load.outbound),
        "failed": fates["failed"],
        "unknown": fates["unknown"],
    }
