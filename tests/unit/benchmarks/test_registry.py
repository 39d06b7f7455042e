"""The registry of measurements: choosing, running and the table."""

import pytest

from benchmarks import registry
from benchmarks.registry import Aim, Measurement, chosen, run, table

FAST = Aim("per_second", "messages per second", at_least=5000)
SHORT = Aim("ms", "milliseconds", at_most=25)


@pytest.fixture(autouse=True)
def no_measurements(monkeypatch):
    monkeypatch.setattr(registry, "MEASUREMENTS", {})


def measured(name, values, *aims, quick=False):
    return Measurement(name, aims, quick, lambda _bench: values)


def run_all(*measurements):
    return run(measurements, None, announce=lambda _text: None)


@pytest.mark.parametrize(
    ("aim", "value", "holds"),
    [
        (FAST, 5000, True),
        (FAST, 4999.9, False),
        (SHORT, 25, True),
        (SHORT, 25.1, False),
    ],
)
def test_an_aim_holds_up_to_its_limit(aim, value, holds):
    assert aim.holds(value) is holds


def test_a_function_is_registered_under_its_name():
    @registry.measurement(FAST, quick=True)
    def bodies(bench):
        return {"per_second": bench}

    one = registry.MEASUREMENTS["bodies"]
    assert (one.name, one.aims, one.quick) == ("bodies", (FAST,), True)
    assert one.run(7) == {"per_second": 7}


def test_two_measurements_cannot_have_the_same_name():
    def bodies(_bench):
        return {}

    registry.measurement()(bodies)
    with pytest.raises(ValueError, match="bodies"):
        registry.measurement()(bodies)


def test_some_measurements_can_be_chosen():
    known = {
        "slow": measured("slow", {}),
        "quick": measured("quick", {}, quick=True),
    }
    assert [one.name for one in chosen(known)] == ["slow", "quick"]
    assert [one.name for one in chosen(known, quick=True)] == ["quick"]
    # A name counts even if it isn't among the quick ones.
    assert [one.name for one in chosen(known, ["slow"], quick=True)] == ["slow"]


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="unknown: list; there are lists, bodies"):
        chosen({"lists": None, "bodies": None}, ["list"])


def test_values_of_all_measurements_come_together_rounded():
    values, failed = run_all(
        measured("a", {"ms": 1.23456, "count": 3}, SHORT), measured("b", {"more": [1]})
    )
    assert values == {"ms": 1.235, "count": 3, "more": [1]}
    assert failed == []


def test_a_measurement_that_fails_leaves_the_others_their_values(capsys):
    def broken(_bench):
        raise RuntimeError("no answer")

    values, failed = run_all(
        Measurement("broken", (SHORT,), False, broken), measured("b", {"more": 1})
    )
    assert (values, failed) == ({"more": 1}, ["broken"])
    assert "no answer" in capsys.readouterr().err


@pytest.mark.parametrize(
    "second",
    [measured("b", {"other": 2}, SHORT), measured("b", {"ms": 2})],
    ids=["without the key of its aim", "with a key that was returned before"],
)
def test_a_measurement_with_wrong_keys_fails(second, capsys):
    values, failed = run_all(measured("a", {"ms": 1}), second)
    assert (values, failed) == ({"ms": 1}, ["b"])
    assert "ValueError: b:" in capsys.readouterr().err


def test_the_table_shows_each_aim_with_its_value():
    both = [measured("a", {}, FAST), measured("b", {}, SHORT)]
    _head, fast, short = table(both, {"per_second": 5671.5, "ms": 30.25})
    assert fast.split() == "per_second 5,671.5 ≥ 5,000 yes messages per second".split()
    assert short.split() == "ms 30.25 ≤ 25 no milliseconds".split()


def test_an_aim_whose_measurement_failed_does_not_hold():
    _head, line = table([measured("a", {}, SHORT)], {})
    assert line.split() == "ms failed ≤ 25 no milliseconds".split()
