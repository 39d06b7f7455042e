"""How often the fuzz tests run, their random values, and their rows of a table.

``make fuzz`` runs them for longer (FUZZ_ROUNDS), elsewhere in the space of values
(FUZZ_SEED), and prints the rows that they write to FUZZ_FOLDER.
"""

import importlib
import json
import os
import resource
import time
from pathlib import Path
from random import Random
from unittest import SkipTest

MOST_FAILURES = 30


class FuzzMixin:
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        try:
            # Beside the addon in its repository; an installed addon has no copy.
            cls.mutation = importlib.import_module("tests.fuzz.mutation")
        except ImportError as error:
            raise SkipTest("tests/fuzz isn't here.") from error

    def setUp(self):
        super().setUp()
        self.rounds = int(os.environ.get("FUZZ_ROUNDS", "1"))
        self.seed = int(os.environ.get("FUZZ_SEED", "1"))
        self.rng = Random(self.seed)
        self.executions, self.failures = 0, {}
        self.began, self.memory = time.monotonic(), _peak_memory()

    def fail_with(self, kind, data):
        """Keep the first input of each kind of failure."""
        if len(self.failures) < MOST_FAILURES:
            self.failures.setdefault(kind, data)

    def check_no_failure(self, target):
        """Write the row of ``make fuzz``; show the failures with their inputs."""
        row = {
            "target": target,
            "executions": self.executions,
            "failures": {kind: str(data)[:500] for kind, data in self.failures.items()},
            "seconds": round(time.monotonic() - self.began, 1),
            "megabytes": _peak_memory() - self.memory,
        }
        folder = os.environ.get("FUZZ_FOLDER")
        if folder:
            path = Path(folder) / f"{target.replace(' ', '_')}.json"
            path.write_text(json.dumps(row))
        for kind, data in self.failures.items():
            with self.subTest(kind, seed=self.seed):
                self.fail(f"{kind}: {data!r}"[:2000])

    # ------------------------------------------------------------------
    # values
    # ------------------------------------------------------------------

    def junk(self, depth=0):
        """Return a value as a hostile client may send it in JSON."""
        rng = self.rng
        choice = rng.randrange(12 if depth < 3 else 6)
        if choice <= 5:
            return rng.choice(self.mutation.PLAIN)
        if choice <= 8:
            return [self.junk(depth + 1) for _ in range(rng.randrange(4))]
        if choice <= 10:
            keys = rng.choices(self.mutation.TEXTS, k=rng.randrange(4))
            return {key[:50]: self.junk(depth + 1) for key in keys}
        return self.rng.choice((list(range(5000)), _nested(60), [[]] * 500))


def _nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


def _peak_memory():
    """Return the most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
