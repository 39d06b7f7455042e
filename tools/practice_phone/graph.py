"""The addresses of the Graph API, which all of Meta's providers share.

The account of the token tells which of them answers.
"""

from starlette.convertors import Convertor, register_url_convertor
from starlette.routing import Route

from .meta.errors import no_such_object
from .meta.guard import guarded

METHODS = ["GET", "POST", "DELETE"]


class Version(Convertor):
    """A version such as `v25.0`; unlike Twilio's `v1`, it has a point."""

    regex = r"v[0-9]+\.[0-9]+"

    def convert(self, value):
        return value

    def to_string(self, value):
        return value


register_url_convertor("graph", Version())
ROOT = "/{version:graph}"


def routes(phone, tables):
    """Return the routes of `{provider: {(method, path): handler}}`."""
    places = {place for table in tables.values() for place in table}

    def route(method, path):
        handlers = {code: table.get((method, path)) for code, table in tables.items()}

        async def answer(phone, caller, request):
            handler = handlers[caller.account.provider] or _unknown
            return await handler(phone, caller, request)

        return Route(ROOT + path, guarded(phone, answer), methods=[method])

    # Fixed addresses come first: `{node}` would match them.
    known = sorted(places, key=lambda place: ("{" in place[1], place))
    rest = Route(ROOT + "/{rest:path}", guarded(phone, _unknown), methods=METHODS)
    return [*(route(*place) for place in known), rest]


async def _unknown(phone, caller, request):
    raise no_such_object(request.url.path, request.method.lower())
