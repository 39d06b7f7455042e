"""The routes of the Cloud API that Odoo calls, and the addresses of its files."""

from starlette.responses import JSONResponse
from starlette.routing import Route

from ..meta.errors import no_such_object
from ..meta.guard import parameters
from . import links, media, nodes, numbers, sending, subscriptions, templates
from .contract import is_read_mark, read_order


async def send(phone, caller, request):
    line = numbers.own(phone, caller, request)
    numbers.check_registered(line)
    values = parameters(request)
    if is_read_mark(values):
        sending.mark_read(phone, line, values)
        return JSONResponse({"success": True})
    order = read_order(values)
    answer, message = sending.accept(phone, line, order)
    if message:
        early = phone.faults.next_callbacks_are_early()
        life = phone.spawn(sending.carry(phone, message, order))
        if early:
            # Odoo gets the statuses before this answer.
            await life
    return JSONResponse(answer)


async def change(phone, caller, request):
    """Change a number or a template, or take the bytes of a template's sample."""
    name = request.path_params["node"]
    if name.startswith("upload:"):
        return await media.fill_sample(phone, caller, request)
    if name in phone.store.lines:
        numbers.own(phone, caller, request)
        return await subscriptions.configure_number(phone, caller, request)
    return await templates.change(phone, caller, request)


async def remove(phone, caller, request):
    raise no_such_object(request.path_params["node"], "delete")


# (method, path below the version) and its handler
GRAPH = {
    ("GET", "/debug_token"): nodes.debug_token,
    ("GET", "/{node}"): nodes.fetch,
    ("POST", "/{node}"): change,
    ("DELETE", "/{node}"): remove,
    ("GET", "/{node}/businesses"): nodes.list_businesses,
    ("GET", "/{node}/owned_whatsapp_business_accounts"): nodes.list_owned,
    ("GET", "/{node}/client_whatsapp_business_accounts"): nodes.list_clients,
    ("GET", "/{node}/phone_numbers"): numbers.list_numbers,
    ("POST", "/{node}/register"): numbers.register,
    ("POST", "/{node}/deregister"): numbers.deregister,
    ("GET", "/{node}/subscriptions"): subscriptions.list_subscriptions,
    ("POST", "/{node}/subscriptions"): subscriptions.subscribe_app,
    ("GET", "/{node}/subscribed_apps"): subscriptions.list_apps,
    ("POST", "/{node}/subscribed_apps"): subscriptions.subscribe_business,
    ("DELETE", "/{node}/subscribed_apps"): subscriptions.unsubscribe_business,
    ("POST", "/{node}/messages"): send,
    ("POST", "/{node}/media"): media.upload,
    ("POST", "/{node}/uploads"): media.open_sample,
    ("GET", "/{node}/message_templates"): templates.list_templates,
    ("POST", "/{node}/message_templates"): templates.create,
    ("DELETE", "/{node}/message_templates"): templates.remove,
}


def routes(phone):
    return [Route(links.PATH, links.guarded(phone, media.find))]
