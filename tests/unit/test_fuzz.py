"""The short form of ``make fuzz``: each target some thousand times, always the same."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from random import Random

import pytest
from providers.errors import InvalidPayload
from providers.events import BadEvent

from tests.fuzz import __main__ as fuzz
from tests.fuzz.mutation import mutated_json
from tests.fuzz.run import Run
from tests.fuzz.targets import PARSERS, TARGETS, Target, provider_of, request_of

EXECUTIONS = {"parse": 3000, "verify": 1000}


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_fails(name):
    target, rng = TARGETS[name], Random(1)
    inputs = list(target.seeds)
    for seed in inputs:
        target.run(seed)
    for number in range(EXECUTIONS[name.split()[0]]):
        data = target.mutate(rng.choice(inputs), rng, inputs)
        try:
            target.run(data)
        except Exception as error:
            pytest.fail(f"execution {number}, {error!r}: {data!r}")
        if number % 20 == 0:
            # Changes add up.
            inputs.append(data)


@pytest.mark.parametrize("name", PARSERS)
def test_mutated_requests_still_have_events(name):
    """Otherwise nothing but the refusal of unreadable bodies would be tested."""
    target, rng, code = PARSERS[name], Random(1), name.split()[1]
    provider, read = provider_of(code), 0
    for _ in range(500):
        data = target.mutate(rng.choice(target.seeds), rng, target.seeds)
        with suppress(InvalidPayload):
            events = provider.parse(request_of(code, data))
            read += any(not isinstance(event, BadEvent) for event in events)
    assert read > 150


class Ended(Exception):
    """Stands for the end of the process."""


@pytest.fixture
def a_run(tmp_path, monkeypatch):
    """Return a function that runs a target until its end and returns what it wrote."""

    def end(status):
        raise Ended

    monkeypatch.setattr(os, "_exit", end)

    def run_all(run, inputs):
        result = tmp_path / "result.json"
        target = Target(run, mutated_json, (b"{}",), 1)
        whole = Run("parse x", target, len(inputs), 7, tmp_path, result)
        with pytest.raises(Ended):
            for data in inputs:
                whole.once(data)
        return json.loads(result.read_text())

    return run_all


def test_a_failing_input_is_printed_and_stored_once_for_each_kind(a_run, capsys):
    def run(data):
        if data:
            raise KeyError(data)

    row = a_run(run, [b"", b"one", b"two"])
    assert row["executions"] == 3
    [path] = row["failures"].values()
    with open(path, "rb") as file:
        assert file.read() == b"one"
    printed = capsys.readouterr()
    assert "seed 7" in printed.out and "b'one'" in printed.out
    assert fuzz.is_bad(row)
    assert path in fuzz.table([row])


def test_a_good_run_is_one_line_of_the_table(a_run):
    row = a_run(len, [b""] * 5)
    assert not fuzz.is_bad(row)
    assert "parse x" in fuzz.table([row])
    assert fuzz.is_bad({**row, "megabytes": fuzz.MOST_MEGABYTES + 1})
