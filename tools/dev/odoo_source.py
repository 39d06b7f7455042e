"""Odoo 19: from ODOO_PATH, or Debian's package, unpacked."""

import hashlib
import os
import re
import shutil
from pathlib import Path

from tools.dev import apt
from tools.dev.console import Problem, step
from tools.dev.places import (
    ODOO_CONFIG,
    ODOO_DATA,
    ODOO_UNPACKED,
    ROOT,
    VENV,
    python,
    site_packages,
)

WEB_PARTS = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-font-awesome",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
)
# The manifest of mail names it, but Debian leaves it out (it is not free software)
MISSING_ASSET = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def ensure_odoo():
    """Make `import odoo` and the command `odoo` work in the virtual environment."""
    source = _given() or _debian()
    _check_version(source)
    _write(site_packages() / "odoo.pth", f"{source}\n")
    command = VENV / "bin" / "odoo"
    _write(command, f"#!{python()}\nimport odoo.cli\n\nodoo.cli.main()\n")
    command.chmod(0o755)
    _write(ODOO_CONFIG, _config(source))


def _write(path, text):
    """Write only if the text changed: other processes may be reading the file."""
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def _given():
    path = os.environ.get("ODOO_PATH")
    if not path:
        return None
    base = Path(path).expanduser().resolve()
    for source in (base, base / "usr/lib/python3/dist-packages"):
        if (source / "odoo" / "release.py").exists():
            return source
    raise Problem(f"ODOO_PATH={path} contains no Odoo: odoo/release.py is missing.")


def _debian():
    source = ODOO_UNPACKED / "usr/lib/python3/dist-packages"
    if source.exists():
        return source
    if not apt.is_debian():
        raise Problem(
            "Odoo can be downloaded on Debian 12 and 13 only. Elsewhere set ODOO_PATH"
            " to the source of Odoo 19."
        )
    with step("Downloading Odoo 19 (Debian's package, 120 MB)"):
        _unpack()
    return source


def _unpack():
    partial = ODOO_UNPACKED.with_name("odoo.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    # The web parts come from the machine's release: unstable's Font Awesome is too new
    apt.unpack(partial, own=WEB_PARTS, unstable=["odoo-19"])
    asset = partial / "usr/lib/python3/dist-packages" / MISSING_ASSET
    asset.parent.mkdir(parents=True, exist_ok=True)
    asset.touch()
    partial.rename(ODOO_UNPACKED)


def _check_version(source):
    release = (source / "odoo" / "release.py").read_text()
    found = re.search(r"^version_info = \(([^,]+), (\d+)", release, re.MULTILINE)
    version = ".".join(found.groups()) if found else "unknown"
    if version != "19.0":
        raise Problem(f"Odoo 19.0 is required, but {source} is Odoo {version}.")


def fingerprint():
    """Return a hash of the Odoo that databases are built with: path and date."""
    source = Path((site_packages() / "odoo.pth").read_text().strip())
    release = source / "odoo" / "release.py"
    mark = f"{release} {release.stat().st_mtime}"
    return hashlib.sha256(mark.encode()).hexdigest()


def _config(source):
    paths = [str(path) for path in (*_addons(source), ROOT)]
    return (
        "[options]\n"
        f"addons_path = {','.join(paths)}\n"
        f"data_dir = {ODOO_DATA}\n"
        "list_db = False\n"
        "http_interface = 127.0.0.1\n"
    )


def _addons(source):
    """Return the addons folders: one where Odoo is installed, two in its repository."""
    inside, beside = source / "odoo" / "addons", source / "addons"
    return [inside] if (inside / "web").exists() else [beside, inside]
