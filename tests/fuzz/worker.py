"""One target in a process of its own: libFuzzer calls it until it has run enough.

``python -m tests.fuzz.worker NAME RUNS SEED FOLDER RESULT`` writes to RESULT what it
did, as JSON. A failing input doesn't stop it: it is stored in FOLDER/failures.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "messaging_inbox"))
with atheris.instrument_imports(include=["providers"]):
    from tests.fuzz.targets import TARGETS
from tests.fuzz.run import Run  # noqa: E402 - after the instrumented imports

LONGEST_INPUT = 64 * 1024


def main(name: str, runs: str, seed: str, folder: str, result: str) -> None:
    target, paths = TARGETS[name], map(Path, (folder, result))
    run = Run(name, target, int(runs), int(seed), *paths)
    corpus = run.folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for data in run.target.seeds:
        (corpus / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    options = {
        "seed": run.seed,
        "max_len": LONGEST_INPUT,
        "timeout": 10,
        "rss_limit_mb": 2048,
        "verbosity": 0,
        "artifact_prefix": f"{run.folder}/",
    }
    flags = [f"-{name}={value}" for name, value in options.items()]
    atheris.Setup(
        [sys.argv[0], *flags, str(corpus)], run.once, custom_mutator=run.mutate
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
