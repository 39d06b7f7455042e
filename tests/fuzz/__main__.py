"""Run all targets for long, then the route and our methods in Odoo; print a table."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tools.dev.console import say
from tools.dev.packages import ensure_beside
from tools.dev.places import ADDON, DEV, ROOT
from tools.dev.processes import environment

sys.path.insert(0, str(ADDON))
from tests.fuzz.targets import TARGETS  # noqa: E402 - needs the path

# libFuzzer for Python. Not in requirements-dev.txt: it is large, and only for this.
LIBRARY = "atheris==3.0.0"
ATHERIS, FOLDER = DEV / "atheris", DEV / "fuzz"
EXECUTIONS = 10_000_000
# So many times as much as in make test.
ODOO_ROUNDS = 20
# More than a parser needs for the largest input; beyond, something is never freed.
MOST_MEGABYTES = 256
COLUMNS = ("target", "executions", "failures", "seconds", "megabytes")


def main() -> int:
    options = _options()
    if options.repeat:
        return repeat(options.only[0], options.repeat)
    ensure_beside(ATHERIS, LIBRARY)
    rows = [run(name, runs, options.seed) for name, runs in shares(options).items()]
    if not options.only:
        rows += in_odoo(options)
    say(table(rows))
    return int(any(is_bad(row) for row in rows))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--runs", type=int, default=EXECUTIONS, help="of all parsers")
    parser.add_argument("--rounds", type=int, default=ODOO_ROUNDS, help="in Odoo")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", choices=list(TARGETS), default=[])
    parser.add_argument("--repeat", type=Path, help="a stored input of --only TARGET")
    options = parser.parse_args()
    if options.repeat and len(options.only) != 1:
        parser.error("--repeat needs the target of the input: --only TARGET")
    return options


def repeat(name: str, path: Path) -> int:
    """Run one stored input; an exception shows where it fails."""
    TARGETS[name].run(path.read_bytes())
    say(f"{name} takes {path}.")
    return 0


def shares(options: argparse.Namespace) -> dict[str, int]:
    """Return how often each target runs: parsers ``--runs`` times altogether."""
    chosen = {name: TARGETS[name] for name in options.only or TARGETS}
    parsers = sum(t.share for name, t in chosen.items() if name.startswith("parse"))
    whole = parsers or sum(target.share for target in chosen.values())
    return {
        name: -(-options.runs * target.share // whole)
        for name, target in chosen.items()
    }


def run(name: str, runs: int, seed: int) -> dict[str, Any]:
    """Run one target in a process of its own; return its row of the table."""
    folder = FOLDER / name.replace(" ", "_")
    folder.mkdir(parents=True, exist_ok=True)
    result, log = folder / "result.json", folder / "log"
    result.unlink(missing_ok=True)
    say(f"{name}: {runs:,} executions, seed {seed}")
    arguments = [name, str(runs), str(seed), str(folder), str(result)]
    path = os.pathsep.join(map(str, (ATHERIS, ROOT)))
    with log.open("w") as output:
        status = subprocess.call(
            [sys.executable, "-m", "tests.fuzz.worker", *arguments],
            cwd=ROOT,
            env=environment(PYTHONPATH=path),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    row = json.loads(result.read_text()) if result.exists() else {"target": name}
    if status or row.get("executions", 0) < runs:
        # libFuzzer ends a process that hangs or takes too much memory.
        row.setdefault("failures", {})["stopped"] = str(log)
    return row


def in_odoo(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Run the fuzz tests of the addon for longer; return the rows that they wrote."""
    folder = FOLDER / "odoo"
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.json"):
        path.unlink()
    variables = {"FUZZ_ROUNDS": options.rounds, "FUZZ_SEED": options.seed}
    status = subprocess.call(
        [sys.executable, "-m", "tools.dev", "module", "-k", "TestFuzz"],
        cwd=ROOT,
        env=environment(FUZZ_FOLDER=folder, **variables),
    )
    rows = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    if status or not rows:
        rows.append({"target": "in Odoo", "failures": {"failed": "see above"}})
    return rows


def is_bad(row: dict[str, Any]) -> bool:
    return bool(row.get("failures")) or row.get("megabytes", 0) > MOST_MEGABYTES


def table(rows: list[dict[str, Any]]) -> str:
    """Return the rows as aligned text, with where each failing input is stored."""
    lines = [COLUMNS, *(_cells(row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(COLUMNS))]
    text = "\n".join(
        "  ".join(
            [line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]
        ).rstrip()
        for line in lines
    )
    failures = [
        f"{row['target']}: {kind}: {path}"
        for row in rows
        for kind, path in row.get("failures", {}).items()
    ]
    return "\n".join(["", text, *failures])


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        row["target"],
        f"{row.get('executions', 0):,}",
        str(len(row.get("failures", {}))),
        f"{row.get('seconds', 0):,.0f}",
        str(row.get("megabytes", "")),
    )


if __name__ == "__main__":
    sys.exit(main())
