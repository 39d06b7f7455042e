"""Who and what the conversations are about: companies, users, accounts, channels, tags.

Odoo makes them itself, in its shell, where ``make_cast`` runs.
"""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tools.dev import databases
from tools.dev.places import ROOT

# The administrator is the first one. Logins are agent01, agent02, …
AGENTS = 50
LOGIN, PASSWORD = "agent{:02}", "agent"
# These joined lately; by their number, how many days ago.
NEWCOMERS = {45: 240, 46: 120, 47: 60, 48: 20, 49: 5}
# Company, provider, the number of the installer and of the channels of each kind. An
# installer other than the administrator is a user with private channels.
ACCOUNTS = (
    (0, "twilio", 0, {"whatsapp": 3, "sms": 2}),
    (0, "whatsapp_cloud", 0, {"whatsapp": 2}),
    (0, "messenger", 0, {"messenger": 2, "instagram": 1}),
    (0, "twilio", 6, {"whatsapp": 1}),
    (1, "twilio", 0, {"whatsapp": 2, "sms": 1}),
    (1, "whatsapp_cloud", 0, {"whatsapp": 1}),
    (1, "messenger", 0, {"messenger": 2, "instagram": 1}),
    (1, "twilio", 12, {"whatsapp": 1}),
    (1, "twilio", 17, {"sms": 1}),
)
CREDENTIALS = {
    "twilio": {
        "twilio_account_sid": "ACf111000000000000000000000000{:04}",
        "twilio_auth_token": "f111000000000000000000000000ffff",
    },
    "whatsapp_cloud": {
        "whatsapp_app_id": "1{:04}",
        "whatsapp_app_secret": "f111000000000000000000000000{:04}",
    },
    "messenger": {
        "meta_app_id": "2{:04}",
        "meta_app_secret": "f111000000000000000000000000{:04}",
    },
}
TAGS = ("Offer", "Repair", "Complaint", "VIP", "Supplier", "Return", "Lease", "Fleet")
# They would ask a provider on the internet about these accounts.
CRONS = ("fetch_profiles", "fetch_history", "sync_templates", "check_health")
SCRIPT = """
import sys
sys.path.insert(0, {root!r})
from benchmarks.filling.cast import make_cast
make_cast(env, {path!r})
env.cr.commit()
"""


@dataclass(frozen=True)
class Channel:
    """``agents``: the ids of all users who may see it, in the order of AGENTS."""

    id: int
    kind: str
    provider: str
    company_id: int
    agents: tuple


@dataclass(frozen=True)
class Cast:
    """``agents`` are ids; tags, contacts and leads are by company.

    ``joined``: how many seconds ago the newcomers joined, by id. A contact and the
    leads are examples, from which others are copied.
    """

    agents: tuple
    joined: dict
    channels: tuple
    tags: dict
    contacts: dict
    leads: dict


def cast_of(database):
    """Make the cast of a database and return it."""
    with tempfile.NamedTemporaryFile("r", suffix=".json") as file:
        script = SCRIPT.format(root=str(ROOT), path=file.name)
        databases.odoo(database, "shell", text=script)
        return read_cast(json.load(file))


def read_cast(values):
    """Return the Cast of what ``make_cast`` wrote."""
    agents = tuple(values["agents"])
    by_company = {
        name: {int(company): ids for company, ids in values[name].items()}
        for name in ("tags", "contacts", "leads")
    }
    return Cast(
        agents=agents,
        joined={agents[n]: days * 86400 for n, days in NEWCOMERS.items()},
        channels=tuple(
            Channel(**{**channel, "agents": tuple(channel["agents"])})
            for channel in values["channels"]
        ),
        **by_company,
    )


# ----------------------------------------------------------------------
# in Odoo's shell
# ----------------------------------------------------------------------


