"""To whom and on which channels the user may write first."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.client_values import expects, is_id, is_text
from ...tools.phone_numbers import (
    country_of,
    international,
    is_whole,
    telephone,
    variants,
)
from ..channel.channel import SHORT_CODE

# Conversations of a record whose numbers are offered, too.
MOST_CONVERSATIONS = 20


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    @api.model
    @api.readonly
    @expects(partner_id=is_id, lead_id=is_id)
    def start_options(self, partner_id=None, lead_id=None):
        """Return the channels to write first on, and the numbers of a record.

        ``{channels, channel_id, recipients, record_name}``: ``channel_id`` is the one
        that the user started on last, or False. A recipient is ``{value, shown, source,
        country_code, unreachable_on}``, the last one the kinds of channels on which the
        number was refused lately.
        """
        channels = self._channels_to_start()
        partner, lead = self._records_to_start(partner_id, lead_id)
        return {
            "channels": [self._channel_option(channel) for channel in channels],
            "channel_id": self._last_start_on(channels),
            "recipients": self._recipients_of(partner, lead, channels),
            "record_name": (lead or partner).display_name or "",
        }

    @api.model
    @api.readonly
    @expects(channel_id=is_id, recipient=is_text, partner_id=is_id, lead_id=is_id)
    def start_check(self, channel_id, recipient, partner_id=None, lead_id=None):
        """Return what is known about a number before the user writes to it.

        ``{value, problem, conversation_id, not_on_channel, sms_channel_id}``: the
        number in E.164 or "", a sentence why it can't be written to, the conversation
        that it has, whether the channel refused it lately, and the SMS channel for that
        case.
        """
        result = {
            "value": "",
            "problem": "",
            "conversation_id": False,
            "not_on_channel": False,
            "sms_channel_id": False,
        }
        self.browse().check_access("write")
        partner, lead = self._records_to_start(partner_id, lead_id)
        try:
            channel = self._channel_to_start(channel_id)
            number = self._number_to_start(channel, recipient, lead or partner)
        except AccessError:
            raise
        except UserError as error:
            return {**result, "problem": str(error)}
        return {**result, "value": number, **self._known_about(channel, number)}

    def _known_about(self, channel, number):
        refused = self._refused_numbers([number], channel)
        found = self._conversation_with(channel, number)
        problem = ""
        if not found and self.new({"contact_phone": number})._is_blacklisted():
            problem = self.env["messaging.reasons"]._sentences()["opted_out"]
        return {
            "problem": problem,
            "conversation_id": found.sudo().filtered(lambda c: not c._is_blank()).id,
            "not_on_channel": bool(refused),
            "sms_channel_id": bool(refused) and self._sms_channel_beside(channel),
        }

    # ------------------------------------------------------------------
    # channels
    # ------------------------------------------------------------------

    @api.model
    def _channels_to_start(self):
        self.browse().check_access("write")
        visible = self.env["messaging.channel"]._visible_channels(self.env.companies)
        return visible.filtered(
            lambda channel: (
                channel._is_carried()
                and channel._can_start()
                and not self._obstacle_of_channel(channel)
            )
        )

    @api.model
    def _channel_to_start(self, channel_id):
        """Return a channel in sudo mode; raise if the user can't write first there."""
        self.browse().check_access("write")
        visible = self.env["messaging.channel"]._visible_channels(self.env.companies)
        channel = visible.filtered(lambda each: each.id == channel_id)
        if not channel:
            raise AccessError(self.env._("You have no access to this channel."))
        obstacle = self._obstacle_of_channel(channel)
        if obstacle:
            reasons = self.env["messaging.reasons"]
            raise UserError(reasons._sentence_on(obstacle.value, channel))
        if not channel._can_start():
            raise UserError(
                self.env._(
                    "On %(channel)s, the customer must write first.",
                    channel=self._name_of_kind(channel),
                )
            )
        return channel

    def _name_of_kind(self, channel):
        kinds = channel._fields["kind"]._description_selection(self.env)
        return dict(kinds)[channel.kind]

    def _channel_option(self, channel):
        return {
            "id": channel.id,
            "name": channel.name,
            "kind": channel.kind,
            "kind_name": self._name_of_kind(channel),
            "address": channel.address,
            "needs_template": channel._needs_template(),
        }

    def _last_start_on(self, channels):
        """Return the id of the channel that the user started on last, or False."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.channel_id FROM messaging_participation p
                  JOIN messaging_conversation c ON c.id = p.conversation_id
                 WHERE p.user_id = %s AND p.started_at IS NOT NULL
                 ORDER BY p.started_at DESC LIMIT 1
                """,
                self.env.uid,
            )
        )
        return bool(rows) and rows[0][0] in channels.ids and rows[0][0]

    def _sms_channel_beside(self, channel):
        """Return the id of an SMS channel of the same company, or False."""
        return (
            self._channels_to_start()
            .filtered(
                lambda other: (
                    other.kind == "sms"
                    and other.company_id == channel.company_id
                    and other != channel
                )
            )[:1]
            .id
        )

    # ------------------------------------------------------------------
    # records and their numbers
    # ------------------------------------------------------------------

    @api.model
    def _records_to_start(self, partner_id, lead_id):
        """Return the (contact, lead) to start from, if the user may read them."""
        return (
            self._linkable("res.partner", partner_id),
            self._linkable("crm.lead", lead_id),
        )

    def _recipients_of(self, partner, lead, channels):
        """Return the recipients of records, each phone once, the lead's first."""
        found = {}
        records = [lead, partner, lead.partner_id._filtered_access("read")]
        for number, source in [
            *(each for record in records for each in self._numbers_of(record)),
            *self._numbers_written_to(partner, lead),
        ]:
            found.setdefault(telephone(number), (number, source))
        numbers = [number for number, _source in found.values()]
        refused = self._refused_numbers(numbers, channels)
        kinds = {channel.id: channel.kind for channel in channels}
        return [
            {
                "value": number,
                "shown": international(number),
                "source": source,
                "country_code": country_of(number),
                "unreachable_on": sorted(
                    {kinds[id_] for id_ in refused.get(phone, ()) if id_ in kinds}
                ),
            }
            for phone, (number, source) in found.items()
        ]

    def _numbers_of(self, record):
        """Return (number, name of its field) for all valid numbers of a record."""
        country = record._phone_get_country().get(record.id)
        return [
            (number, record._fields[name]._description_string(self.env))
            for name in record._phone_get_number_fields()
            if record and record[name]
            for number in record._messaging_numbers(record[name], country)[0]
        ]

    def _numbers_written_to(self, partner, lead):
        """Return (number, source) for the conversations of the records."""
        if not partner and not lead:
            return []
        linked = Domain("partner_id", "in", partner.ids)
        linked |= Domain("lead_id", "in", lead.ids)
        found = self.search(
            linked & Domain("contact_phone", "=like", "+%"), limit=MOST_CONVERSATIONS
        )
        source = self.env._("Conversation")
        return [(phone, source) for phone in found.mapped("contact_phone")]

    def _number_to_start(self, channel, text, record):
        """Return the only number in a text, in E.164; raise UserError with a sentence.

        National numbers belong to the record's country, else to the company's.
        """
        text = (text or "").strip()
        if not text:
            raise UserError(self.env._("Enter a phone number."))
        country = record._phone_get_country().get(record.id) if record else None
        country = country or channel.company_id.country_id
        number = self._whole_number(text, country)
        if not number and text.startswith("00"):
            # Not everywhere are calls abroad dialled so, but people write it.
            number = self._whole_number(f"+{text.lstrip('0')}", country)
        if not number:
            raise UserError(self._not_a_number(text))
        self._check_recipient(channel, number)
        return number

    def _whole_number(self, text, country):
        """Return the number that a text is, in E.164; None if it is none."""
        numbers, others = self.env["res.partner"]._messaging_numbers(text, country)
        if len(numbers) + len(others) > 1:
            raise UserError(self.env._("Enter one phone number only."))
        # A part of a mistyped number may be another person's valid number.
        is_number = numbers and is_whole(text, numbers[0], country.code)
        return numbers[0] if is_number else None

    def _not_a_number(self, text):
        if not any(map(str.isdecimal, text)):
            return self.env._("“%(text)s” is a name. Enter a phone number.", text=text)
        if text.isdecimal() and len(text) in SHORT_CODE:
            return self.env._(
                "%(number)s is a short code. You can only write first to phone"
                " numbers.",
                number=text,
            )
        return self.env._(
            "“%(text)s” isn't a valid phone number. Enter it with its country code,"
            " such as +34 600 000 000.",
            text=text,
        )

    def _check_recipient(self, channel, number):
        ours = self.env["messaging.channel"].sudo()
        # sudo: messaging.channel - whether it is ours, even one the user can't see
        same = [
            ("company_id", "=", channel.company_id.id),
            ("address", "in", variants(number)),
        ]
        if ours.search_count(same, limit=1):
            raise UserError(
                self.env._("%(number)s is one of your own channels.", number=number)
            )
        if not channel._can_answer(channel.id, number):
            sentences = self.env["messaging.reasons"]._sentences()
            raise UserError(sentences["bad_recipient"])
