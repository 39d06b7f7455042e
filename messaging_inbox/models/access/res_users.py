from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...tools.client_values import expects, is_flag

AGENT = "messaging_inbox.group_messaging_user"


class ResUsers(models.Model):
    _inherit = "res.users"

    messaging_available = fields.Boolean(
        string="Available for conversations",
        compute="_compute_messaging_available",
        search="_search_messaging_available",
        compute_sudo=True,
        help="Whether conversations may be assigned to this user now.",
    )

    def _compute_messaging_available(self):
        available = self._messaging_available_ids()
        for user in self:
            user.messaging_available = user.id in available

    def _messaging_available_ids(self):
        # sudo: messaging.availability - availability is public among colleagues
        rows = (
            self.env["messaging.availability"]
            .sudo()
            .search_fetch(
                [("user_id", "in", self.ids), ("available", "=", True)], ["user_id"]
            )
        )
        return set(rows.user_id.ids)

    def _search_messaging_available(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: messaging.availability - availability is public among colleagues
        rows = (
            self.env["messaging.availability"].sudo().search([("available", "=", True)])
        )
        positive = Domain("id", "in", rows.user_id.ids)
        domains = [positive if wanted else ~positive for wanted in value]
        return Domain.OR(domains)

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ["messaging_available"]

    @expects(available=is_flag)
    def action_messaging_set_available(self, available):
        """Set the user's own availability; current conversations are unaffected."""
        self.ensure_one()
        if self != self.env.user:
            raise AccessError(
                self.env._(
                    "Only %(user)s can change this availability.", user=self.name
                )
            )
        self.env["messaging.availability"].search([("user_id", "=", self.id)]).write(
            {"available": bool(available)}
        )
        self.invalidate_recordset(["messaging_available"])
        return True

    @api.model
    def _messaging_agents(self, company=None):
        """Return all active Agents, optionally of one company."""
        domain = Domain("all_group_ids", "in", self.env.ref(AGENT).ids)
        if company:
            domain &= Domain("company_ids", "in", company.ids)
        # sudo: res.users - the answer doesn't depend on the current user
        return self.sudo().search(domain)

    def _messaging_is_agent(self):
        self.ensure_one()
        # sudo: res.users - also called for colleagues
        user = self.sudo()
        return user.active and user.has_group(AGENT)

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        self.env["messaging.availability"]._add_missing()
        return users

    def write(self, vals):
        before = self._messaging_access(vals)
        if before is not None:
            self._messaging_signal_first()
        result = super().write(vals)
        # Odoo writes groups on user creation and on preference changes: make open
        # inboxes subscribe again only when access really changed.
        after = self._messaging_access(vals)
        if after != before:
            self.env["messaging.availability"]._sync()
            self._messaging_after_access_change()
            changed = [
                id for id, sees in after.items() if bool(sees) != bool(before[id])
            ]
            self.browse(changed)._bus_send_messaging_subscribe()
        return result

    def _messaging_access(self, vals):
        """Return {user id: access} as far as ``vals`` may change it, else None."""
        if not vals.keys() & {"active", "group_ids", "company_ids"}:
            return None
        # sudo: res.users - the editing user may not read all fields
        return {
            user.id: user._messaging_is_agent() and user.company_ids.ids
            for user in self.sudo()
        }

    def _messaging_signal_first(self):
        """Make all processes drop cached groups before browsers learn of a change.

        Odoo signals its processes after the bus: a fast browser would subscribe again
        with its former access.
        """
        if self.env.registry.ready:
            self.env.cr.postcommit.add(self._messaging_signal_groups)

    def _messaging_signal_groups(self):
        """Clear the caches again: threads may have filled them before the commit."""
        registry = self.env.registry
        for name in list(registry.cache_invalidated):
            registry.clear_cache(name)
        registry.signal_changes()

    @api.model
    def _messaging_after_access_change(self):
        """Hook: users, groups or companies changed, and with them who sees what."""

    def _bus_send_messaging_subscribe(self):
        """Make browsers of new and former Agents subscribe.

        A browser listens to the groups of its last subscription: a new Agent's doesn't
        listen to the group yet, and a former one's may have stopped already.
        """
        # sudo: res.users - the editing user may not read all members
        for user in self.sudo():
            user._bus_send("messaging_inbox/subscribe", {})
