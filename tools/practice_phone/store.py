"""The phone's data, kept in memory and optionally in one file."""

import copy
import json
import os
import secrets
import shutil
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from . import demo, demo_templates
from .errors import Refused
from .model import (
    Account,
    BusinessAccount,
    Content,
    Conversation,
    Customer,
    Line,
    Media,
    Message,
    MetaTemplate,
    Service,
    is_bsuid,
    is_phone,
)

TABLES = {
    "accounts": lambda values: Account(**values),
    "lines": lambda values: Line(**values),
    "customers": lambda values: Customer(**values),
    "messages": Message.load,
    "conversations": lambda values: Conversation(**values),
    "contents": lambda values: Content(**values),
    "services": lambda values: Service(**values),
    "businesses": lambda values: BusinessAccount(**values),
    "templates": lambda values: MetaTemplate(**values),
    # Files uploaded but not yet sent
    "uploads": lambda values: Media(**values),
}


class Store:
    def __init__(self, path=None):
        self.path = Path(path) if path else None
        self.listeners = []
        self.dirty = False
        self._folder = None
        self.clear()
        self.add_demo()
        self._load()

    # -- keeping -----------------------------------------------------------

    def clear(self):
        for table in TABLES:
            setattr(self, table, {})

    def reset(self, everything):
        kept = {
            name: getattr(self, name) for name in ("accounts", "lines", "businesses")
        }
        self.clear()
        self.drop_media()
        self.add_demo()
        if not everything:
            vars(self).update(kept)
        self.changed("reload", None)

    def add_demo(self):
        self.add_demo_accounts()
        self._add_demo_contents()
        for values in demo.CUSTOMERS:
            self.add_customer(**values)

    def add_demo_accounts(self):
        """Add the demo accounts that an older state file lacks."""
        if demo.ACCOUNT_SID not in self.accounts:
            account = Account(demo.ACCOUNT_SID, demo.AUTH_TOKEN, "Practice account")
            account.api_keys[demo.API_KEY_SID] = demo.API_KEY_SECRET
            self.accounts[account.sid] = account
            for sid, kind, address, name in demo.LINES:
                self.lines[sid] = Line(sid, account.sid, kind, address, name)
        if demo.META_APP_ID not in self.accounts:
            app = Account(demo.META_APP_ID, demo.META_APP_SECRET, "Practice app")
            app.provider, app.access_token = "meta", demo.META_ACCESS_TOKEN
            app.scopes = list(demo.META_SCOPES)
            self.accounts[app.sid] = app
            for values in demo.META_LINES:
                self.lines[values["sid"]] = Line(account_sid=app.sid, **values)

        if demo.CLOUD_APP_ID not in self.accounts:
            self._add_demo_cloud()

    def _add_demo_cloud(self):
        """Add the app with a WhatsApp Business Account, its number and templates."""
        app = Account(demo.CLOUD_APP_ID, demo.CLOUD_APP_SECRET, "Practice WhatsApp app")
        app.provider, app.access_token = "whatsapp_cloud", demo.CLOUD_ACCESS_TOKEN
        app.scopes = list(demo.CLOUD_SCOPES)
        self.accounts[app.sid] = app
        business = BusinessAccount(account_sid=app.sid, **demo.CLOUD_BUSINESS)
        self.businesses[business.sid] = business
        for values in demo.CLOUD_LINES:
            self.lines[values["sid"]] = Line(account_sid=app.sid, **values)
        self._add_demo_templates()

    def _add_demo_templates(self):
        for values in demo_templates.CLOUD_TEMPLATES:
            template = MetaTemplate(
                business_sid=demo.CLOUD_BUSINESS["sid"], **copy.deepcopy(values)
            )
            self.templates[template.sid] = template

    def _add_demo_contents(self):
        for values in demo_templates.TEMPLATES:
            content = Content(account_sid=demo.ACCOUNT_SID, **copy.deepcopy(values))
            self.contents[content.sid] = content

    def changed(self, kind, thing):
        """Report a change, so that the file and the open pages follow."""
        self.dirty = True
        for listener in self.listeners:
            listener(kind, thing)

    def save(self):
        if not (self.path and self.dirty):
            return
        self.dirty = False
        tables = {
            table: {key: asdict(row) for key, row in getattr(self, table).items()}
            for table in TABLES
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".tmp")
        draft.write_text(json.dumps(tables), encoding="utf-8")
        os.replace(draft, self.path)

    def _load(self):
        if not (self.path and self.path.exists()):
            return
        try:
            tables = json.loads(self.path.read_text(encoding="utf-8"))
            for table, load in TABLES.items():
                rows = tables.get(table, {}).items()
                setattr(self, table, {key: load(row) for key, row in rows})
            self.add_demo_accounts()
            if "contents" not in tables:
                self._add_demo_contents()
        except (ValueError, KeyError, TypeError, AttributeError):
            self._start_over()

    def _start_over(self):
        aside = self.path.with_suffix(".unreadable")
        os.replace(self.path, aside)
        print(
            f"The phone's state file was unreadable: kept as {aside}, started afresh."
        )
        self.clear()
        self.add_demo()

    # -- files -------------------------------------------------------------

    @property
    def folder(self):
        """Return the media folder: beside the state file, or temporary without one."""
        if not self._folder and self.path:
            self._folder = self.path.with_suffix(".media")
        elif not self._folder:
            self._folder = Path(tempfile.mkdtemp(prefix="practice-phone-"))
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder

    def write_media(self, media, content):
        media.size = len(content)
        (self.folder / media.sid).write_bytes(content)
        return media

    def media_path(self, media):
        return self.folder / media.sid

    def drop_media(self):
        if self._folder or self.path:
            shutil.rmtree(self.folder, ignore_errors=True)

    def close(self):
        self.save()
        if not self.path:
            self.drop_media()

    # -- finding -----------------------------------------------------------

    def line(self, name):
        """Return a line by its sid, or by its address with or without `kind:`."""
        for line in self.lines.values():
            if name in (line.sid, f"{line.kind}:{line.address}"):
                return line
        same = [line for line in self.lines.values() if line.address == name]
        if len(same) == 1:
            return same[0]
        raise Refused(f"There is no line {name!r}.", 404)

    def line_at(self, account_sid, kind, address):
        wanted = (account_sid, kind, address)
        for line in self.lines.values():
            if (line.account_sid, line.kind, line.address) == wanted:
                return line
        return None

    def customer(self, name):
        """Return a customer by id, phone, business-scoped id or page-scoped id."""
        if name in self.customers:
            return self.customers[name]
        found = self.customer_at(name)
        if not found:
            raise Refused(f"There is no customer {name!r}.", 404)
        return found

    def customer_at(self, address):
        for customer in self.customers.values():
            known = (customer.phone, customer.bsuid, *customer.ids.values())
            if address and address in known:
                return customer
        return None

    def scoped_id(self, customer, line):
        """Return the id by which a Page or Instagram account knows a customer."""
        if line.sid not in customer.ids:
            customer.ids[line.sid] = str(secrets.randbelow(9 * 10**15) + 10**15)
            self.changed("customer", customer)
        return customer.ids[line.sid]

    def message(self, sid):
        if sid not in self.messages:
            raise Refused(f"There is no message {sid!r}.", 404)
        return self.messages[sid]

    def conversation(self, line_sid, customer_id):
        key = f"{line_sid}/{customer_id}"
        if key not in self.conversations:
            self.conversations[key] = Conversation(line_sid, customer_id)
        return self.conversations[key]

    def conversation_of(self, message):
        return self.conversation(message.line_sid, message.customer_id)

    def content(self, name):
        """Return a template by its sid, or by its name if only one has it."""
        if name in self.contents:
            return self.contents[name]
        same = [each for each in self.contents.values() if each.friendly_name == name]
        if len(same) == 1:
            return same[0]
        raise Refused(f"There is no template {name!r}.", 404)

    def template(self, name):
        """Return Meta's template by its id, or by its name if only one has it."""
        if name in self.templates:
            return self.templates[name]
        same = [each for each in self.templates.values() if each.name == name]
        if len(same) == 1:
            return same[0]
        raise Refused(f"There is no template {name!r}.", 404)

    def service(self, sid):
        if sid not in self.services:
            raise Refused(f"There is no Messaging Service {sid!r}.", 404)
        return self.services[sid]

    def service_of(self, line):
        """Return the Messaging Service that a line belongs to, or None."""
        services = self.services.values()
        return next((each for each in services if line.sid in each.line_sids), None)

    def media(self, sid):
        for message in self.messages.values():
            for media in message.media:
                if media.sid == sid:
                    return message, media
        return None, None

    # -- changing ----------------------------------------------------------

    def add_customer(self, name, phone="", bsuid="", read_receipts=True, **rest):
        """Add a customer; without phone and bsuid only Meta's lines can reach them."""
        ids = rest.get("ids") or {}
        if not (name or phone or bsuid or ids):
            raise Refused("A customer needs a name, a phone number or an id.")
        if phone and not is_phone(phone):
            raise Refused(f"{phone!r} is no phone number like +34600100101.")
        if bsuid and not is_bsuid(bsuid):
            raise Refused(f"{bsuid!r} is no business-scoped id like ES.4566546130.")
        addresses = [each for each in (phone, bsuid, *ids.values()) if each]
        for address in addresses:
            if self.customer_at(address):
                raise Refused(f"Another customer already has {address}.", 409)
        name = name or addresses[0]
        customer = Customer(name, phone, bsuid, bool(read_receipts), **rest)
        self.customers[customer.id] = customer
        self.changed("customer", customer)
        return customer

    def remove_customer(self, customer):
        """Remove the customer with all messages."""
        for table in ("messages", "conversations"):
            rows = getattr(self, table).items()
            kept = {key: row for key, row in rows if row.customer_id != customer.id}
            setattr(self, table, kept)
        del self.customers[customer.id]
        self.changed("reload", None)

    def reset_console(self):
        """Restore the initial templates; remove services and shared keys."""
        self.services = {}
        self._add_demo_contents()
        self._add_demo_templates()
        for account in self.accounts.values():
            account.shared_key = {}
        self.changed("reload", None)

    def remove_content(self, content):
        del self.contents[content.sid]
        self.changed("reload", None)

    def add_message(self, message):
        self.messages[message.sid] = message
        if message.direction == "inbound":
            conversation = self.conversation_of(message)
            last = max(conversation.last_inbound_at, message.created_at)
            conversation.last_inbound_at = last
            self.changed("conversation", conversation)
        self.changed("message", message)
        return message

    def update(self, message, **values):
        if message.sid not in self.messages:
            return
        for name, value in values.items():
            setattr(message, name, value)
        message.updated_at = time.time()
        self.changed("message", message)
