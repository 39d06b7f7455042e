"""The routes of the Graph API that Odoo calls, and of Meta's delivery network."""

from starlette.convertors import Convertor, register_url_convertor
from starlette.responses import JSONResponse
from starlette.routing import Route

from . import links, nodes, sending, subscriptions
from .contract import is_reaction, read_order, read_reaction, read_upload
from .errors import GraphError, no_such_object
from .guard import guarded, parameters


class Version(Convertor):
    """A version such as `v25.0`; unlike Twilio's `v1`, it has a point."""

    regex = r"v[0-9]+\.[0-9]+"

    def convert(self, value):
        return value

    def to_string(self, value):
        return value


register_url_convertor("graph", Version())
ROOT = "/{version:graph}"
NODE = ROOT + "/{node}"
# How much of the rate limits is used up, as Meta reports it
USAGE = {"X-App-Usage": '{"call_count":1,"total_cputime":1,"total_time":1}'}


async def send(phone, caller, request):
    page, values = _sender(caller, request), parameters(request)
    if is_reaction(values):
        reaction = read_reaction(values)
        sending.react(phone, page, reaction)
        return JSONResponse({"recipient_id": reaction.recipient}, headers=USAGE)
    order = read_order(values)
    message = await sending.accept(phone, page, order)
    early = phone.faults.next_callbacks_are_early()
    life = phone.spawn(sending.carry(phone, message))
    if early:
        # Odoo gets the echo and the delivery before this answer.
        await life
    body = {"recipient_id": order.recipient, "message_id": message.sid}
    return JSONResponse(body, headers=USAGE)


async def upload(phone, caller, request):
    _sender(caller, request)
    attachment, file = read_upload(parameters(request))
    media = await sending.keep(phone, attachment, file)
    return JSONResponse({"attachment_id": sending.new_upload(phone, media)})


def _sender(caller, request):
    name = request.path_params["node"]
    if caller.line and name in ("me", caller.line.sid):
        return caller.line
    if caller.line:
        raise no_such_object(name, "post")
    raise GraphError(190, message="A Page access token is required")


async def unknown(phone, caller, request):
    raise no_such_object(request.url.path, request.method.lower())


TABLE = (
    ("GET", ROOT + "/debug_token", nodes.debug_token),
    ("GET", ROOT + "/refresh_access_token", nodes.refresh_token),
    ("GET", ROOT + "/me/accounts", nodes.list_pages),
    ("GET", NODE + "/subscriptions", subscriptions.list_subscriptions),
    ("POST", NODE + "/subscriptions", subscriptions.subscribe_app),
    ("GET", NODE + "/subscribed_apps", subscriptions.list_apps),
    ("POST", NODE + "/subscribed_apps", subscriptions.subscribe_page),
    ("POST", NODE + "/messages", send),
    ("POST", NODE + "/message_attachments", upload),
    ("GET", NODE, nodes.fetch),
)
METHODS = ["GET", "POST", "DELETE"]


def routes(phone):
    return [
        *(
            Route(path, guarded(phone, handler), methods=[method])
            for method, path, handler in TABLE
        ),
        Route(ROOT + "/{rest:path}", guarded(phone, unknown), methods=METHODS),
        Route("/v/{folder}/{sid}/{name}", links.deliver(phone)),
        Route("/ig_messaging_cdn/", links.deliver(phone)),
        Route("/platform/profilepic/", links.draw("profilepic")),
        Route("/platform/story/", links.draw("story")),
    ]
