"""Databases: templates that are built once, and copies of them.

A database's comment records what it was built from, so the two cannot disagree.
"""

import hashlib
import os
import re
import shutil

from tools.dev import odoo_source
from tools.dev.console import Problem, step
from tools.dev.locks import alone
from tools.dev.places import ADDON, FILESTORES, ODOO_CONFIG, VENV
from tools.dev.postgres import psql
from tools.dev.processes import environment, log_path, run_quietly

DEPENDENCIES = "crm,phone_validation"
ADDON_NAME = ADDON.name
NOT_LOADED = ("__pycache__", "tests")
FRESHEN = ADDON / "demo" / "freshen.sql"
# The bundles of pages and client tests, which Odoo would build at the first request
BUILD_ASSETS = """
for name in ("web.assets_frontend_minimal", "web.assets_frontend",
             "web.assets_frontend_lazy", "web.assets_web", "web.assets_web_print",
             "web.assets_unit_tests_setup", "web.assets_unit_tests"):
    bundle = env["ir.qweb"]._get_asset_bundle(name)
    bundle.js(), bundle.css()
env.cr.commit()
"""


def addon_hash():
    """Return a hash of all files that Odoo loads when it installs the addon."""
    digest = hashlib.sha256()
    for path in sorted(ADDON.rglob("*")):
        name = path.relative_to(ADDON)
        if path.is_file() and not set(NOT_LOADED) & set(name.parts):
            digest.update(f"{name}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _wanted():
    """Return what a database with the current addon is built from."""
    return f"{addon_hash()} {odoo_source.fingerprint()}"


def built_from(name):
    """Return what a database was built from; "" if unknown or without database."""
    sql = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname"
    return psql(f"{sql} = '{name}'")


def mark(name, built_from):
    psql(f"""COMMENT ON DATABASE "{name}" IS '{built_from}'""")


def exists(name):
    return bool(psql(f"SELECT 1 FROM pg_database WHERE datname = '{_checked(name)}'"))


def _checked(name):
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}", name):
        raise Problem(f"{name!r} is not a valid database name.")
    return name


def create_database(name, demo=False, assets=True):
    """Create a database with the addon installed, as a copy of the template.

    Without `assets`, the first page in a browser takes ten seconds longer.
    """
    drop_database(name)
    with alone("template"):
        template = _ensure_addon_template(demo, assets)
        _copy(template, name)
        mark(name, built_from(template))
    stay_at_home(name)
    if demo:
        psql(FRESHEN.read_text(), name)


def create_without_addon(name):
    """Create a database with the addon's dependencies only."""
    drop_database(name)
    with alone("template"):
        _copy(_ensure_base_template(demo=False), name)
    stay_at_home(name)


def stay_at_home(name):
    """Keep Odoo from calling services on the internet."""
    psql(
        "UPDATE ir_cron SET active = FALSE WHERE id IN (SELECT res_id"
        " FROM ir_model_data WHERE model = 'ir.cron'"
        " AND (module LIKE '%iap%' OR name = 'ir_cron_module_update_notification'));"
        " INSERT INTO ir_config_parameter (key, value) VALUES"
        " ('iap.endpoint', 'http://127.0.0.1:9'),"
        " ('iap.partner_autocomplete.endpoint', 'http://127.0.0.1:9')"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        name,
    )


def ensure_template(demo=False, assets=True):
    with alone("template"):
        _ensure_addon_template(demo, assets)


def drop_database(name):
    psql(f'DROP DATABASE IF EXISTS "{_checked(name)}" WITH (FORCE)')
    shutil.rmtree(FILESTORES / name, ignore_errors=True)


def _copy(source, target):
    psql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    shutil.rmtree(FILESTORES / target, ignore_errors=True)
    if (FILESTORES / source).exists():
        shutil.copytree(FILESTORES / source, FILESTORES / target)


def upgrade_database(name):
    """Upgrade the addon in a database if its files have changed."""
    wanted = _wanted()
    if built_from(name).startswith(wanted):
        return
    with step(f"Upgrading {ADDON_NAME} in {name}"):
        odoo(name, "-u", ADDON_NAME, "--stop-after-init")
        mark(name, wanted)


def odoo(name, *arguments, text=""):
    """Run Odoo on a database until it ends; warnings stay in the log."""
    command = [VENV / "bin" / "odoo", *arguments]
    command += ["--database", name, "--no-http", "--log-level=warn"]
    log = f"odoo-{name}"
    run_quietly(command, log, "Odoo failed", text=text, env=odoo_environment())
    _refuse_errors(log_path(log))


def _refuse_errors(log):
    """Raise for logged errors: Odoo skips demo data that fails, and exits with 0."""
    wrong = r".* (ERROR|CRITICAL) .*|.*demo data failed.*"
    found = re.search(wrong, log.read_text(errors="replace"))
    if found:
        raise Problem(f"Odoo complained: {found[0][:300]} (see {log})")


def odoo_environment():
    return environment(ODOO_RC=ODOO_CONFIG, MESSAGING_INBOX_DEVELOPER=1)


def _ensure_addon_template(demo, assets):
    name, wanted = _template_name("addon", demo), _wanted()
    if not built_from(name).startswith(wanted):
        base = _ensure_base_template(demo)
        with step(f"Installing {ADDON_NAME} in {name}"):
            drop_database(name)
            _copy(base, name)
            _install(name, ADDON_NAME, demo)
            mark(name, wanted)
    if assets and built_from(name) == wanted:
        with step(f"Building the web client in {name}"):
            odoo(name, "shell", text=BUILD_ASSETS)
            mark(name, f"{wanted} with assets")
    return name


def _ensure_base_template(demo):
    name, wanted = _template_name("crm", demo), odoo_source.fingerprint()
    if built_from(name) != wanted:
        with step(f"Installing Odoo's CRM in {name}"):
            drop_database(name)
            _install(name, DEPENDENCIES, demo)
            mark(name, wanted)
    return name


def _template_name(kind, demo):
    return f"template_{kind}{'_demo' if demo else ''}"


def _install(name, modules, demo):
    option = ["--with-demo"] if demo else []
    odoo(name, "-i", modules, *option, "--stop-after-init")


def drop_abandoned(prefix):
    """Drop databases whose process is dead; its id follows the prefix."""
    names = psql(f"SELECT datname FROM pg_database WHERE datname LIKE '{prefix}%'")
    for name in names.splitlines():
        number = name.removeprefix(prefix).partition("_")[0]
        if number.isdecimal() and not os.path.exists(f"/proc/{number}"):
            drop_database(name)
