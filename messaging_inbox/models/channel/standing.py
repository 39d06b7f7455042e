import math

from odoo import fields, models

from ...providers.events import UNLIMITED

QUALITIES = [("high", "High"), ("medium", "Medium"), ("low", "Low")]
NAME_STATES = [
    ("approved", "Approved"),
    ("pending", "In review"),
    ("declined", "Declined"),
]
# By field, how good a value is; a name in review is as good as an approved one.
RANKS = {
    "quality": {"low": 0, "medium": 1, "high": 2}.get,
    "daily_limit": lambda limit: math.inf if limit == UNLIMITED else limit,
    "name_state": {"declined": 0, "pending": 1, "approved": 1}.get,
}


class MessagingChannel(models.Model):
    """How the provider rates a channel: reported by it, and read by the daily check."""

    _inherit = "messaging.channel"

    quality = fields.Selection(
        QUALITIES,
        readonly=True,
        copy=False,
        help="How the provider rates what customers say about the channel's messages.",
    )
    daily_limit = fields.Integer(
        readonly=True,
        copy=False,
        help=(
            "To how many customers the channel may write first within 24 hours."
            " -1 is without limit, 0 is unknown."
        ),
    )
    name_state = fields.Selection(
        NAME_STATES,
        string="Name that customers see",
        readonly=True,
        copy=False,
    )

    def _take_standing(self, standing):
        """Store what the provider said, where it changed; what is empty stays.

        What has become worse is a notice for managers.
        """
        self.ensure_one()
        # sudo: messaging.channel - the fields are written by our own code only
        channel = self.sudo()
        said = {name: getattr(standing, name) for name in RANKS}
        changed = {
            name: value
            for name, value in said.items()
            if value and channel[name] != value
        }
        if not changed:
            return
        worse = [name for name in changed if channel._is_worse(name, changed[name])]
        channel.write(changed)
        if worse:
            sentences = channel._standing_sentences()
            channel.notice = " ".join(sentences[name] for name in worse)
            channel.notice_code = "standing"
            channel.notice_at = fields.Datetime.now()

    def _is_worse(self, name, value):
        rank = RANKS[name]
        return bool(self[name]) and rank(value) < rank(self[name])

    def _standing_sentence(self):
        """Return a warning as long as the provider rates the channel badly."""
        bad = {"quality": "low", "name_state": "declined"}
        found = [name for name, value in bad.items() if self[name] == value]
        sentences = found and self._standing_sentences()
        return " ".join(sentences[name] for name in found) or False

    def _standing_sentences(self):
        """Return {field: sentence for managers} about values that aren't good."""
        qualities = dict(self._fields["quality"]._description_selection(self.env))
        return {
            "quality": self.env._(
                "The provider rates this channel's quality as “%(quality)s”, because"
                " customers block or report its messages.",
                quality=qualities.get(self.quality, ""),
            ),
            "daily_limit": self.env._(
                "This channel may write first to only %(limit)s customers within 24"
                " hours now.",
                limit=self.daily_limit,
            ),
            "name_state": self.env._(
                "The provider declined the name that customers see."
            ),
        }

    def _take_info(self, info):
        super()._take_info(info)
        self._take_standing(info.standing)
