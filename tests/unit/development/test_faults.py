"""The ledger of `make faults`: what counts as lost, doubled or unknown."""

from collections import Counter
from types import SimpleNamespace

import pytest

from tests.faults.campaigns import provider  # noqa: F401 - registers its faults
from tests.faults.campaigns.campaign import Result, mixed, repeated
from tests.faults.campaigns.registry import FAULTS, add, chosen
from tests.nodes import ledger
from tests.nodes.load import Load, Written

ONE = "00000000-0000-4000-8000-000000000001"
NOTHING = dict.fromkeys(
    ("lost", "doubled", "wrong", "overtaken", "left", "given_up", "failed", "unknown"),
    0,
)


def row(state, reason=None):
    return {"name": ONE, "state": state, "reason": reason}


@pytest.mark.parametrize(
    ("rows", "statuses", "fate"),
    [
        ([row("delivered")], ["delivered"], "right"),
        ([row("sent")], ["delivered"], "wrong"),
        ([row("unknown")], ["delivered"], "wrong"),
        ([row("unknown")], [], "unknown"),
        ([row("failed", "other")], [], "failed"),
        ([row("failed")], [], "lost"),
        ([row("sent")], [], "lost"),
        ([row("queued")], [], "lost"),
        ([], ["delivered"], "lost"),
        ([], [], "lost"),
        ([row("sent"), row("sent")], ["delivered"], "doubled"),
        ([row("delivered")], ["delivered", "delivered"], "doubled"),
    ],
)
def test_each_message_has_one_fate(rows, statuses, fate):
    load = Load(None, [], [])
    load.outbound = [Written("To +34: 1", client_uuid=ONE, taken=True)]
    messages = [{"body": "To +34: 1", "status": each} for each in statuses]
    phone = SimpleNamespace(get=lambda *_path, **_query: {"messages": messages})
    database = SimpleNamespace(rows=lambda *_query: rows)
    assert +ledger.fates(phone, database, load) == {fate: 1}


def test_later_messages_that_came_first_are_counted():
    assert ledger.overtaken(["To a: 1", "To b: 1", "To a: 3", "To a: 2"]) == 1


@pytest.mark.parametrize("word", ["lost", "doubled", "wrong", "overtaken", "left"])
def test_a_campaign_holds_if_it_broke_everything_and_nothing_was_lost(word):
    [fault] = chosen(["slow"])
    campaign = repeated(fault, 3, seed=1)
    assert Result(campaign, Counter(slow=2), 1.0, NOTHING).holds
    assert not Result(campaign, Counter(), 1.0, NOTHING).holds
    assert not Result(campaign, Counter(slow=2), 1.0, {**NOTHING, word: 1}).holds


def test_a_seed_repeats_the_order_of_mixed_faults():
    times = {fault: 3 for fault in chosen()}
    assert mixed(times, 1).plan == mixed(times, 1).plan != mixed(times, 2).plan


def test_an_unknown_or_second_name_is_refused():
    with pytest.raises(ValueError, match="unknown: earthquake"):
        chosen(["earthquake"])
    with pytest.raises(ValueError, match="two faults are called slow"):
        add(FAULTS["slow"])
