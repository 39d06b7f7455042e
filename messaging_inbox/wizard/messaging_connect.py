from dataclasses import asdict

from odoo import api, fields, models
from odoo.orm.models import NO_ACCESS

from ..models.account.connection import OURS_OR_FREE, TAKES
from ..providers.errors import ProviderError
from ..providers.events import ChannelInfo, Standing
from ..tools.client_values import are_ids, expects


class MessagingConnect(models.TransientModel):
    """The numbers that the provider listed, while a user chooses and connects them.

    The screen (``static/src/connecting/``) refers to them by their index, so that no
    value from the client is sent to the provider.
    """

    _name = "messaging.connect"
    _description = "Connect numbers"

    account_id = fields.Many2one("messaging.account", required=True, readonly=True)
    # A list of {"info", "verdict"} and, once tried, "error".
    numbers = fields.Json(groups=NO_ACCESS)

    @api.model
    def _open(self, account, verdicts):
        """Return the dialog of the numbers found, {ChannelInfo: verdict}."""
        numbers = [
            {"info": asdict(info), "verdict": verdict}
            for info, verdict in verdicts.items()
        ]
        # sudo: messaging.connect - users may not create it themselves
        dialog = self.sudo().create({"account_id": account.id, "numbers": numbers})
        others = account._others(verdicts)
        rows = [
            {**dialog._row(info, verdict, info in others), "id": index}
            for index, (info, verdict) in enumerate(verdicts.items())
        ]
        return {
            "type": "ir.actions.client",
            "tag": "messaging_inbox.connect",
            "params": {
                "dialog_id": dialog.id,
                "rows": rows,
                "is_connected": account.state == "connected",
            },
        }

    def _row(self, info, verdict, is_others):
        """Return one number as the screen shows it.

        The webhook address of this database isn't shown: it may be another company's.
        """
        kinds = self.env["messaging.channel"]._fields["kind"]
        return {
            "name": "" if info.name == info.address else info.name,
            "kind": dict(kinds._description_selection(self.env)).get(info.kind),
            "address": info.address,
            "webhook_url": info.webhook_url if is_others else "",
            "posts_here": bool(info.webhook_url) and not is_others,
            "verdict": verdict,
            "note": self._note(info, verdict),
            "is_ticked": verdict in OURS_OR_FREE,
            "can_be_ticked": verdict in OURS_OR_FREE + TAKES,
        }

    def _note(self, info, verdict):
        """Return what to know before connecting a number, in a sentence or two."""
        words = {
            "problem": info.problem,
            "archived": self.env._(
                "Its channel is archived here: unarchive it to use it again."
            ),
            "other": self.env._(
                "Another program uses it, and would get no more messages."
            ),
        }
        return " ".join(filter(None, [words.get(verdict), info.note]))

    @expects(indexes=are_ids)
    def action_connect_numbers(self, indexes):
        """Connect numbers by their indexes in the list, a few at a time.

        Return {index: error, empty if it is connected}. Without indexes, only the
        account is connected.
        """
        self.ensure_one()
        self.check_access("read")
        self.account_id.check_access("write")
        # sudo: messaging.connect - users may not read the numbers
        dialog = self.sudo()
        numbers = dialog.numbers
        chosen = {
            index: number
            for index, number in enumerate(numbers)
            if index in indexes and number["verdict"] in OURS_OR_FREE + TAKES
        }
        errors = self._connect([_info(number) for number in chosen.values()], numbers)
        for number in chosen.values():
            number["error"] = errors.get(_info(number), "")
        dialog.numbers = numbers
        return {str(index): number["error"] for index, number in chosen.items()}

    def _connect(self, infos, numbers):
        """Connect numbers and record the outcome on the account.

        Return {ChannelInfo: error}.
        """
        account = self.account_id
        try:
            errors = account._connect(infos)
        except ProviderError as error:
            account._connection_failed(error)
            return dict.fromkeys(infos, account._connection_error(error))
        tried = {
            _info(number): number["error"] for number in numbers if "error" in number
        }
        tried |= {info: errors.get(info, "") for info in infos}
        failed = {info: sentence for info, sentence in tried.items() if sentence}
        verdicts = {_info(number): number["verdict"] for number in numbers}
        account._set_outcome(verdicts, list(tried), failed)
        return errors


def _info(number):
    info = number["info"]
    return ChannelInfo(**{**info, "standing": Standing(**info["standing"])})