def make_cast(env, path):
    """Make all records as the administrator, and write their ids to a file."""
    env = env(user=env.ref("base.user_admin"))
    for name in CRONS:
        env.ref(f"messaging_inbox.ir_cron_{name}").active = False
    companies = env.company | env["res.company"].create({"name": "Second company"})
    env.user.company_ids |= companies
    env = env(context={**env.context, "allowed_company_ids": companies.ids})
    agents = _make_agents(env, companies)
    channels = _make_channels(env, companies, agents)
    values = {
        "agents": agents.ids,
        "channels": [_channel_values(channel, agents) for channel in channels],
        "tags": _make_tags(env, companies),
        "contacts": {c.id: _make_contact(env, c).id for c in companies},
        "leads": {c.id: _make_leads(env, c).ids for c in companies},
    }
    Path(path).write_text(json.dumps(values))


def _make_agents(env, companies):
    """Return 50 Agents: the administrator, and salespeople of one or both companies."""
    group = env.ref("sales_team.group_sale_salesman_all_leads")
    first, second = companies.ids
    several = [[first], [first], [second], [first, second], [first, second]]
    several = [several[number % 5] for number in range(1, AGENTS)]
    quiet = env["res.users"].with_context(no_reset_password=True, tracking_disable=True)
    agents = quiet.create(
        [
            {
                "name": f"Agent {number:02}",
                "login": LOGIN.format(number),
                "group_ids": [(4, group.id)],
                "company_id": company_ids[0],
                "company_ids": [(6, 0, company_ids)],
                "tz": "Europe/Madrid",
            }
            for number, company_ids in enumerate(several, 1)
        ]
    )
    _set_passwords(env, agents)
    return env.user | agents


def _set_passwords(env, agents):
    """Hash the password once: each time takes a fraction of a second."""
    agents[0].password = PASSWORD
    env.flush_all()
    env.cr.execute(
        "UPDATE res_users SET password = first.password FROM res_users AS first"
        " WHERE first.id = %s AND res_users.id = ANY(%s)",
        [agents[0].id, agents.ids],
    )


def _make_channels(env, companies, agents):
    channels = env["messaging.channel"].sudo()
    for number, (place, provider, installer, kinds) in enumerate(ACCOUNTS):
        user = agents[installer]
        secrets = CREDENTIALS[provider]
        # sudo: messaging.account - the installer of a private channel is no manager
        account = env["messaging.account"].with_user(user).sudo()
        account = account.create(
            {
                "name": f"{provider} {number}",
                "provider": provider,
                "company_id": companies[place].id,
                "state": "connected",
                **{name: text.format(number) for name, text in secrets.items()},
            }
        )
        for kind, count in kinds.items():
            channels += account.env["messaging.channel"].create(
                [
                    {
                        "name": f"{kind.title()} {number}.{n}",
                        "account_id": account.id,
                        "kind": kind,
                        "address": _address(kind, 10 * number + n),
                        "visibility": "private" if installer else "shared",
                    }
                    for n in range(count)
                ]
            )
    return channels


def _address(kind, number):
    by_number = kind in ("whatsapp", "sms")
    return f"+34930{number:06}" if by_number else f"10403020{number:07}"


def _channel_values(channel, agents):
    visible = channel._users_with_access()
    return {
        "id": channel.id,
        "kind": channel.kind,
        "provider": channel.account_id.provider,
        "company_id": channel.company_id.id,
        "agents": [agent.id for agent in agents if agent in visible],
    }


def _make_tags(env, companies):
    """Return the ids of the tags of each company; every other one belongs to both."""
    tags = env["messaging.tag"].create(
        [
            {"name": name, "company_id": not number % 2 and owner.id, "color": number}
            for number, name in enumerate(TAGS, 1)
            for owner in (companies if not number % 2 else companies[0])
        ]
    )
    return {
        company.id: [tag.id for tag in tags if tag.company_id <= company]
        for company in companies
    }


def _make_contact(env, company):
    return env["res.partner"].create({"name": "Example", "company_id": company.id})


def _make_leads(env, company):
    """Return a lead, a deal and a won deal."""
    won = env["crm.stage"].search([("is_won", "=", True)], limit=1)
    types = ({"type": "lead"}, {"type": "opportunity"})
    types += ({"type": "opportunity", "stage_id": won.id},)
    leads = env["crm.lead"].with_company(company)
    common = {"name": "Example", "company_id": company.id, "user_id": False}
    return leads.create([{**common, **values} for values in types])
