from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

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
        # sudo: messaging.availability - colleagues may know who is available
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
        # sudo: messaging.availability - colleagues may know who is available
        rows = (
            self.env["messaging.availability"].sudo().search([("available", "=", True)])
        )
        positive = Domain("id", "in", rows.user_id.ids)
        domains = [positive if wanted else ~positive for wanted in value]
        return Domain.OR(domains)

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ["messaging_available"]

    def action_messaging_set_available(self, available):
        """Switch one's own availability; ongoing conversations aren't touched."""
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
        """Return all active Agents, of a company where one is given."""
        domain = Domain("all_group_ids", "in", self.env.ref(AGENT).ids)
        if company:
            domain &= Domain("company_ids", "in", company.ids)
        # sudo: res.users - who is an Agent doesn't depend on who asks
        return self.sudo().search(domain)

    def _messaging_is_agent(self):
        self.ensure_one()
        # sudo: res.users - asked about colleagues too
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
        # Odoo writes groups whenever a user is made or a preference changes: open
        # inboxes are disturbed only when somebody sees more or less than before.
        after = self._messaging_access(vals)
        if after != before:
            self.env["messaging.availability"]._sync()
            self._messaging_after_access_change()
            gained = [id for id, sees in after.items() if sees and not before[id]]
            self.browse(gained)._bus_send_messaging_subscribe()
        return result

    def _messaging_access(self, vals):
        """Return what these users see as far as a change of ``vals`` may decide it."""
        if not vals.keys() & {"active", "group_ids", "company_ids"}:
            return None
        # sudo: res.users - whoever edits a user may not read all of him
        return {
            user.id: user._messaging_is_agent() and user.company_ids.ids
            for user in self.sudo()
        }

    def _messaging_signal_first(self):
        """Let all processes forget cached groups before browsers hear of a change.

        Odoo tells its processes after the bus: a quick browser would be answered, and
        subscribed again, by what it could see before.
        """
        if self.env.registry.ready:
            self.env.cr.postcommit.add(self._messaging_signal_groups)

    def _messaging_signal_groups(self):
        """Other threads may have cached again what was true until the commit."""
        registry = self.env.registry
        for name in list(registry.cache_invalidated):
            registry.clear_cache(name)
        registry.signal_changes()

    @api.model
    def _messaging_after_access_change(self):
        """Hook: users, groups or companies changed, and with them who sees what."""

    def _bus_send_messaging_subscribe(self):
        """Tell who has become an Agent: open browsers don't hear the group yet."""
        # sudo: res.users - whoever edits groups may not read all of their members
        for user in self.sudo():
            user._bus_send("messaging_inbox/subscribe", {})
