"""The life of the addon in a database with data: install, upgrade, uninstall."""

import os
from pathlib import Path

import pytest

from tools.dev import databases
from tools.dev.postgres import postgres, psql

OLDER = Path(__file__).with_name("support") / "older_schema.sql"
NAME = f"e2e_life_{os.getpid()}"
OURS = "messaging_inbox"

# What is there before us.
WORK = """
group = env.ref("sales_team.group_sale_salesman")
for login in ("ana", "ben"):
    values = {"name": login, "login": login, "group_ids": [(6, 0, group.ids)]}
    env["res.users"].create(values)
env["crm.lead"].create({"name": "Forty bikes", "type": "opportunity"})
env.cr.commit()
"""
# What people make with us; the note is what linking leaves on a record.
USE = """
from odoo import Command
lead = env["crm.lead"].search([("name", "=", "Forty bikes")])
lead.message_post(body="What the customer wrote", subtype_xmlid="mail.mt_note")
account = env["messaging.account"].create({
    "name": "Twilio", "twilio_account_sid": "AC" + "1" * 32,
    "twilio_auth_token": "0" * 32, "state": "connected"})
channel = env["messaging.channel"].create({
    "name": "Shop", "account_id": account.id, "address": "+34600000001"})
conversation = env["messaging.conversation"].create({
    "channel_id": channel.id, "contact_name": "Customer", "lead_id": lead.id})
file = env["ir.attachment"].create({
    "name": "bike.txt", "raw": b"blue", "res_model": conversation._name,
    "res_id": conversation.id})
env["messaging.message"].create({
    "conversation_id": conversation.id, "channel_id": channel.id, "body": "Hello",
    "direction": "inbound", "state": "received",
    "attachment_ids": [Command.link(file.id)]})
conversation.action_close()
env["ir.filters"].create({
    "name": "Mine", "model_id": conversation._name, "domain": "[]"})
env["ir.exports"].create({
    "name": "Names", "resource": conversation._name,
    "export_fields": [Command.create({"name": "contact_name"})]})
env.cr.commit()
"""

# Queues and caches of Odoo, and the row that says that we could be installed again.
GROWS = {"bus_bus", "ir_cron_trigger", "ir_cron_progress", "orm_signaling_registry"}
GROWS |= {"ir_attachment", "ir_module_module", "ir_module_module_dependency"}
GROWS |= {"ir_model_data"}


def shell(code):
    databases.odoo(NAME, "shell", text=code)


def rows(sql):
    return set(psql(sql, NAME).splitlines())


def count(table, where="TRUE"):
    return int(psql(f"SELECT count(*) FROM {table} WHERE {where}", NAME))


def structure():
    """Return everything in the database that has a name."""
    return {
        "columns": rows(
            "SELECT table_name || '.' || column_name FROM information_schema.columns"
            " WHERE table_schema = 'public'"
        ),
        "indexes": rows("SELECT indexname FROM pg_indexes"),
        "functions": rows(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        ),
        "constraints": rows("SELECT conname FROM pg_constraint"),
        "parameters": rows("SELECT key FROM ir_config_parameter"),
        "models": rows("SELECT model FROM ir_model"),
        "names": rows(
            "SELECT module || '.' || name FROM ir_model_data"
            f" WHERE name <> 'module_{OURS}'"
        ),
        "crons": rows("SELECT cron_name FROM ir_cron"),
        "groups of menus": rows("SELECT menu_id, gid FROM ir_ui_menu_group_rel"),
        "implied groups": rows("SELECT gid, hid FROM res_groups_implied_rel"),
    }


def sizes():
    tables = rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return {table: count(table) for table in tables - GROWS}


def grown_since(before):
    now = sizes()
    grown = {table: now[table] - before.get(table, 0) for table in now}
    return {table: more for table, more in grown.items() if more > 0}


def check_upgraded(complete):
    """Check the names in the database, and the values that an upgrade derives."""
    now = structure()
    now["columns"].discard("messaging_conversation.opt_out_recorded")
    for what, names in complete.items():
        assert now[what] == names, what
    assert count("messaging_message", "file_names = 'bike.txt'") == 1
    assert count("messaging_account", "history_days = 30") == 1
    assert count("messaging_channel", "compared_until IS NOT NULL") == 1
    assert count("messaging_conversation", "state = 'closed'") == 1


@pytest.fixture(scope="module")
def database():
    with postgres():
        databases.ensure_template()
        databases.drop_database(NAME)
        psql(f'CREATE DATABASE "{NAME}" TEMPLATE template_crm')
        try:
            yield
        finally:
            databases.drop_database(NAME)


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("database")
def test_the_addon_installs_upgrades_from_an_older_schema_and_uninstalls():
    shell(WORK)
    before, sizes_before = structure(), sizes()

    databases.odoo(NAME, "-i", OURS, "--stop-after-init")
    agents = count("messaging_availability", "available")
    assert agents == 3, "ana, ben and the administrator"

    shell(USE)
    complete = structure()
    psql(OLDER.read_text(), NAME)
    notes = "model = 'crm.lead' AND body LIKE '%What the customer wrote%'"
    used = sizes()
    for _again in range(2):
        databases.odoo(NAME, "-u", OURS, "--stop-after-init")
        check_upgraded(complete)
    assert {table: size for table, size in sizes().items() if table in used} == used

    shell(
        f"env['ir.module.module'].search([('name', '=', '{OURS}')])"
        ".button_immediate_uninstall()\n"
    )
    assert count("bus_bus", "message LIKE '%messaging%' OR message LIKE '%bike%'") == 0
    after = structure()
    for what, names in before.items():
        assert after[what] == names, what
    assert grown_since(sizes_before) == {"mail_message": 1}
    assert count("mail_message", notes) == 1
    assert count("ir_attachment", "res_model LIKE 'messaging.%'") == 0
