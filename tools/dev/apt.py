"""Unpacks Debian packages into a directory, without root or changes to the system."""

import platform
import re
import shutil
import subprocess
from pathlib import Path

from tools.dev.console import Problem
from tools.dev.places import DEV
from tools.dev.processes import environment, run_quietly

PRIVATE = DEV / "apt"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring")


def is_debian():
    return bool(shutil.which("apt-get")) and _release().get("ID") == "debian"


def _release():
    try:
        return platform.freedesktop_os_release()
    except OSError:
        return {}


def unpack(target, own=(), unstable=()):
    """Unpack packages from the machine's own release and unstable into `target`."""
    suites = [_release()["VERSION_CODENAME"], *(["sid"] if unstable else [])]
    try:
        _prepare_private_apt(suites)
        _download(suites, own, unstable)
        for package in sorted((PRIVATE / "debs").glob("*.deb")):
            command = ["dpkg-deb", "--extract", package, target]
            run_quietly(command, "apt", f"Could not unpack {package.name}")
    finally:
        shutil.rmtree(PRIVATE, ignore_errors=True)


def _prepare_private_apt(suites):
    shutil.rmtree(PRIVATE, ignore_errors=True)
    for name in ("lists/partial", "cache/archives/partial", "debs"):
        (PRIVATE / name).mkdir(parents=True)
    (PRIVATE / "status").touch()
    mirror = _mirror(suites[0])
    signed = next(
        (f for f in map(KEYRING.with_suffix, (".gpg", ".pgp")) if f.exists()), ""
    )
    option = f"[signed-by={signed}] " if signed else ""
    lines = [f"deb {option}{mirror} {suite} main\n" for suite in suites]
    (PRIVATE / "sources.list").write_text("".join(lines))


def _mirror(codename):
    """Return the Debian mirror of the machine's apt, which may never have updated."""
    command = ["apt-get", *_options(lists_only=True), "update", "--print-uris"]
    output = subprocess.run(command, capture_output=True, text=True, env=environment())
    found = re.search(rf"'(\S+?)/dists/{codename}/InRelease'", output.stdout)
    if not found:
        raise Problem(f"apt knows no Debian mirror for {codename}: set ODOO_PATH.")
    return found[1]


def _options(lists_only=False):
    own = {"Dir::State::lists": PRIVATE / "lists", "APT::Sandbox::User": "root"}
    if not lists_only:
        own |= {
            "Dir::Etc::sourcelist": PRIVATE / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Cache": PRIVATE / "cache",
            "Dir::State::status": PRIVATE / "status",
            # A mirror may lag behind, but its packages are signed all the same
            "Acquire::Check-Valid-Until": "false",
            "APT::Update::Error-Mode": "any",
            "Acquire::Retries": 1,
            "Acquire::http::Timeout": 20,
        }
    return [part for name, value in own.items() for part in ("-o", f"{name}={value}")]


def _download(suites, own, unstable):
    problem = "apt could not get Odoo's Debian packages (is there a network?)"
    run_quietly(["apt-get", *_options(), "update"], "apt", problem)
    for suite, names in ((suites[0], own), (suites[-1], unstable)):
        preferred = ["--target-release", suite, "download", *names]
        command = ["apt-get", *_options(), *preferred]
        if names:
            run_quietly(command, "apt", problem, cwd=PRIVATE / "debs")


def install(*names):
    """Install into the system: only as root, and only what cannot be unpacked."""
    problem = f"apt-get could not install {' '.join(names)}"
    quiet = environment(DEBIAN_FRONTEND="noninteractive")
    run_quietly(["apt-get", "update"], "apt", problem, env=quiet)
    command = ["apt-get", "install", "-y", "--no-install-recommends", *names]
    run_quietly(command, "apt", problem, env=quiet)
