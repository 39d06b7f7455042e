"""The set-up that every command needs first."""

from tools.dev.locks import alone
from tools.dev.odoo_source import ensure_odoo
from tools.dev.packages import ensure_packages


def set_up():
    with alone("setup"):
        ensure_packages()
        ensure_odoo()
