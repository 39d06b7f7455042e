"""The templates that an agent may choose from, filled in for one customer."""

from odoo import api, models
from odoo.exceptions import AccessError

from ...tools.client_values import expects, is_id
from ..conversation.template_message import text_variables, variable_label
from ..template.languages import language_name


class MessagingTemplate(models.Model):
    _inherit = "messaging.template"

    @api.model
    @expects(channel_id=is_id, conversation_id=is_id, partner_id=is_id, lead_id=is_id)
    def choices(self, channel_id, conversation_id=None, partner_id=None, lead_id=None):
        """Return the channel's templates, those in the customer's language first.

        The customer is that of a conversation, or a contact or lead that has none yet.
        Return ``{language, in_window, templates}``, the language as in
        Odoo. A template has its ``problem`` if it can't be sent now, a sentence, and
        ``variables`` with the values that are bound to them.
        """
        conversation = self._conversation_to_fill(
            channel_id, conversation_id, partner_id, lead_id
        )
        in_window = conversation._is_in_window()
        language = conversation._customer_language()
        found = self.search([("channel_ids", "in", conversation.channel_id.ids)])
        templates = [each._choice(conversation, in_window) for each in found]
        templates.sort(key=lambda choice: _rank(choice, language))
        return {"language": language, "in_window": in_window, "templates": templates}

    @api.model
    def _conversation_to_fill(self, channel_id, conversation_id, partner_id, lead_id):
        """Return the conversation, or a new record that stands for one."""
        Conversation = self.env["messaging.conversation"]
        if conversation_id:
            return Conversation._readable(conversation_id)._with_start()
        Conversation.check_access("read")
        visible = self.env["messaging.channel"]._visible_channels(self.env.companies)
        if channel_id not in visible.ids:
            raise AccessError(self.env._("You have no access to this channel."))
        links = {"partner_id": partner_id, "lead_id": lead_id}
        for field, record_id in links.items():
            if record_id:
                Conversation[field].browse(record_id).check_access("read")
        values = {"channel_id": channel_id, "user_id": self.env.uid, **links}
        return Conversation.new(values)

    def _choice(self, conversation, in_window):
        obstacle = self._obstacle(in_window)
        sentences = self.env["messaging.reasons"]._sentences()
        reader = self.env.lang or "en_US"
        return {
            "id": self.id,
            "name": self.name,
            "language": self.language,
            "language_name": language_name(self.language, reader),
            "category": self.category or "",
            "state": self.state,
            "header": self.header or "",
            "body": self.body,
            "footer": self.footer or "",
            "buttons": self.buttons or [],
            "media_kind": self.media_kind or "",
            "media_url": self.media_url or "",
            "takes_file": self._takes_file(),
            "problem": sentences[obstacle.value] if obstacle else "",
            "variables": self._variables_to_fill(conversation),
        }

    def _variables_to_fill(self, conversation):
        bound, samples = self._values_for(conversation), self.samples or {}
        return [
            {
                "name": name,
                "label": variable_label(self.env, name),
                "sample": samples.get(name, ""),
                "value": bound.get(name, ""),
                "is_bound": name in bound,
            }
            for name in text_variables(self)
        ]


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    def _customer_language(self):
        """Return the code of the customer's language in Odoo, "" if it is unknown."""
        # sudo: res.partner, crm.lead - only the language
        partner, lead = self.sudo().partner_id, self.sudo().lead_id
        return partner.lang or lead.partner_id.lang or lead.lang_id.code or ""


def _rank(choice, language):
    """Return the key to sort by: language, whether it can be sent, name."""
    codes = choice["language"].replace("-", "_"), language
    is_same, is_alike = codes[0] == codes[1], _base(codes[0]) == _base(codes[1])
    return not is_same, not is_alike, bool(choice["problem"]), choice["name"].lower()


def _base(language):
    return language.partition("_")[0]
