"""Graph's answers about tokens, portfolios and WhatsApp Business Accounts."""

from starlette.responses import JSONResponse

from ..meta import nodes as shared
from ..meta.errors import no_such_object
from ..meta.guard import parameters
from ..meta.paging import page_of
from . import media, numbers, templates
from .permissions import MANAGE, WRITE, check_permission


def businesses_of(phone, account):
    found = phone.store.businesses.values()
    return [each for each in found if each.account_sid == account.sid]


async def debug_token(phone, caller, request):
    """Describe a token; its WhatsApp permissions name the business accounts."""
    data = shared.token_facts(caller, parameters(request), phone)
    if data.get("is_valid"):
        ids = [each.sid for each in businesses_of(phone, caller.account)]
        data["granular_scopes"] = [
            {"scope": scope, "target_ids": ids}
            if scope in (MANAGE, WRITE)
            else {"scope": scope}
            for scope in data["scopes"]
        ]
    return JSONResponse({"data": data})


async def fetch(phone, caller, request):
    """Return one object by its id or as `me`."""
    name, values = request.path_params["node"], parameters(request)
    store, account, fields = phone.store, caller.account, values.get("fields")
    line, business = store.lines.get(name), store.businesses.get(name)
    if name == "me":
        return JSONResponse(shared.chosen(shared.user_node(caller), fields))
    if name == account.sid:
        return JSONResponse(shared.chosen({"id": name, "name": account.name}, fields))
    check_permission(caller, MANAGE)
    if line and line.account_sid == account.sid:
        return JSONResponse(numbers.number_node(phone, line, fields))
    if business and business.account_sid == account.sid:
        return JSONResponse(shared.chosen(_business(business), fields))
    if name in store.templates:
        template = templates.node(store.templates[name])
        return JSONResponse(shared.chosen(template, fields or templates.FIELDS))
    return media.describe(phone, caller, name)


def _business(business):
    return {
        "id": business.sid,
        "name": business.name,
        "account_review_status": "APPROVED",
        "owner_business_info": {"id": business.owner, "name": business.name},
    }


async def list_businesses(phone, caller, request):
    """List the token's portfolios (`/me/businesses`)."""
    name = request.path_params["node"]
    if name != "me":
        raise no_such_object(name)
    check_permission(caller, "business_management")
    owners = {
        each.owner: {"id": each.owner, "name": each.name}
        for each in businesses_of(phone, caller.account)
    }
    values = parameters(request)
    return JSONResponse(page_of(list(owners.values()), values, "me/businesses"))


async def list_owned(phone, caller, request):
    return _listed(phone, caller, request, shared=False)


async def list_clients(phone, caller, request):
    return _listed(phone, caller, request, shared=True)


def _listed(phone, caller, request, shared):
    check_permission(caller, MANAGE)
    name, values = request.path_params["node"], parameters(request)
    found = [
        {"id": each.sid, "name": each.name}
        for each in businesses_of(phone, caller.account)
        if each.owner == name and each.shared is shared
    ]
    return JSONResponse(page_of(found, values, name))
