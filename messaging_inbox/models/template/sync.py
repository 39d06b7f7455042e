"""Keeps templates as the provider has them: by a cron, by a button and after errors.

One request lists all templates of an account. A sync that finds nothing new writes
nothing.
"""

import logging
from dataclasses import asdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.orm.models import NO_ACCESS
from odoo.tools import SQL

from ...providers.errors import ProviderError
from ...tools import time_limit
from ...tools.transactions import commit, read_committed
from ..account.watch import WARNING
from .numbered import with_our_names
from .template import CATEGORIES

_logger = logging.getLogger(__name__)

INTERVAL = timedelta(hours=1)
# A list of several pages
SECONDS = 30


class MessagingAccount(models.Model):
    _inherit = "messaging.account"

    has_templates = fields.Boolean(compute="_compute_has_templates")
    template_count = fields.Integer(compute="_compute_template_count")
    templates_synced_at = fields.Datetime(
        string="Templates synced on", readonly=True, copy=False
    )
    templates_error = fields.Char(
        string="Problem with templates", readonly=True, copy=False
    )
    templates_due = fields.Boolean(groups=NO_ACCESS, copy=False)

    @api.depends("provider")
    def _compute_has_templates(self):
        for account in self:
            account.has_templates = bool(account._provider_class().template_kinds)

    def _compute_template_count(self):
        # sudo: messaging.template - only a count
        counts = dict(
            self.env["messaging.template"]
            .sudo()
            ._read_group([("account_id", "in", self.ids)], ["account_id"], ["__count"])
        )
        for account in self:
            account.template_count = counts.get(account, 0)

    def action_sync_templates(self):
        """Update the templates from the provider; return a notification."""
        self.ensure_one()
        self.check_access("write")
        problem = self._sync_templates()
        if problem:
            return self._notification(problem, "danger")
        return self._notification(
            self.env._("Templates synced: %(count)s.", count=self.template_count),
            "success",
        )

    def action_view_templates(self):
        """Open the account's templates."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Templates"),
            "res_model": "messaging.template",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("account_id", "=", self.id)],
            "context": {"default_account_id": self.id},
        }

    def _ask_template_sync(self):
        """Let the cron sync soon, once however often it is asked."""
        # sudo: messaging.account - Agents' messages find that templates are stale
        able = self.sudo().filtered("has_templates")
        if not able:
            return
        self.env.flush_all()
        asked = self.env.execute_query(
            SQL(
                "UPDATE messaging_account SET templates_due = TRUE"
                " WHERE id = ANY(%s) AND templates_due IS NOT TRUE RETURNING id",
                able.ids,
            )
        )
        self.invalidate_recordset(["templates_due"], flush=False)
        if asked:
            cron = "messaging_inbox.ir_cron_sync_templates"
            self.env["messaging.bus"]._wake_cron(cron)

    def _after_connect(self):
        super()._after_connect()
        # sudo: messaging.account - the flag, which no user can read
        self.sudo().filtered(lambda a: not a.templates_synced_at)._ask_template_sync()

    def _after_channels_change(self):
        super()._after_channels_change()
        self._ask_template_sync()

    # ------------------------------------------------------------------
    # the cron
    # ------------------------------------------------------------------

    @api.model
    def _cron_sync_templates(self):
        accounts = self._accounts_to_sync()
        self.env["ir.cron"]._commit_progress(remaining=len(accounts))
        for account in accounts:
            if not time_limit.has_time_for(SECONDS):
                break
            try:
                account._sync_templates()
            except Exception:
                # One failing account must not block the others.
                _logger.exception("Syncing templates of %s failed", account.id)
                self.env.cr.rollback()
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _accounts_to_sync(self):
        """Return the connected accounts that are due, those that asked for it first."""
        before = fields.Datetime.now() - INTERVAL
        due = (
            Domain("templates_due", "=", True)
            | Domain("templates_synced_at", "=", False)
            | Domain("templates_synced_at", "<=", before)
        )
        # sudo: messaging.account - the flag is the cron's own
        found = self.sudo().search(Domain("state", "=", "connected") & due)
        able = found.filtered("has_templates")
        return able.sorted(lambda account: not account.templates_due)

    # ------------------------------------------------------------------
    # the sync
    # ------------------------------------------------------------------

    def _sync_templates(self):
        """Update the templates; return the problem as a sentence, None without one."""
        self.ensure_one()
        # sudo: messaging.account - the cron and Agents' errors sync, too
        account = self.sudo()
        provider = account._provider()
        # Before the request: what asks for a sync during it gets another one. No
        # transaction is open during the request.
        account.templates_due = False
        commit(self.env)
        sentence, found = None, None
        try:
            found = provider.templates()
        except ProviderError as error:
            sentence = self._connection_error(error)
        # Syncs of the same account wait for each other; nothing is written yet.
        read_committed(self.env.cr)
        self._lock_templates()
        if found is not None:
            self.env["messaging.template"]._take_all(self, found)
        # After an error, too: the next try follows in an hour.
        now = fields.Datetime.now()
        account.write({"templates_error": sentence, "templates_synced_at": now})
        commit(self.env)
        return sentence

    def _template_channels(self, template=None):
        """Return the channels that send templates, or only those that send this one."""
        # sudo: messaging.channel - a template belongs to hidden channels, too
        account = self.sudo()
        kinds = account._provider_class().template_kinds
        able = account.channel_ids.filtered(lambda channel: channel.kind in kinds)
        only = template.channels if template else ()
        return able.filtered(lambda each: not only or each.provider_reference in only)

    def _lock_templates(self):
        """Wait until no other transaction changes which templates there are."""
        self.env.invalidate_all()
        self.env.execute_query(
            SQL(
                "SELECT id FROM messaging_account WHERE id = %s FOR NO KEY UPDATE",
                self.id,
            )
        )


class MessagingTemplate(models.Model):
    _name = "messaging.template"
    _inherit = ["messaging.template", "mail.thread", "mail.activity.mixin"]

    state = fields.Selection(tracking=True)
    quality = fields.Selection(tracking=True)
    is_gone = fields.Boolean(
        readonly=True,
        copy=False,
        help="It no longer exists at the provider, so it is archived.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_at_provider(self):
        if not self.env.su and any(self.mapped("provider_reference")):
            raise UserError(
                self.env._("The provider has this template: archive it instead.")
            )

    @api.model
    def _take_all(self, account, found):
        """Make an account's templates those that the provider has."""
        # sudo: messaging.template - only our code writes what the provider decides
        Template = self.sudo().with_context(active_test=False)
        stored = Template.search([("account_id", "=", account.id)])
        known = stored.filtered("provider_reference").grouped("provider_reference")
        lost = stored.filtered(lambda each: each.is_draft and each.submission_error)
        new = []
        # By reference: the pages of a list may overlap.
        for template in {each.reference: each for each in found}.values():
            values, channels = (
                _values_of(template),
                account._template_channels(template),
            )
            record = known.pop(template.reference, None) or lost._matching(values)
            if record:
                record._take(values, channels)
            else:
                values["channel_ids"] = [Command.set(channels.ids)]
                new.append({"account_id": account.id, **values})
        Template.with_context(mail_create_nolog=True, tracking_disable=True).create(new)
        for record in known.values():
            record._leave()

    def _matching(self, values):
        """Return the draft with this content, whose submission seemed to have failed.

        It was created at the provider all the same. An answer got lost.
        """
        return self.filtered(
            lambda draft: draft.is_draft and draft._has(with_our_names(draft, values))
        )[:1]

    def _has(self, values):
        names = ("name", "language", "header", "body", "footer")
        return all(_same(self[name], values[name]) for name in names)

    def _take(self, values, channels):
        """Store what changed; call the managers if it can no longer be sent."""
        if self.is_gone:
            values = {**values, "is_gone": False, "active": True}
        if self.is_draft or values["state"] != "unsubmitted":
            values = {**values, "submission_error": False}
        values = with_our_names(self, values)
        changed = {
            name: value
            for name, value in values.items()
            if not _same(self[name], value)
        }
        if self.channel_ids != channels:
            changed["channel_ids"] = [Command.set(channels.ids)]
        before = self.state
        if changed:
            self.write(changed)
        if self.state != before:
            self._after_state_change()

    def _leave(self):
        """Archive a template that the provider no longer has."""
        if self.active:
            self.write({"is_gone": True, "active": False})
            self.activity_unlink([WARNING])

    def _after_state_change(self):
        """Tell the managers of a template that can no longer be sent, and why."""
        self.activity_unlink([WARNING])
        if self.state not in ("rejected", "paused", "disabled"):
            return
        # sudo: messaging.account - the cron finds it, managers fix it
        account = self.sudo().account_id.with_context(active_test=True)
        for manager in account._managers():
            template = self.with_context(
                lang=manager.lang, mail_activity_quick_update=True
            )
            template.activity_schedule(
                WARNING,
                summary=template._state_sentence(),
                note=self.rejection_reason or "",
                user_id=manager.id,
            )

    def _state_sentence(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        return self.env._(
            "Template %(name)s: %(state)s",
            name=self.display_name,
            state=states[self.state],
        )


def _values_of(template):
    """Return the fields of a template as the provider has it."""
    return {
        "provider_reference": template.reference,
        "name": template.name or template.reference,
        "language": template.language,
        "category": template.category
        if template.category in dict(CATEGORIES)
        else False,
        "state": template.state,
        "rejection_reason": template.rejection_reason or False,
        "header": template.header or False,
        "body": template.body or "",
        "footer": template.footer or False,
        "buttons": [asdict(button) for button in template.buttons],
        "variable_names": list(template.variables),
        "samples": dict(template.variables),
        "media_kind": template.media_kind or False,
        "media_url": template.media_url or False,
        "use": template.use,
        "needs_approval": template.needs_approval,
        "quality": template.quality or False,
    }


def _same(current, value):
    return current == value or (not current and not value)
