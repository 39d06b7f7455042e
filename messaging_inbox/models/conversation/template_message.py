"""Messages made of a template, which may also be sent after the reply window."""

from uuid import uuid4

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.client_values import are_ids, are_texts, expects, is_id
from ..template.formatting import one_line
from .reply import kind_of


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    @expects(
        template_id=is_id,
        values=are_texts,
        attachment_ids=are_ids,
        expected_last_id=is_id,
    )
    def send_template(
        self,
        template_id,
        values,
        client_uuid=None,
        attachment_ids=(),
        expected_last_id=None,
    ):
        """Queue a message made of a template; return its id in a list.

        ``values`` is {variable: text}. A variable that it leaves out gets the value
        that is bound to it. Templates that take a file need one attachment. A repeated
        ``client_uuid`` returns the same id and sends nothing. Raise UserError with the
        reason if it can't be sent, and AnsweredMeanwhile as ``reply`` does.
        """
        self.ensure_one()
        self.check_access("write")
        client_uuid = client_uuid or str(uuid4())
        existing = self._already_written(client_uuid)
        if existing:
            return existing.ids
        self._check_not_answered_since(expected_last_id)
        template = self._check_template(template_id)
        texts = self._check_texts(template, values)
        file = self._check_template_file(template, attachment_ids)
        content = self._template_content(template, texts, file)
        message = self._create_queued([content], client_uuid)
        self._show_and_send(message)
        self._carry_out_start()
        self._take_on_reply()
        self._after_reply()
        return message.ids

    # ------------------------------------------------------------------
    # the gate
    # ------------------------------------------------------------------

    def _check_template(self, template_id):
        """Return the template; raise UserError if it can't be sent here and now."""
        template = self.env["messaging.template"].browse(template_id or ()).exists()
        if not template.active or not template.has_access("read"):
            raise UserError(
                self.env._("This template no longer exists. Choose another one.")
            )
        # sudo: messaging.channel - only which one it is, even an archived one
        channels = template.sudo().with_context(active_test=False).channel_ids
        if self.sudo().channel_id not in channels:
            raise UserError(
                self.env._(
                    "The template “%(name)s” can't be sent on this channel.",
                    name=template.name,
                )
            )
        self._check_may_send(self.env.user, template)
        return template

    def _check_texts(self, template, values):
        """Return {variable: text} for all variables; raise UserError if one is empty.

        A provider would fill an empty variable with the template's sample.
        """
        names = text_variables(template)
        if values.keys() - set(names):
            raise UserError(
                self.env._("The template has changed meanwhile. Choose it again.")
            )
        given = {**template._values_for(self._with_start()), **values}
        texts = {name: one_line(given.get(name) or "") for name in names}
        for name, text in texts.items():
            if not text:
                label = variable_label(self.env, name)
                raise UserError(self.env._("Fill in “%(variable)s”.", variable=label))
        template._check_values(texts)
        return texts

    def _check_template_file(self, template, attachment_ids):
        """Return the file that the template takes, empty for one that takes none."""
        if not template._takes_file():
            if attachment_ids:
                raise UserError(self.env._("This template takes no file."))
            return self.env["ir.attachment"]
        file = self._adopt_files(attachment_ids)
        if len(file) != 1:
            raise UserError(self.env._("Choose one file for this template."))
        self._check_file(file, self._limits())
        if not self._fits_header(file, template.media_kind):
            kinds = template._fields["media_kind"]._description_selection(self.env)
            raise UserError(
                self.env._(
                    "This template takes another type of file (%(kind)s): %(name)s.",
                    kind=dict(kinds)[template.media_kind],
                    name=file.name,
                )
            )
        return file

    def _fits_header(self, file, media_kind):
        """Return whether a file may stand above the text of a template."""
        if kind_of(file) != media_kind:
            return False
        # A sticker is a picture, too, but never has a text.
        captions = self._limits().captions
        return media_kind == "document" or file.mimetype in captions

    # ------------------------------------------------------------------
    # the row
    # ------------------------------------------------------------------

    def _template_content(self, template, texts, file):
        """Return the content of a message made of a template with these texts.

        What the provider needs to send it is kept as it is now.
        """
        shown = template._render(texts)
        return {
            "kind": template.media_kind if file else "text",
            "body": shown["body"],
            "attachment_ids": [fields.Command.set(file.ids)],
            "data": {
                "template": {
                    "id": template.id,
                    "name": template.name,
                    "language": template.language,
                    "reference": template.provider_reference or "",
                    "names": list(texts),
                    "variables": texts,
                    "header": shown["header"],
                    "footer": shown["footer"],
                    "buttons": shown["buttons"],
                    "media_url": shown["media_url"],
                    "media_kind": template.media_kind or "",
                    "source": template._source(),
                }
            },
        }


def text_variables(template):
    """Return the names of the variables to fill with a text, in order."""
    file = template._file_variable() if template._takes_file() else ""
    return [name for name in template.variable_names or () if name != file]


def variable_label(env, name):
    """Return what agents read for a variable: ``first_name`` is "First name"."""
    if name.isdecimal():
        return env._("Value %(number)s", number=name)
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
