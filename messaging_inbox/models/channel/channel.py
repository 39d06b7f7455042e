from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.statistics import keep_statistics
from ..access.res_users import AGENT

# The digits of a short code: three to eight, by country.
SHORT_CODE = range(3, 9)
# Kinds on which customers are known by their phone number, and its scheme.
SCHEMES = {"whatsapp": "whatsapp:", "sms": "sms:"}
BY_NUMBER = tuple(SCHEMES)
# What the cached ways to find a channel depend on.
LOCATED_BY = {"account_id", "kind", "address", "active", "provider_reference"}


def _is_number(text):
    return text.isascii() and text.isdecimal()


def _is_address(kind, address):
    if kind in ("messenger", "instagram"):
        return _is_number(address)
    if kind == "sms" and _is_number(address) and len(address) in SHORT_CODE:
        return True
    return address[:1] == "+" and _is_number(address[1:])


class MessagingChannel(models.Model):
    _name = "messaging.channel"
    _description = "Messaging channel"
    _order = "name, id"

    name = fields.Char(required=True)
    account_id = fields.Many2one(
        "messaging.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True
    )
    installer_id = fields.Many2one(related="account_id.installer_id")
    kind = fields.Selection(
        [
            ("whatsapp", "WhatsApp"),
            ("sms", "SMS"),
            ("messenger", "Messenger"),
            ("instagram", "Instagram"),
        ],
        required=True,
        default="whatsapp",
    )
    address = fields.Char(
        required=True,
        help=(
            "What customers write to: a number such as +34600000000, a short code,"
            " or the ID of a Page."
        ),
    )
    visibility = fields.Selection(
        [
            ("shared", "Shared: every Agent of the company"),
            ("private", "Private: only the installer"),
        ],
        required=True,
        default="shared",
    )
    active = fields.Boolean(default=True)
    provider_reference = fields.Char(
        string="Id at the provider", readonly=True, copy=False
    )
    access_epoch = fields.Integer(
        readonly=True,
        copy=False,
        help=(
            "Increases whenever a user may have lost access, so that old"
            " subscriptions receive nothing more."
        ),
    )

    _address_unique = models.UniqueIndex(
        "(account_id, kind, address)", "This address already has a channel."
    )

    def init(self):
        keep_statistics(self)

    @api.constrains("kind", "address")
    def _check_address(self):
        for channel in self:
            if not _is_address(channel.kind, channel.address):
                raise ValidationError(
                    self.env._(
                        "%(address)s isn't a valid channel address. Enter a number"
                        " such as +34600000000, a short code, or the numeric ID of a"
                        " Page.",
                        address=channel.address,
                    )
                )

    @api.constrains("kind", "account_id")
    def _check_kind(self):
        for channel in self:
            if not channel._is_carried():
                raise ValidationError(
                    self.env._(
                        "%(account)s doesn't support %(kind)s.",
                        account=channel.account_id.name,
                        kind=channel.kind,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        defaults = {
            name.removeprefix("default_"): value
            for name, value in self.env.context.items()
            if name.startswith("default_")
        }
        for vals in (defaults, *vals_list):
            self._check_not_derived(vals)
        channels = super().create([self._clean(vals) for vals in vals_list])
        self.env.registry.clear_cache()
        channels._access_changed()
        channels.account_id._after_channels_change()
        return channels

    def write(self, vals):
        vals = self._clean(vals)
        self._check_not_derived(vals)
        if "visibility" in vals:
            self._check_may_change_visibility(vals["visibility"])
        self._check_stays_itself(vals)
        result = super().write(vals)
        if vals.keys() & LOCATED_BY:
            self.env.registry.clear_cache()
        if vals.keys() & {"kind", "address"}:
            self.account_id._after_channels_change()
        if vals.keys() & {"visibility", "active", "account_id"}:
            self._access_changed()
        if vals.get("visibility") == "shared":
            self._after_share()
        return result

    def _after_share(self):
        """Hook: the installer has shared them, in the same transaction."""

    @api.onchange("visibility")
    def _onchange_visibility(self):
        """Warn how many assignments a channel loses when it becomes private."""
        channel = self._origin
        if self.visibility != "private" or channel.visibility != "shared":
            return None
        # sudo: messaging.conversation - only a count, for a channel the user may edit
        number = (
            self.env["messaging.conversation"]
            .sudo()
            .search_count(
                [
                    ("channel_id", "=", channel.id),
                    ("user_id", "not in", [False, channel.account_id.installer_id.id]),
                ]
            )
        )
        if not number:
            return None
        message = self.env._(
            "Conversations that will become unassigned, because their assignees lose"
            " access to this channel: %(number)s. They get their assignees back when"
            " you share the channel again, unless they were reassigned meanwhile.",
            number=number,
        )
        return {"warning": {"title": self.env._("Private channel"), "message": message}}

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_conversations(self):
        # sudo: messaging.conversation - hidden conversations count too
        if (
            self.env["messaging.conversation"]
            .sudo()
            .search_count([("channel_id", "in", self.ids)], limit=1)
        ):
            raise UserError(
                self.env._("A channel with conversations can be archived, not deleted.")
            )

    def _check_not_derived(self, vals):
        """Refuse fields that decide access: only the account and our code set them."""
        if not self.env.su and vals.keys() & {"company_id", "access_epoch"}:
            raise AccessError(
                self.env._("A channel belongs to the company of its account.")
            )

    def _check_stays_itself(self, vals):
        """Refuse to move a channel, or to change an address that customers wrote to."""
        changed = {
            name
            for channel in self
            for name in ("account_id", "kind", "address")
            if name in vals
            and vals[name]
            != channel._fields[name].convert_to_write(channel[name], channel)
        }
        if "account_id" in changed:
            raise UserError(
                self.env._(
                    "A channel can't move to another account. Connect a new one."
                )
            )
        # sudo: messaging.conversation - hidden conversations count too
        if changed and self.env["messaging.conversation"].sudo().search_count(
            [("channel_id", "in", self.ids)], limit=1
        ):
            raise UserError(
                self.env._(
                    "The address of a channel with conversations can't be changed."
                )
            )

    def _clean(self, vals):
        """Strip the scheme that users may paste with a number."""
        if not vals.get("address"):
            return vals
        address = "".join(vals["address"].split())
        for scheme in SCHEMES.values():
            address = address.removeprefix(scheme)
        return {**vals, "address": address}

    def _check_may_change_visibility(self, visibility):
        if self.env.su:
            return
        for channel in self:
            if channel.visibility == visibility:
                continue
            if channel.account_id.sudo().installer_id != self.env.user:
                raise AccessError(
                    self.env._("Only the installer can change who sees this channel.")
                )

    def _access_changed(self):
        """Invalidate live subscriptions and unassign users who lost access."""
        if not self:
            return
        # sudo: messaging.channel - the user may lack access to the epoch
        for channel in self.sudo():
            channel.access_epoch += 1
        self._bus_send_subscribe()
        self.env["messaging.availability"]._sync()

    @api.model
    def _bus_send_subscribe(self):
        """Make all Agents subscribe again, whether they lost or gained access.

        A browser listens to the groups that its user had when it subscribed.
        """
        group = self.env.ref(AGENT)
        self.env["bus.bus"]._sendone(group, "messaging_inbox/subscribe", {})

    def _inbox_bus_target(self):
        self.ensure_one()
        return (self, f"inbox-{self.access_epoch}")

    def _users_with_access(self):
        """Return the Agents with access to this channel, even if it is archived."""
        self.ensure_one()
        # sudo: res.users - the answer doesn't depend on the current user
        channel = self.sudo()
        agents = self.env["res.users"].sudo()._messaging_agents(channel.company_id)
        if channel.visibility == "shared":
            return agents.sudo(False)
        return (agents & channel.account_id.installer_id).sudo(False)

    @api.model
    @tools.ormcache("account_id", "kind", "address", "reference")
    def _id_of(self, account_id, kind, address, reference):
        """Return the id of the account's channel that an event names, or None.

        The provider's id of a channel counts more than its address, which may be
        written in several ways.
        """
        # sudo: messaging.channel - webhooks have no user
        channels = self.sudo().with_context(active_test=False)
        of_kind = [("account_id", "=", account_id), ("kind", "=", kind)]
        by_address = [*of_kind, ("address", "=", address)]
        if not reference:
            return channels.search(by_address, limit=1).id or None
        by_id = [*of_kind, ("provider_reference", "=", reference)]
        # A channel that was made by hand has no id yet.
        by_address.append(("provider_reference", "=", False))
        found = channels.search(by_id, limit=1) or channels.search(by_address, limit=1)
        return found.id or None

    @api.model
    def _inbox_bus_targets(self):
        """Return the bus targets of all channels that the current user may see."""
        user = self.env.user
        # Query the database: this process's group cache may be stale.
        if user not in user._messaging_agents():
            return []
        channels = self._visible_channels(user.company_ids)
        return [channel._inbox_bus_target() for channel in channels]

    @api.model
    def _visible_channels(self, companies):
        """Return the channels whose conversations the user may see, in sudo mode."""
        # sudo: messaging.channel - a manager's own rules would include private ones
        return self.sudo().search(
            [
                ("company_id", "in", companies.ids),
                "|",
                ("visibility", "=", "shared"),
                ("account_id.installer_id", "=", self.env.uid),
            ]
        )

    @api.model
    def _inbox_channels(self):
        """Return the current user's channels as values for the inbox."""
        channels = self._visible_channels(self.env.companies)
        return [channel._inbox_channel() for channel in channels]

    def _inbox_channel(self):
        self.ensure_one()
        provider = self.account_id._provider_class()
        limits = self._limits()
        is_manager = self.env.user.has_group("messaging_inbox.group_messaging_manager")
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "address": self.address,
            "account_name": self.account_id.name,
            "account_state": self.account_id.state if self._is_carried() else "error",
            "file_limits": dict(limits.files),
            "captions": dict(limits.captions),
            "voice_types": list(limits.voice),
            "sends_templates": self._sends_templates(self.id),
            "can_quote": self.kind in provider.quotes,
            "takes_places": self._takes_places(),
            "shows_reading": self._shows_reading(self.id),
            "reactions": self._inbox_reactions(),
            "blocks_after_stop": self.kind in provider.blocks_after_stop,
            "text_limit": limits.text,
            "text_bytes": limits.text_bytes or False,
            "warning": is_manager and (self.warning or False),
            "statuses": sorted(provider.statuses),
        }

    def _inbox_reactions(self):
        """Return the reactions to offer, False where the provider takes none."""
        reactions = self._reactions()
        if not reactions:
            return False
        palette, any_emoji = list(reactions.palette), reactions.any_emoji
        return {"palette": palette, "any_emoji": any_emoji}

    @api.model
    @tools.ormcache("channel_id")
    def _reply_window(self, channel_id):
        """Return the reply window of a channel."""
        # sudo: messaging.channel - a provider's rules are not confidential
        channel = self.sudo().browse(channel_id)
        return channel.account_id._reply_window(channel.kind)
