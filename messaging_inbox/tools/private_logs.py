"""Keep customers' texts and ids and our tokens out of the server log.

Odoo logs a failed statement with all its values, the URL of each request, and the
sentence with which a request was refused. A traceback ends with its error's message.
All of these may quote a value.
"""

import logging
import re
import traceback

ADDON = "odoo.addons.messaging_inbox"
PARTS = ("controllers", "models", "providers", "tools", "wizard")
OURS = tuple(f"{ADDON}.{part}." for part in PARTS)
TABLES = re.compile(r"\bmessaging_[a-z_]+")
# A webhook's token and its query, which contains Meta's verify token; and a file's
# signed path, which grants access to it.
SECRETS = re.compile(r"(/messaging/(?:webhook|media)/)[^\s\"]+")


class Statements(logging.Filter):
    """Replace the text of our failed statements with the names of their tables.

    Ours are those that name us, and those on other tables that our code executes.
    """

    def filter(self, record):
        if str(record.msg).startswith("bad query") and len(record.args or ()) == 2:
            query, error = record.args
            text = query.decode("utf-8", "replace") if type(query) is bytes else query
            frames = (frame for frame, _line in traceback.walk_stack(None))
            if "messaging" in str(text) or _ours(frames):
                tables = ", ".join(sorted(set(TABLES.findall(str(text)))))
                record.args = f"statement on {tables or 'other tables'}", _name(error)
        return True


class Addresses(logging.Filter):
    """Remove the secret part from the URLs of our routes."""

    def filter(self, record):
        if isinstance(record.args, tuple):
            record.args = tuple(map(_without_secret, record.args))
        record.msg = _without_secret(record.msg)
        return True


class Errors(logging.Filter):
    """Log an error's traceback and class, but not its message."""

    def filter(self, record):
        if record.exc_info and record.exc_info[1]:
            record.exc_text = "\n".join(_traceback(record.exc_info[1]))
            record.exc_info = None
        return True


class Requests(Errors):
    """Log where our code refused a request or failed, but not in which words."""

    def filter(self, record):
        is_sentence = isinstance(record.msg, BaseException)
        error = record.msg if is_sentence else (record.exc_info or (None, None))[1]
        ours = _our_frames(error) if error else ()
        if not ours:
            return True
        if is_sentence:
            record.msg = f"{type(error).__name__} in {ours[-1]}"
        return super().filter(record)


def _our_frames(error):
    """Return where in our code an error was raised or passed through, as words."""
    return _ours(frame for frame, _line in traceback.walk_tb(error.__traceback__))


def _ours(frames):
    """Return those of some frames that are our code's, as words.

    All requests pass through ``ir_http``, also those of others, and all log lines
    through this module.
    """
    places = ((f.f_globals.get("__name__", ""), f.f_code.co_name) for f in frames)
    return [
        f"{name} of {module}"
        for module, name in places
        if module.startswith(OURS)
        and not module.endswith(".ir_http")
        and module != __name__
    ]


def _traceback(error):
    """Return the frames and class name of an error, after those of its cause."""
    cause = error.__cause__ or (not error.__suppress_context__ and error.__context__)
    frames = "".join(traceback.format_tb(error.__traceback__))
    return [*(_traceback(cause) if cause else ()), frames + _name(error)]


def _name(error):
    code = getattr(error, "pgcode", None)
    return f"{type(error).__name__} ({code})" if code else type(error).__name__


def _without_secret(value):
    return SECRETS.sub(r"\1…", value) if isinstance(value, str) else value


def install():
    """Filter this addon's log records, and what Odoo logs about our requests.

    Child loggers don't inherit filters, so each logger gets its own.
    """
    ours = [name for name in logging.root.manager.loggerDict if name.startswith(ADDON)]
    filters = {"odoo.sql_db": Statements, "werkzeug": Addresses}
    filters["odoo.http"] = Requests
    for name, made in {**dict.fromkeys(ours, Errors), **filters}.items():
        logger = logging.getLogger(name)
        if not any(type(each).__name__ == made.__name__ for each in logger.filters):
            logger.addFilter(made())
