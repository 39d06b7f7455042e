"""Mutations that know JSON: changed bytes alone rarely stay readable."""

from __future__ import annotations

import json
from collections.abc import Sequence
from random import Random
from typing import Any

# Values that have broken readers elsewhere.
NUMBERS = (0, -1, 1, 51, 2**31, 2**53 + 1, 2**63, -(2**64), 10**30, 10**400)
FLOATS = (0.5, -0.0, 1e308, float("nan"), float("inf"))
TEXTS = (
    *("", " ", "0", "-1", "1790000000", "1790000000000", "9" * 30, "nan", "1e999"),
    *("\x00", "a\x00b", "\ud83d", "\udc00x", "\u202e", "\ufeff", "İ", "ß" * 300),
    *("٣", "👩‍👩‍👧", "+34600000001", "whatsapp:", ":", "../..", "javascript:alert(1)"),
    *("2026-11-28T10:00:00+0000", "9999-12-31T23:59:59-1200", "%s%n", "{{x}}"),
    "x" * 5000,
)
PLAIN = (None, True, False, *NUMBERS, *FLOATS, *TEXTS)


def mutated_bytes(data: bytes, rng: Random, others: Sequence[bytes]) -> bytes:
    """Change some bytes, or join two inputs."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(changed) + 1)
        choice = rng.randrange(4)
        if choice == 0:
            changed[at:at] = rng.randbytes(rng.randint(1, 4))
        elif choice == 1:
            del changed[at : at + rng.randint(1, 8)]
        elif choice == 2 and at < len(changed):
            changed[at] = rng.randrange(256)
        else:
            other = rng.choice(others)
            changed[at:] = other[rng.randrange(len(other) + 1) :]
    return bytes(changed)


def mutated_json(data: bytes, rng: Random, others: Sequence[bytes]) -> bytes:
    """Change some values of a JSON body; now and then its bytes instead."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    if value is None or rng.random() < 0.05:
        return mutated_bytes(data, rng, others)
    root = [value]
    # Mostly one change: libFuzzer adds others to what it finds interesting.
    for _ in range(1 + int(4 * rng.random() ** 3)):
        _change(root, rng, others)
    try:
        return json.dumps(root[0]).encode()
    except (ValueError, RecursionError):
        # Whole numbers of too many digits, and too much nesting.
        return mutated_bytes(data, rng, others)


def _change(root: list[Any], rng: Random, others: Sequence[bytes]) -> None:
    """Change one value at a random place."""
    place, key = _place(root, rng)
    choice = rng.randrange(8)
    if choice <= 2:
        place[key] = rng.choice(PLAIN)
    elif choice == 3:
        place[key] = _part(rng.choice(others), rng)
    elif choice == 4 and place is not root:
        del place[key]
    elif choice == 5:
        _add(place, _part(rng.choice(others), rng), rng)
    elif choice == 6:
        place[key] = [place[key]] if rng.random() < 0.5 else {"id": place[key]}
    elif choice == 7 and isinstance(place, dict):
        place[_name(rng.choice(others), rng)] = place.pop(key)


def _add(place: Any, value: Any, rng: Random) -> None:
    if isinstance(place, dict):
        place[rng.choice(TEXTS)[:50]] = value
    else:
        place.insert(rng.randrange(len(place) + 1), value)


def _place(root: list[Any], rng: Random) -> tuple[Any, Any]:
    """Return a container and a key in it, mostly of a value that holds no others.

    Bodies are deep: a changed container at the top leaves nothing of them.
    """
    place: Any = root
    while True:
        keys = list(place) if isinstance(place, dict) else range(len(place))
        key = keys[int(rng.random() * len(keys))]
        value = place[key]
        if not (value and isinstance(value, (dict, list))) or rng.random() < 0.03:
            return place, key
        place = value


def _part(data: bytes, rng: Random) -> Any:
    """Return a random part of another input."""
    try:
        place, key = _place([json.loads(data)], rng)
    except (ValueError, RecursionError):
        return rng.choice(TEXTS)
    return place[key]


def _name(data: bytes, rng: Random) -> str:
    try:
        _place_, key = _place([json.loads(data)], rng)
    except (ValueError, RecursionError):
        return "id"
    return str(key)


def mutated_lines(data: bytes, rng: Random, others: Sequence[bytes]) -> bytes:
    """Change one line: replace it by a text, or change its bytes."""
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    if rng.random() < 0.4:
        lines[at] = rng.choice(TEXTS).encode(errors="surrogatepass")
    else:
        lines[at] = mutated_bytes(lines[at], rng, others)
    return b"\n".join(lines)
