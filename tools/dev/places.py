"""Paths."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDON = ROOT / "messaging_inbox"

DEV = ROOT / ".dev"
LOGS = DEV / "log"
VENV = DEV / "venv"
VENV_LINT = DEV / "venv-lint"
NODE_MODULES = ROOT / "node_modules"
ODOO_UNPACKED = DEV / "odoo"
ODOO_CONFIG = DEV / "odoo.conf"
ODOO_DATA = DEV / "data"
FILESTORES = ODOO_DATA / "filestore"
POSTGRES = DEV / "postgres"
LOCKS = DEV / "lock"
# What the last `make faults` has found
FAULTS_TABLE = DEV / "faults.txt"


def python(venv=VENV):
    return venv / "bin" / "python"


def site_packages(venv=VENV):
    return next((venv / "lib").glob("python3*/site-packages"))
