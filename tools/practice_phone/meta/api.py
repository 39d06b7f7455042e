"""What Odoo calls in the Graph API, and the routes of Meta's delivery network."""

from starlette.responses import JSONResponse
from starlette.routing import Route

from . import conversations, links, nodes, sending, subscriptions
from .contract import is_reaction, read_order, read_reaction, read_upload
from .errors import GraphError, no_such_object
from .guard import parameters

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


GRAPH = {
    ("GET", "/debug_token"): nodes.debug_token,
    ("GET", "/refresh_access_token"): nodes.refresh_token,
    ("GET", "/me/accounts"): nodes.list_pages,
    ("GET", "/{node}/subscriptions"): subscriptions.list_subscriptions,
    ("POST", "/{node}/subscriptions"): subscriptions.subscribe_app,
    ("GET", "/{node}/subscribed_apps"): subscriptions.list_apps,
    ("POST", "/{node}/subscribed_apps"): subscriptions.subscribe_page,
    ("POST", "/{node}/messages"): send,
    ("POST", "/{node}/message_attachments"): upload,
    ("GET", "/{node}/conversations"): conversations.list_conversations,
    ("GET", "/{node}"): nodes.fetch,
}


def routes(phone):
    return [
        Route("/v/{folder}/{sid}/{name}", links.deliver(phone)),
        Route("/ig_messaging_cdn/", links.deliver(phone)),
        Route("/platform/profilepic/", links.draw("profilepic")),
        Route("/platform/story/", links.draw("story")),
    ]
