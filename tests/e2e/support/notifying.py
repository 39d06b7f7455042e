"""Set-up for tests of notifications: mail server, switches, time."""

KINDS = ("mine", "others", "unassigned", "assigned")
SWITCHES = [f"{kind}_{way}" for kind in KINDS for way in ("desktop", "email")]


def ask_for(person, *switches):
    """Switch on these notifications of a person, and no others."""
    values = {f"messaging_notify_{name}": name in switches for name in SWITCHES}
    person.call("res.users", "action_messaging_save_notifications", [person.id], values)


def send_mail_through(admin, port):
    """Make this Odoo's only mail server."""
    ids = admin.call("ir.mail_server", "search", [])
    admin.call("ir.mail_server", "unlink", ids)
    values = {"name": "Test", "smtp_host": "127.0.0.1", "smtp_port": port}
    admin.call("ir.mail_server", "create", [values])


def give_address(admin, person):
    address = f"{person.login}@example.com"
    admin.call("res.users", "write", [person.id], {"email": address})
    return address


def doctor(person):
    answer = person.call("res.users", "messaging_notification_settings", [person.id])
    return answer["doctor"]
