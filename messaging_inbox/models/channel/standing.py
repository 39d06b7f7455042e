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
        before = {name: channel[name] for name in changed if channel[name]}
        channel.write(changed)
        channel._tell_falls(before)

    def _tell_falls(self, before):
        """Put into a notice which of these former values have become worse.

        An earlier notice stays beside it, unless a value has become better.
        """
        worse = [
            name
            for name, value in before.items()
            if RANKS[name](self[name]) < RANKS[name](value)
        ]
        is_ours = self.notice_code == "standing"
        if not worse and not (before and is_ours):
            return
        sentences = self._standing_sentences()
        told = [sentences[name] for name in worse]
        if is_ours and len(worse) == len(before):
            told.insert(0, self._notice_sentence())
        values = {"notice": " ".join(filter(None, told)) or False}
        values |= {"notice_code": "standing", "notice_at": fields.Datetime.now()}
        self.write(values)

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
