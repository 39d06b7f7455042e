"""Graph's answers about tokens, Pages, Instagram accounts and customers."""

from starlette.responses import JSONResponse

from . import links
from .errors import GraphError, no_such_object, wrong
from .guard import find_caller, parameters
from .paging import page_of

USER_ID = "122100000000000001"
PAGE_TASKS = (
    "ADVERTISE",
    "ANALYZE",
    "CREATE_CONTENT",
    "MESSAGING",
    "MODERATE",
    "MANAGE",
)
SIXTY_DAYS = 60 * 24 * 3600


async def fetch(phone, caller, request):
    """Return one object by its id or as `me`."""
    name = request.path_params["node"]
    if name == "me":
        node = _line(phone, caller.line) if caller.line else user_node(caller)
    else:
        node = _found(phone, caller, name)
    return JSONResponse(chosen(node, parameters(request).get("fields")))


def _found(phone, caller, name):
    line = phone.store.lines.get(name)
    if line and line.account_sid == caller.account.sid:
        return _line(phone, line)
    if name == caller.account.sid:
        return {"id": name, "name": caller.account.name}
    return _profile(phone, caller, name)


def _lines_of(phone, page):
    lines = phone.store.lines.values()
    return [each.sid for each in lines if page.sid in (each.sid, each.page_sid)]


def user_node(caller):
    return {"id": USER_ID, "name": f"{caller.account.name} (system user)"}


def _line(phone, line):
    if line.kind == "instagram":
        names = {"username": line.name, "name": line.name}
        return {"id": line.sid, "user_id": line.sid, **names}
    node = {"id": line.sid, "name": line.name, "category": "Shop"}
    linked = [
        {"id": each.sid, "username": each.name, "name": each.name}
        for each in phone.store.lines.values()
        if each.page_sid == line.sid
    ]
    if linked:
        node["instagram_business_account"] = linked[0]
    return node


def _profile(phone, caller, name):
    """Return the profile of a customer, as Meta shows it to the Page they wrote to."""
    customer = phone.store.customer_at(name)
    lines = _lines_of(phone, caller.line) if caller.line else []
    known = customer and name in [customer.ids.get(each) for each in lines]
    if not known or not customer.shows_profile:
        raise no_such_object(name)
    picture = links.picture(customer)
    if name == customer.ids.get(caller.line.sid) and caller.line.kind == "messenger":
        first, _, last = customer.name.partition(" ")
        names = {"first_name": first, "last_name": last, "name": customer.name}
        return {"id": name, **names, "profile_pic": picture}
    names = {"name": customer.name, "username": customer.username}
    return {"id": name, **names, "profile_pic": picture}


def chosen(node, fields):
    """Return the requested fields; `a{b,c}` and `a.limit(20)` mean `a` here."""
    if not fields:
        return {name: node[name] for name in ("id", "name") if name in node}
    wanted = {"id"}
    depth, word = 0, ""
    for letter in fields + ",":
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if letter == "," and not depth:
            wanted.add(word.partition("{")[0].partition(".")[0].strip())
            word = ""
        else:
            word += letter
    return {name: value for name, value in node.items() if name in wanted}


async def list_pages(phone, caller, request):
    """List the user's Pages with their tokens (`/me/accounts`)."""
    if not caller.is_user:
        raise wrong("Tried accessing nonexisting field (accounts)")
    values = parameters(request)
    fields = values.get("fields") or "access_token,category,name,id,tasks"
    pages = [
        {**_line(phone, each), "access_token": each.token, "tasks": PAGE_TASKS}
        for each in phone.store.lines.values()
        if each.account_sid == caller.account.sid and each.kind == "messenger"
    ]
    shown = [chosen(each, fields) for each in pages]
    return JSONResponse(page_of(shown, values, "me/accounts"))


async def debug_token(phone, caller, request):
    return JSONResponse({"data": token_facts(caller, parameters(request), phone)})


def token_facts(caller, values, phone):
    token = values.get("input_token")
    if not token:
        raise wrong("The parameter input_token is required")
    found = find_caller(phone, token)
    if not found or found.account is not caller.account:
        error = {"code": 190, "message": GraphError(190).message}
        return {"error": error, "is_valid": False, "scopes": []}
    return _token_data(found)


def _token_data(found):
    account = found.account
    kind = "APP" if found.is_app else "PAGE" if found.line else "SYSTEM_USER"
    data = {
        "app_id": account.sid,
        "type": kind,
        "application": account.name,
        "data_access_expires_at": 0,
        "expires_at": 0,
        "is_valid": not account.token_error,
        "scopes": account.scopes,
        "user_id": USER_ID,
    }
    if found.line:
        data["profile_id"] = found.line.sid
    if account.token_error:
        error = GraphError(190, account.token_error)
        data["error"] = {
            "code": 190,
            "message": error.message,
            "subcode": account.token_error,
        }
    return data


async def refresh_token(phone, caller, request):
    """Extend a token of Instagram's own login; here it stays the same."""
    if parameters(request).get("grant_type") != "ig_refresh_token" or not caller.line:
        raise wrong("Invalid grant_type")
    body = {"access_token": caller.line.token, "token_type": "bearer"}
    return JSONResponse({**body, "expires_in": SIXTY_DAYS})
