"""Counts the executions of one target, and keeps one input of each kind of failure."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import time
import traceback
from pathlib import Path
from random import Random
from types import TracebackType

from tests.fuzz.targets import Target

# Memory is compared with what was used by then: interpreter, caches, first inputs.
WARM_UP = 20_000
MOST_FAILURES = 20


class Run:
    """What libFuzzer calls, and what is written about it to ``result``, as JSON."""

    def __init__(
        self,
        name: str,
        target: Target,
        runs: int,
        seed: int,
        folder: Path,
        result: Path,
    ):
        self.name, self.target, self.runs, self.seed = name, target, runs, seed
        self.folder, self.result = folder, result
        self.executions = 0
        self.failures: dict[str, str] = {}
        self.memory = 0
        self.began = time.monotonic()

    def once(self, data: bytes) -> None:
        self.executions += 1
        try:
            self.target.run(data)
        except Exception as error:
            self.keep(data, error)
        if self.executions == WARM_UP:
            self.memory = peak_memory()
        if self.executions % 100_000 == 0:
            self.write()
        if self.executions >= self.runs:
            self.write()
            # libFuzzer would go on for as long as it finds something new.
            os._exit(0)

    def keep(self, data: bytes, error: Exception) -> None:
        kind = f"{type(error).__name__} {place_of(error.__traceback__)}"
        if kind in self.failures or len(self.failures) >= MOST_FAILURES:
            return
        failures = self.folder / "failures"
        failures.mkdir(parents=True, exist_ok=True)
        path = failures / hashlib.sha256(data).hexdigest()[:16]
        path.write_bytes(data)
        self.failures[kind] = str(path)
        print(f"\n{self.name}: {kind}\nseed {self.seed}, input {path}: {data[:200]!r}")
        traceback.print_exception(error)

    def mutate(self, data: bytes, most: int, seed: int) -> bytes:
        mutated = self.target.mutate(data, Random(seed), self.target.seeds)
        return mutated if len(mutated) <= most else mutated[:most]

    def write(self) -> None:
        found = {
            "target": self.name,
            "executions": self.executions,
            "failures": self.failures,
            "seconds": round(time.monotonic() - self.began, 1),
            "megabytes": max(0, peak_memory() - self.memory) if self.memory else 0,
        }
        self.result.write_text(json.dumps(found))


def place_of(trace: TracebackType | None) -> str:
    """Return where an exception was raised, without a line that may move."""
    frames = traceback.extract_tb(trace)
    return " < ".join(f"{Path(f.filename).name}:{f.name}" for f in frames[:-4:-1])


def peak_memory() -> int:
    """Return the most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
