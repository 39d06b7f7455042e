"""One machine-readable file of a person's conversations."""

import json
import zipfile

from odoo import fields, models

# Keys of a message's data that say nothing about the person.
INTERNAL = ("former", "mention_ids", "replayed", "history", "us_reacted_by")


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    def _write_export(self, file):
        """Write a ZIP to a binary file: ``conversations.json``, and ``files/``."""
        # sudo: messaging.conversation - the caller checked that it's an administrator
        conversations = self.sudo()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            said = {
                "exported_at": _moment(fields.Datetime.now()),
                "conversations": [each._export_values() for each in conversations],
            }
            text = json.dumps(said, ensure_ascii=False, indent=2)
            archive.writestr("conversations.json", text)
            for attachment in conversations.message_ids.attachment_ids:
                archive.writestr(_path(attachment), attachment.raw or b"")
                attachment.invalidate_recordset()

    def _export_values(self):
        """Return a conversation as plain values; times are UTC in ISO 8601."""
        messages = self.message_ids.sorted("id")
        return {
            "id": self.id,
            "channel": {"kind": self.kind, "address": self.channel_id.address},
            "company": self.company_id.name,
            "name": self.contact_name or None,
            "phone": self.contact_phone or None,
            "username": self.contact_username or None,
            "ids": self.identity_ids.mapped("external_id"),
            "contact": self.partner_id.name or None,
            "lead": self.lead_id.name or None,
            "began_at": _moment(self.create_date),
            "opted_out": self.opted_out,
            "consents": [each._export_values() for each in self.consent_ids],
            "messages": [each._export_values() for each in messages],
        }


class MessagingMessage(models.Model):
    _inherit = "messaging.message"

    def _export_values(self):
        data = {k: v for k, v in (self.data or {}).items() if k not in INTERNAL}
        return {
            "id": self.id,
            "sent_at": _moment(self.sent_at),
            "direction": self.direction,
            "kind": self.kind,
            "event": self.event_type or None,
            "state": self.state or None,
            "text": self.body or None,
            "data": data or None,
            "answers": self.reply_to_id.id or None,
            "id_at_the_provider": self.provider_message_id or None,
            "files": [
                {"path": _path(file), "name": file.name, "type": file.mimetype}
                for file in self.attachment_ids
            ],
        }


class MessagingConsent(models.Model):
    _inherit = "messaging.consent"

    def _export_values(self):
        return {
            "kind": self.kind,
            "source": self.source or None,
            "at": _moment(self.happened_at),
            "channel": self.channel_name,
            "words": self.words or None,
        }


def _moment(moment):
    return f"{moment.isoformat(timespec='seconds')}Z" if moment else None


def _path(attachment):
    """Return where a file stands in the ZIP; names from customers may be anything."""
    name = "".join(c if c.isalnum() or c in "._- " else "_" for c in attachment.name)
    return f"files/{attachment.id}-{name.strip('. ')[-100:]}"
