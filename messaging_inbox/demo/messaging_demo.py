"""Creates records from the demo conversations, with times relative to now."""

import hashlib
import io
import mimetypes
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import file_open

from ..models.conversation.conversation import preview_text

ADDON = "messaging_inbox"
# Types that mimetypes doesn't know on every system.
TYPES = {".ogg": "audio/ogg", ".vcf": "text/vcard", ".webp": "image/webp"}


class MessagingDemo(models.AbstractModel):
    _name = "messaging.demo"
    _description = "Demo conversations"

    @api.model
    def _load(self):
        """Create all conversations, and messages in the order of their times."""
        # Imported here, so that databases without demo data don't load them.
        from .conversations import CONVERSATIONS

        now = fields.Datetime.now()
        rows = [self._create_conversation(story) for story in CONVERSATIONS]
        written = [[] for _story in CONVERSATIONS]
        turns = [
            (line.ago, place, line)
            for place, story in enumerate(CONVERSATIONS)
            for line in story.lines
        ]
        for _ago, place, line in sorted(turns, key=lambda turn: turn[0], reverse=True):
            values = self._message_values(line, rows[place], written[place], now)
            message = self.env["messaging.message"].create(values)
            self._add_file(message, line)
            written[place].append(message)
        for story, conversation, messages in zip(
            CONVERSATIONS, rows, written, strict=True
        ):
            self._finish(story, conversation, messages)
        self._silence_odoobot()

    def _silence_odoobot(self):
        """Prevent OdooBot's greeting from covering the inbox at the first login."""
        logins = ("agent1", "agent2", "agent3", "admin")
        users = self.env["res.users"].search([("login", "in", logins)])
        if "odoobot_state" in users._fields:
            users.write({"odoobot_state": "disabled"})

    def _ref(self, name):
        return self.env.ref(f"{ADDON}.{name}") if name else None

    def _create_conversation(self, story):
        channel = self._ref(story.channel)
        phone = next((each for each in story.ids if each.startswith("+")), False)
        conversation = self.env["messaging.conversation"].create(
            {
                "channel_id": channel.id,
                "contact_name": story.name,
                "contact_phone": phone,
                "profile_due": channel._has_profiles(channel.id),
            }
        )
        self.env["messaging.identity"].create(
            [
                {
                    "channel_id": channel.id,
                    "conversation_id": conversation.id,
                    "external_id": external_id,
                }
                for external_id in story.ids
            ]
        )
        xml_id = f"{ADDON}.demo_conversation_{story.key}"
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": xml_id, "record": conversation, "noupdate": True}]
        )
        return conversation

    def _message_values(self, line, conversation, earlier, now):
        who, to, assignee = map(self._ref, (line.who, line.to, line.assignee))
        values = {
            **line.values,
            "conversation_id": conversation.id,
            "channel_id": conversation.channel_id.id,
            "direction": line.direction,
            "author_id": who and who.id,
            "sent_at": now - line.ago,
            "next_try_at": line.next_try_in and now + line.next_try_in,
            "reply_to_id": line.quotes is not None and earlier[line.quotes].id,
        }
        if line.direction == "event":
            values["event_to"] = to and to.id
            values["event_from"] = assignee and assignee.id
        else:
            values.update(self._provider_values(line, conversation, len(earlier)))
        if line.record:
            values["data"] = self._link_data(self._ref(line.record))
        return values

    def _provider_values(self, line, conversation, number):
        """Return ids in the provider's format, the same on each machine."""
        name = f"{conversation.contact_name}/{number}"
        unique = hashlib.sha256(name.encode()).hexdigest()[:32]
        known = line.values["state"] not in ("queued", "unknown", "failed")
        has_numbers = conversation.kind in ("whatsapp", "sms")
        name = f"{'SM' if has_numbers else 'm_'}{unique}"
        values = {"provider_message_id": known and name}
        if line.direction == "outbound":
            values["client_uuid"] = unique
        return values

    def _link_data(self, record):
        return {"model": record._name, "id": record.id, "name": record.display_name}

    # ------------------------------------------------------------------
    # files
    # ------------------------------------------------------------------

    def _add_file(self, message, line):
        if line.lost_file:
            lost = {"state": "failed", "error": "The provider has lost this file."}
            self._add_media(message, line.lost_file, lost)
        if not line.file:
            return
        message.attachment_ids = self._create_attachment(message, line.file)
        if line.direction == "inbound":
            here = {"state": "ready", "attachment_id": message.attachment_ids.id}
            self._add_media(message, line.file, here)
        if message.kind == "contact":
            message._add_contacts(io.BytesIO(message.attachment_ids.raw))

    def _create_attachment(self, message, name):
        with file_open(f"{ADDON}/demo/files/{name}", "rb") as file:
            content = file.read()
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "mimetype": self._mimetype(name),
                "res_model": message.conversation_id._name,
                "res_id": message.conversation_id.id,
            }
        )

    def _mimetype(self, name):
        extension = name[name.rindex(".") :]
        return TYPES.get(extension) or mimetypes.guess_type(name)[0]

    def _add_media(self, message, name, values):
        message_sid = message.provider_message_id
        account_sid = message.channel_id.account_id.twilio_account_sid
        self.env["messaging.media"].create(
            {
                "message_id": message.id,
                "name": name,
                "content_type": self._mimetype(name),
                "url": f"https://api.twilio.com/2010-04-01/Accounts/{account_sid}"
                f"/Messages/{message_sid}/Media/ME{message_sid[2:]}",
                **values,
            }
        )

    # ------------------------------------------------------------------
    # final state of the conversations
    # ------------------------------------------------------------------

    def _finish(self, story, conversation, messages):
        said = [message for message in messages if message.direction != "event"]
        inbound = [message for message in said if message.direction == "inbound"]
        assignee = self._ref(story.assignee)
        partner, lead = self._ref(story.partner), self._ref(story.lead)
        conversation._store(
            {
                "state": story.state,
                **self._opt_out(story, messages),
                "user_id": assignee and assignee.id,
                "partner_id": partner and partner.id,
                "lead_id": lead and lead.id,
                "last_message_id": said[-1].id,
                "last_message_at": said[-1].sent_at,
                "last_message_preview": preview_text(said[-1].body),
                "last_inbound_message_id": inbound[-1].id,
                "last_inbound_at": inbound[-1].sent_at,
            }
        )
        conversation._update_waiting()
        self._set_create_date(conversation, messages[0].sent_at - timedelta(seconds=1))
        unread = inbound[-story.unread :] if story.unread else []
        last_read = unread[0].id - 1 if unread else said[-1].id
        self._set_read_markers(conversation, last_read)

    def _opt_out(self, story, messages):
        """Return the values of a customer who opted out with their last message."""
        if not story.opted_out:
            return {}
        stop = [message for message in messages if message.direction == "inbound"][-1]
        return {
            "opted_out": True,
            "opt_out_source": "customer",
            "opted_out_at": stop.sent_at,
            "opt_out_message_id": stop.id,
        }

    def _set_create_date(self, conversation, moment):
        self.env.cr.execute(
            SQL(
                "UPDATE messaging_conversation SET create_date = %s WHERE id = %s",
                moment,
                conversation.id,
            )
        )
        conversation.invalidate_recordset(["create_date"])

    def _set_read_markers(self, conversation, message_id):
        agents = self.env["res.users"]._messaging_agents()
        self.env["messaging.participation"].create(
            [
                {
                    "conversation_id": conversation.id,
                    "user_id": user.id,
                    "last_read_message_id": message_id,
                }
                for user in agents
            ]
        )
