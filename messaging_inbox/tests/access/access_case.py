"""A record of every model in every place, and calls to them as every role."""

import json

from odoo import fields
from odoo.service.model import call_kw

from ..common import MessagingCase

ROLES = (
    "public",
    "portal",
    "employee",
    "system",
    "agent",
    "manager",
    "installer",
    "stranger",
)
PLACES = ("shared", "private", "elsewhere")


def _body(text):
    form = [["Body", text]]
    return json.dumps({"method": "POST", "query": [], "form": form, "body": ""})


class AccessCase(MessagingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.public = cls.env.ref("base.public_user")
        # So that our rules refuse, not those of contacts or CRM.
        helpers = cls.env.ref("base.group_partner_manager")
        helpers |= cls.env.ref("sales_team.group_sale_salesman_all_leads")
        for user in cls.agent | cls.installer | cls.stranger:
            user.group_ids |= helpers
        cls.manager.group_ids |= cls.env.ref("sales_team.group_sale_manager")
        for user in cls.agent | cls.installer | cls.manager | cls.stranger:
            user.group_ids |= cls.env.ref("base.group_allow_export")
        cls.places = {place: cls._place(place) for place in PLACES}

    @classmethod
    def _place(cls, place):
        """Return a record of every model in one place."""
        channel = cls._channel_of(place)
        conversation = cls.env["messaging.conversation"].create(
            {"channel_id": channel.id, "contact_name": f"Secret of {place}"}
        )
        message = cls._message_of(conversation, place)
        user = cls.stranger if place == "elsewhere" else cls.agent
        template = cls._template_of(channel, place)
        made = cls._values(place, message, user)
        return {
            "messaging.account": channel.account_id,
            "messaging.availability": cls.env["messaging.availability"].search(
                [("user_id", "=", user.id)]
            ),
            "messaging.channel": channel,
            "messaging.conversation": conversation,
            "messaging.message": message,
            "messaging.template": template,
            "messaging.template.binding": template.binding_ids,
            **{model: cls._make(model, values) for model, values in made.items()},
        }

    @classmethod
    def _make(cls, model, values):
        """Create a record; all channels of an account share one row of refusals."""
        same = [("account_id", "=", values.get("account_id"))]
        is_refusal = model == "messaging.refusal"
        return (
            is_refusal and cls.env[model].search(same) or cls.env[model].create(values)
        )

    @classmethod
    def _values(cls, place, message, user):
        """Return the other records that belong to a place's message, by model."""
        secret = f"Secret of {place}"
        channel = message.channel_id
        about = {"message_id": message.id}
        account = {"account_id": channel.account_id.id}
        conversation = {"conversation_id": message.conversation_id.id}
        return {
            "messaging.account.transfer": dict(account, from_id=user.id, to_id=user.id),
            "messaging.tag": {"name": place, "company_id": channel.company_id.id},
            "messaging.identity": {
                **conversation,
                "channel_id": channel.id,
                "external_id": f"+1 {place}",
            },
            "messaging.media": {
                **about,
                "state": "failed",
                "url": "https://api.twilio.com/x",
                "name": secret,
            },
            "messaging.note.window": {
                **conversation,
                "partner_id": cls.company.partner_id.id,
                "started_at": "2026-03-02 08:00:00",
                "assignee": secret,
            },
            "messaging.receipt": {
                **account,
                "error": "x",
                "body_stored": _body(secret),
            },
            "messaging.refusal": {
                **account,
                "count": 1,
                "since": fields.Datetime.now(),
                "last_at": fields.Datetime.now(),
            },
            "messaging.reaction": {**about, "error_detail": secret},
            "messaging.read.mark": {**conversation, **about},
            "messaging.tombstone": {"hash": secret},
            "messaging.consent": cls._consent(message, secret),
            **cls._values_of_user({**conversation, "user_id": user.id}, secret),
        }

    @classmethod
    def _consent(cls, message, secret):
        return {
            "conversation_id": message.conversation_id.id,
            "channel_id": message.channel_id.id,
            "kind": "out",
            "happened_at": fields.Datetime.now(),
            "words": secret,
        }

    @classmethod
    def _values_of_user(cls, values, secret):
        """Return a user's own records about a conversation, by model."""
        return {
            "messaging.notification": {
                **values,
                "kind": "message",
                "state": "waiting",
            },
            "messaging.participation": {**values, "draft": secret},
            "messaging.scheduled": {
                "conversation_id": values["conversation_id"],
                "author_id": values["user_id"],
                "client_uuid": "scheduled",
                "body": secret,
                "send_at": fields.Datetime.now(),
            },
        }

    @classmethod
    def _channel_of(cls, place):
        if place == "shared":
            return cls.whatsapp
        if place == "private":
            return cls.private
        account = cls.env["messaging.account"].with_user(cls.stranger).sudo()
        account = account.create(
            {
                "name": "Elsewhere",
                "company_id": cls.other_company.id,
                "state": "connected",
                "twilio_account_sid": "AC" + "8" * 32,
                "twilio_auth_token": "Secret of elsewhere",
            }
        ).with_env(cls.env)
        return cls.env["messaging.channel"].create(
            {"name": "x", "account_id": account.id, "address": "+34600000088"}
        )

    @classmethod
    def _template_of(cls, channel, place):
        name = {"variable": "name", "field_path": "name"}
        return cls.env["messaging.template"].create(
            {
                "account_id": channel.account_id.id,
                "name": f"secret_of_{place}",
                "language": "en",
                "body": f"Hello {{{{name}}}}, the secret of {place}.",
                "channel_ids": [fields.Command.link(channel.id)],
                "binding_ids": [fields.Command.create(name)],
            }
        )

    @classmethod
    def _message_of(cls, conversation, place):
        return cls.env["messaging.message"].create(
            {
                "conversation_id": conversation.id,
                "channel_id": conversation.channel_id.id,
                "direction": "outbound",
                "state": "failed",
                "body": f"Secret of {place}",
            }
        )

    def shared_canned_reply(self):
        """Return a canned reply that all internal users may read."""
        shared = {"source": "x", "substitution": "x"}
        shared["group_ids"] = [fields.Command.link(self.env.ref("base.group_user").id)]
        return self.env["mail.canned.response"].create(shared)

    def rpc(self, role, model, method, *args, **kwargs):
        """Call a method as a client does; private methods fail."""
        user = getattr(self, role)
        self.env.invalidate_all()
        records = self.env[model].with_user(user).with_context(lang="en_US")
        return call_kw(records, method, list(args), kwargs)

    def our_models(self):
        return sorted(
            name for name in self.env.registry if name.startswith("messaging.")
        )
