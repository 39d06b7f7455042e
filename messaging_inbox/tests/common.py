"""Shared set-up of the module tests: users, channels and a scripted provider."""

import json
from itertools import count
from unittest.mock import patch
from urllib.parse import urlsplit

from twilio.request_validator import RequestValidator

from odoo.tests import HttpCase, TransactionCase, new_test_user

from odoo.addons.messaging_inbox.models.account.account import MessagingAccount
from odoo.addons.messaging_inbox.providers.events import WebhookRequest

from .scripted import ScriptedSession, accepted

ACCOUNT_SID = "AC" + "0" * 32
TOKEN = "an auth token of 32 characters.."
WHATSAPP = "+34600000001"
SMS = "+34600000002"
PRIVATE = "+34600000003"
CUSTOMER = "+34611111111"
AGENT = "messaging_inbox.group_messaging_user"
MANAGER = "messaging_inbox.group_messaging_manager"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


class MessagingMixin:
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_people()
        cls._make_channels()
        cls.sids = count(1)
        cls._script_provider()

    @classmethod
    def _make_people(cls):
        cls.company = cls.env.company
        cls.other_company = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.installer = cls._user("installer", AGENT)
        cls.agent = cls._user("agent", AGENT)
        cls.colleague = cls._user("colleague", AGENT)
        cls.manager = cls._user("manager", MANAGER)
        cls.system = cls._user("system", "base.group_system")
        cls.employee = cls._user("employee", "base.group_user")
        cls.portal = cls._user("portal", "base.group_portal")
        elsewhere = {
            "company_id": cls.other_company.id,
            "company_ids": [(6, 0, cls.other_company.ids)],
        }
        cls.stranger = cls._user("stranger", MANAGER, **elsewhere)

    @classmethod
    def _user(cls, login, groups, **values):
        return new_test_user(
            cls.env, f"messaging_{login}", groups, name=login.title(), **values
        )

    @classmethod
    def _make_channels(cls):
        # sudo keeps the user: the creator of an account is its installer
        account = cls.env["messaging.account"].with_user(cls.installer).sudo()
        cls.account = account.create(
            {
                "name": "Twilio",
                "twilio_account_sid": ACCOUNT_SID,
                "twilio_auth_token": TOKEN,
                "state": "connected",
            }
        ).with_env(cls.env)
        cls.whatsapp = cls._channel("whatsapp", WHATSAPP)
        cls.sms = cls._channel("sms", SMS)
        cls.private = cls._channel("whatsapp", PRIVATE, visibility="private")

    @classmethod
    def _channel(cls, kind, address, **values):
        return cls.env["messaging.channel"].create(
            {
                "name": f"{kind} {address}",
                "account_id": cls.account.id,
                "kind": kind,
                "address": address,
                **values,
            }
        )

    @classmethod
    def _script_provider(cls):
        """Hand each adapter our session: no test reaches a network."""
        cls.http = ScriptedSession()
        original = MessagingAccount._provider

        def scripted(account, http=None):
            return original(account, http or cls.http)

        cls.startClassPatcher(patch.object(MessagingAccount, "_provider", scripted))

    def setUp(self):
        super().setUp()
        self.http.requests, self.http.answers = [], []
        # Read by the webhook in every test: never a leftover of the test before.
        self.env.registry.clear_cache()

    # ------------------------------------------------------------------
    # actions of customers and the provider
    # ------------------------------------------------------------------

    def next_sid(self, prefix="SM"):
        return f"{prefix}{next(self.sids):032x}"

    def inbound_form(self, body="Hello", sender=CUSTOMER, channel=None, **fields):
        """Return Twilio's fields of a customer's message."""
        channel = channel or self.whatsapp
        scheme = "whatsapp:" if channel.kind == "whatsapp" else ""
        form = {
            "MessageSid": self.next_sid(),
            "AccountSid": ACCOUNT_SID,
            "From": scheme + sender,
            "To": scheme + channel.address,
            "Body": body,
            "NumMedia": "0",
            "SmsStatus": "received",
        }
        if channel.kind == "whatsapp":
            form.update(ProfileName="Ana", MessageType="text")
        form.update(fields)
        return {name: value for name, value in form.items() if value is not None}

    def media_form(self, *types, **fields):
        """Return Twilio's fields of a message with files."""
        root = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}/Messages"
        media = {"NumMedia": str(len(types)), "MessageType": "image"}
        for index, content_type in enumerate(types):
            sid = self.next_sid("ME")
            media[f"MediaUrl{index}"] = f"{root}/{'MM' + '0' * 32}/Media/{sid}"
            media[f"MediaContentType{index}"] = content_type
        return self.inbound_form(**{"body": "", **media, **fields})

    def status_form(self, message_id, status, channel=None, **fields):
        """Return Twilio's fields of a status callback."""
        channel = channel or self.whatsapp
        scheme = "whatsapp:" if channel.kind == "whatsapp" else ""
        return {
            "MessageSid": message_id,
            "MessageStatus": status,
            "AccountSid": ACCOUNT_SID,
            "From": scheme + channel.address,
            "To": scheme + CUSTOMER,
            **fields,
        }

    def process(self, *forms, reference=""):
        """Process forms as the webhook would, as one request."""
        query = (("m", reference),) if reference else ()
        provider = self.account._provider()
        webhooks = [
            WebhookRequest("POST", urls=(), form=tuple(form.items()), query=query)
            for form in forms
        ]
        events = [event for webhook in webhooks for event in provider.parse(webhook)]
        self.env.flush_all()
        ingest = self.env["messaging.ingest"].sudo()
        ingest._receive_request(self.account.id, webhooks[0], events)
        self.env.invalidate_all()

    def receive(self, body="Hello", **fields):
        """Let a customer write; return the message."""
        form = self.inbound_form(body, **fields)
        self.process(form)
        return self.message_of(form)

    def message_of(self, form):
        return self.env["messaging.message"].search(
            [("provider_message_id", "=", form["MessageSid"])]
        )

    def conversation(self, body="Hello", user=None, **fields):
        """Return a conversation that a customer began, as the given user sees it."""
        conversation = self.receive(body, **fields).conversation_id
        return conversation.with_user(user or self.agent)

    def customers(self, number, **options):
        """Return conversations of that many customers, the oldest first."""
        found = self.env["messaging.conversation"]
        for _ in range(number):
            sender = f"+3461{next(self.sids):07d}"
            found += self.conversation(sender=sender, **options)
        return found.with_user(self.agent)

    def message(self, ids):
        return self.env["messaging.message"].browse(ids)

    def send_queued(self, *answers):
        """Send queued messages; the provider gives these answers."""
        self.http.answers = list(answers)
        count_sent = self.env["messaging.message"]._send_queued()
        self.env.invalidate_all()
        return count_sent

    def run_cron(self, name):
        """Run one of our crons, with a cursor of its own as in Odoo.

        Crons of the same cursor share their time, and a class's tests share a cursor.
        """
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cursor:
            cron = self.env(cr=cursor).ref(f"messaging_inbox.ir_cron_{name}")
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def queued(self, body="Yes", conversation=None):
        return self.message((conversation or self.conversation()).reply(body))

    def sent(self, conversation=None, body="Yes", sid=None):
        """Return a reply that the provider accepted."""
        conversation = conversation or self.conversation()
        message = self.message(conversation.reply(body))
        self.send_queued(accepted(sid))
        return message

    def attachment(self, conversation, content=PNG, name="a.png", **values):
        return (
            self.env["ir.attachment"]
            .with_user(values.pop("user", self.agent))
            .create(
                {
                    "name": name,
                    "raw": content,
                    "res_model": conversation._name,
                    "res_id": conversation.id,
                    **values,
                }
            )
        )

    # ------------------------------------------------------------------
    # bus messages
    # ------------------------------------------------------------------

    def warm_queries(self, ask):
        """Return how many queries asking takes, the caches warm as in a worker."""
        ask()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        ask()
        return self.env.cr.sql_log_count - before

    def bus(self, kind=None):
        """Return the (channel, payload) pairs that were said since the last call."""
        self.env.cr.precommit.run()
        self.env.flush_all()
        rows = self.env["bus.bus"].sudo().search([], order="id")
        said = [(json.loads(row.channel), json.loads(row.message)) for row in rows]
        rows.unlink()
        return [
            (channel, message["payload"])
            for channel, message in said
            if kind is None or message["type"] == f"messaging_inbox/{kind}"
        ]


class MessagingCase(MessagingMixin, TransactionCase):
    """Behaviour that needs Odoo, but no HTTP."""


class MessagingHttpCase(MessagingMixin, HttpCase):
    """Requests over HTTP."""

    def post_webhook(self, form, query="", headers=None, **options):
        """Post a form to the account's webhook, signed as Twilio signs it."""
        url = self.account.webhook_url + query
        signature = RequestValidator(TOKEN).compute_signature(
            options.pop("signed_url", url), options.pop("signed_form", form)
        )
        headers = {"X-Twilio-Signature": signature, **(headers or {})}
        headers = {name: value for name, value in headers.items() if value is not None}
        path = options.pop("path", urlsplit(self.account.webhook_url).path)
        self.env.flush_all()
        response = self.url_open(
            path + query, data=form, headers=headers, timeout=30, **options
        )
        self.env.invalidate_all()
        return response
