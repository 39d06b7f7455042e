from urllib.parse import urlsplit

from odoo import models

from ...providers.errors import ProviderError, SendError

# A message on the screen names so many channels, and counts the others.
MOST_NAMED = 5
# What connects without being chosen.
OURS_OR_FREE = ("free", "ours")
# What may be chosen: it takes something away from somebody else.
TAKES = ("other", "group")


class MessagingAccount(models.Model):
    """Connecting to the provider, and whether it still answers."""

    _inherit = "messaging.account"

    def action_connect(self):
        """Check the credentials, make the channels, set and read back their webhook.

        It asks nobody, so only numbers that are free or ours are connected.
        """
        self.ensure_one()
        self.check_access("write")
        try:
            verdicts = self._find_numbers()
            chosen = [i for i, verdict in verdicts.items() if verdict in OURS_OR_FREE]
            errors = self._connect(chosen)
        except ProviderError as error:
            return self._connection_failed(error)
        self._set_outcome(verdicts, chosen, errors)
        return self._notify_connected(verdicts, chosen, errors)

    def action_list_numbers(self):
        """Return the dialog in which a user chooses the numbers to connect."""
        self.ensure_one()
        self.check_access("write")
        try:
            verdicts = self._find_numbers()
        except ProviderError as error:
            return self._connection_failed(error)
        if verdicts:
            return self.env["messaging.connect"]._open(self, verdicts)
        self._set_outcome({}, [], {})
        return self._notify_connected({}, [], {})

    def _find_numbers(self):
        """Return {ChannelInfo: verdict} of all that the provider lists.

        ``problem``: it can't be used. ``archived``: its channel was archived here.
        ``other``: it posts to another program. ``ours``: it posts to this database.
        ``group``: connecting would change a group of numbers. ``free``: none of these.

        ProviderError where the provider doesn't answer or refuses the credentials.
        """
        self._before_connecting()
        self._provider().check()
        provider, renewed = self._renewed_provider()
        infos = provider.list_channels()
        self._keep_credentials(renewed)
        others = self._others(infos)
        archived = set(map(_key, self._all_channels().filtered(lambda c: not c.active)))

        def verdict(info):
            if info.problem:
                return "problem"
            if _key(info) in archived:
                return "archived"
            if info in others:
                return "other"
            if info.webhook_url:
                return "ours"
            return "group" if info.group else "free"

        return {info: verdict(info) for info in infos}

    def _others(self, infos):
        """Return those that post to an address of no account of this database.

        The host may have changed, so only the token is compared.
        """
        tokens = {info: _token_of(info) for info in infos if info.webhook_url}
        # sudo: messaging.account - only tells that an account has this address
        Account = self.env["messaging.account"].sudo().with_context(active_test=False)
        known = Account.search([("webhook_token", "in", list(set(tokens.values())))])
        ours = set(known.mapped("webhook_token"))
        return {info for info, token in tokens.items() if token not in ours}

    def _connect(self, infos):
        """Have numbers post here, and make their channels.

        Return {ChannelInfo: the sentence why it doesn't}; ProviderError if the account
        can't be used, so that none does.
        """
        # The provider may ask at our webhook: nothing is written before it answers.
        failures = self._provider().register(self.webhook_url, infos) if infos else {}
        self._make_channels([info for info in infos if info not in failures])
        return self._in_words(failures)

    def _set_outcome(self, verdicts, chosen, errors):
        """Keep on the account how connecting the chosen numbers went."""
        problems = [*_named_errors(errors), *_problems(verdicts, chosen)]
        if chosen and len(errors) == len(chosen):
            # sudo: messaging.account - the installer may be no manager any more
            self.sudo().error_message = " ".join(self._first(problems))
            return
        elsewhere = {
            _key(info)
            for info, verdict in verdicts.items()
            if info in errors or (verdict in TAKES and info not in chosen)
        }
        all_post = not elsewhere & set(map(_key, self._all_channels()))
        self._set_connected(self._first(problems), all_post)
        self._after_channels_change()

    def _before_connecting(self):
        """Make what the provider wants to know of us, before it is asked anything."""

    def action_check_health(self):
        """Ask the provider whether the account still works, and fix what doesn't."""
        self.ensure_one()
        self.check_access("write")
        message = self._check_health()
        if message:
            return self._notification(message, "danger")
        return self._notification(
            self.env._("%s responds. The credentials are correct.", self.name),
            "success",
        )

    def _connection_failed(self, error):
        """Keep what went wrong on the account, where raising would roll it back."""
        message = self._connection_error(error)
        if self.state == "connected":
            self._keep_error(error)
        else:
            self.error_message = message
        return self._notification(message, "danger")

    def _connection_error(self, error):
        """Say in one sentence why the provider can't be used."""
        if not isinstance(error, SendError):
            return str(error)
        sentence = self.env["messaging.reasons"]._sentence_for_manager(error.reason)
        words = " ".join(filter(None, [error.code, error.detail]))
        return f"{sentence} ({words})" if words else sentence

    def _in_words(self, failures):
        """Return {ChannelInfo: sentence} of {ChannelInfo: SendError}."""
        return {info: self._connection_error(e) for info, e in failures.items()}

    def _failures_named(self, failures):
        return " ".join(self._first(_named_errors(self._in_words(failures))))

    def _make_channels(self, infos):
        """Give each number its channel, and keep where another program had it post."""
        channels = {_key(channel): channel for channel in self._all_channels()}
        missing = [info for info in infos if _key(info) not in channels]
        made = self._all_channels().create(list(map(self._channel_values, missing)))
        channels.update((_key(channel), channel) for channel in made)
        others = self._others(infos)
        for info in infos:
            channel = channels[_key(info)]
            channel._take_info(info)
            if info in others:
                channel.replaced_webhook = info.webhook_url

    def _channel_values(self, info):
        return {
            "account_id": self.id,
            "kind": info.kind,
            "address": info.address,
            "name": info.name or info.address,
        }

    def _notify_connected(self, verdicts, chosen, errors):
        done = [info for info in chosen if info not in errors]
        left = [info for info, verdict in verdicts.items() if verdict == "other"]
        sentences = [self._done_sentence(done, left, errors)]
        if left:
            words = self.env._(
                "Left, because another program has them: %(addresses)s.",
                addresses=self._named(left),
            )
            sentences.append(words)
        sentences += self._first(_named_errors(errors))
        problems = _problems(verdicts, chosen)
        if len(problems) > MOST_NAMED:
            words = self.env._("%s can't be used: see the account.", len(problems))
            problems = [words]
        kind = "success" if done and not errors else "warning"
        if errors and not done:
            kind = "danger"
        return self._notification(" ".join(filter(None, [*sentences, *problems])), kind)

    def _done_sentence(self, done, left, errors):
        if done:
            return self.env._("Connected: %(addresses)s.", addresses=self._named(done))
        if errors:
            return ""
        if left:
            return self.env._(
                "The credentials are right, but no channel was connected."
            )
        return self.env._(
            "The credentials are right, but the account has no channel that can be"
            " used."
        )

    def _named(self, infos):
        return ", ".join(self._first(list(map(_called, infos))))

    def _first(self, words):
        """Return the first ones, and how many more there are."""
        more = len(words) - MOST_NAMED
        if more <= 0:
            return words
        return [*words[:MOST_NAMED], self.env._("%s more", more)]

    def _notification(self, message, kind):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": kind,
                "sticky": kind == "danger",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


def _key(channel):
    """Return what tells a channel, ours or the provider's, from all others."""
    return channel.kind, channel.address


def _token_of(info):
    return urlsplit(info.webhook_url).path.rpartition("/")[2]


def _called(info):
    """Return what people call a channel, whose address may be a mere number."""
    if info.name in ("", info.address):
        return info.address
    return f"{info.name} ({info.address})"


def _named_errors(errors):
    return [f"{_called(info)}: {sentence}" for info, sentence in errors.items()]


def _problems(verdicts, chosen):
    """Return why numbers can't be used, or not without changing their group."""
    words = {
        info: info.problem or info.note
        for info, verdict in verdicts.items()
        if verdict in ("problem", "group") and info not in chosen
    }
    return [f"{info.address}: {sentence}" for info, sentence in words.items()]
