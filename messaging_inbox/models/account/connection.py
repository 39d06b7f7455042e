from urllib.parse import urlsplit

from odoo import models

from ...providers.errors import ProviderError, SendError

# A notification names at most this many channels and counts the others.
MOST_NAMED = 5
# Verdicts of numbers that are connected without a choice of the user.
OURS_OR_FREE = ("free", "ours")
# Verdicts of numbers that take something away from another program: the user chooses.
TAKES = ("other", "group")


class MessagingAccount(models.Model):
    """Connects the account to its provider."""

    _inherit = "messaging.account"

    def action_connect(self):
        """Check the credentials, create the channels and set their webhook address.

        The user makes no choice here, so only free numbers and our own are connected.
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
        """Return {ChannelInfo: verdict} for all numbers that the provider lists.

        ``problem``: it can't be used. ``archived``: its channel was archived here.
        ``other``: it posts to another program. ``ours``: it posts to this database.
        ``group``: connecting would change a group of numbers. ``free``: none of these.

        Raise ProviderError if the provider doesn't answer or refuses the credentials.
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
        """Return the numbers whose webhook belongs to no account of this database.

        Only the token is compared, since the host may have changed.
        """
        tokens = {info: _token_of(info) for info in infos if info.webhook_url}
        # sudo: messaging.account - only checks that an account has this token
        Account = self.env["messaging.account"].sudo().with_context(active_test=False)
        known = Account.search([("webhook_token", "in", list(set(tokens.values())))])
        ours = set(known.mapped("webhook_token"))
        return {info for info, token in tokens.items() if token not in ours}

    def _connect(self, infos):
        """Set the numbers' webhook address and create their channels.

        Return {ChannelInfo: error sentence} for those that failed. Raise ProviderError
        if the account can't be used at all.
        """
        # The provider may call our webhook meanwhile: write nothing before.
        failures = self._provider().register(self.webhook_url, infos) if infos else {}
        self._make_channels([info for info in infos if info not in failures])
        return self._error_sentences(failures)

    def _set_outcome(self, verdicts, chosen, errors):
        """Record the outcome of connecting the chosen numbers on the account."""
        problems = [*_named_errors(errors), *_problems(verdicts, chosen)]
        if chosen and len(errors) == len(chosen):
            # sudo: messaging.account - the installer may no longer be a manager
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
        """Hook: prepare credentials that the provider asks for while we connect."""

    def action_check_health(self):
        """Check the account at the provider and reconnect channels that it cut off."""
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
        """Record the error on the account, which raising it would roll back."""
        message = self._connection_error(error)
        if self.state == "connected":
            self._keep_error(error)
        else:
            self.error_message = message
        return self._notification(message, "danger")

    def _connection_error(self, error):
        """Return a sentence that explains the error to a manager."""
        if not isinstance(error, SendError):
            return str(error)
        sentence = self.env["messaging.reasons"]._sentence_for_manager(error.reason)
        words = " ".join(filter(None, [error.code, error.detail]))
        return f"{sentence} ({words})" if words else sentence

    def _error_sentences(self, failures):
        """Return {ChannelInfo: sentence} of {ChannelInfo: SendError}."""
        return {info: self._connection_error(e) for info, e in failures.items()}

    def _failures_named(self, failures):
        return " ".join(self._first(_named_errors(self._error_sentences(failures))))

    def _make_channels(self, infos):
        """Create missing channels; store a webhook address that we replaced."""
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
        if made:
            self._after_channels_made(made)

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
                "Skipped, because another program uses them: %(addresses)s.",
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
        """Return the first few, and the number of the others."""
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
    """Return what identifies a channel, ours or the provider's."""
    return channel.kind, channel.address


def _token_of(info):
    return urlsplit(info.webhook_url).path.rpartition("/")[2]


def _called(info):
    """Return the name of a channel with its address."""
    if info.name in ("", info.address):
        return info.address
    return f"{info.name} ({info.address})"


def _named_errors(errors):
    return [f"{_called(info)}: {sentence}" for info, sentence in errors.items()]


def _problems(verdicts, chosen):
    """Return the problems of the numbers that weren't connected."""
    words = {
        info: info.problem or info.note
        for info, verdict in verdicts.items()
        if verdict in ("problem", "group") and info not in chosen
    }
    return [f"{info.address}: {sentence}" for info, sentence in words.items()]
