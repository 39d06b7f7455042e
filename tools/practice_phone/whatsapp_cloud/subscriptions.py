"""The subscriptions of the app, and of each WhatsApp Business Account to the app."""

from starlette.responses import JSONResponse

from ..meta import subscriptions as shared
from ..meta.errors import no_such_object, wrong
from ..meta.guard import parameters
from .permissions import MANAGE, check_permission

OBJECT = "whatsapp_business_account"


# Only these go to the own address of a number or a business account; Meta posts all
# others, such as those about templates, to the app's.
OVERRIDABLE = {
    *("messages", "message_echoes", "calls", "consumer_profile", "history"),
    *("messaging_handovers", "group_lifecycle_update", "group_participants_update"),
    *("group_settings_update", "group_status_update", "smb_message_echoes"),
    *("smb_app_state_sync", "account_settings_update"),
}


def callback(phone, line, field="messages"):
    """Return the subscription that gets a number's events, or None."""
    business = phone.store.businesses.get(line.page_sid)
    return business and callback_of(phone, business, field, line)


def callback_of(phone, business, field, line=None):
    """Return `{callback_url, fields}`: the number's own address goes first."""
    account = phone.store.accounts[business.account_sid]
    found = account.subscriptions.get(OBJECT)
    if not found or not business.subscribed:
        return None
    own = (line and line.facts.get("override_url")) or business.override_url
    if not own or field not in OVERRIDABLE:
        return found
    return {**found, "callback_url": own}


def line_changed(phone, line):
    """Update the webhook address shown for each number of the app."""
    for each in phone.store.lines.values():
        if each.account_sid == line.account_sid:
            found = callback(phone, each)
            each.webhook_url = found["callback_url"] if found else ""
            phone.store.changed("line", each)


def _refresh(phone, account):
    for line in phone.store.lines.values():
        if line.account_sid == account.sid:
            return line_changed(phone, line)


async def list_subscriptions(phone, caller, request):
    return await shared.list_subscriptions(phone, caller, request)


async def subscribe_app(phone, caller, request):
    answer = await shared.subscribe_app(phone, caller, request)
    _refresh(phone, caller.account)
    return answer


# -- a business account -----------------------------------------------------------


def _own_business(phone, caller, request):
    check_permission(caller, MANAGE)
    name = request.path_params["node"]
    found = phone.store.businesses.get(name)
    if not found or found.account_sid != caller.account.sid or caller.is_app:
        raise no_such_object(name, request.method.lower())
    return found


async def list_apps(phone, caller, request):
    business = _own_business(phone, caller, request)
    app = {"id": caller.account.sid, "name": caller.account.name, "link": ""}
    row = {"whatsapp_business_api_data": app}
    if business.override_url:
        row["override_callback_uri"] = business.override_url
    return JSONResponse({"data": [row] if business.subscribed else []})


async def subscribe_business(phone, caller, request):
    """Subscribe the app; without an own address a former one is forgotten."""
    business, values = _own_business(phone, caller, request), parameters(request)
    if unknown := set(values) - {"override_callback_uri", "verify_token"}:
        raise wrong(f"Unknown parameters: {sorted(unknown)}")
    url, token = values.get("override_callback_uri"), values.get("verify_token")
    if url:
        if not token:
            raise wrong("The parameter verify_token is required")
        await shared.shake_hands(phone, url, token)
    business.subscribed, business.override_url = True, url or ""
    _refresh(phone, caller.account)
    return JSONResponse({"success": True})


async def configure_number(phone, caller, request):
    """Set a number's own webhook address: `POST /{phone number id}`; empty ends it."""
    check_permission(caller, MANAGE)
    line = phone.store.lines[request.path_params["node"]]
    values = parameters(request)
    wanted = values.get("webhook_configuration")
    if set(values) != {"webhook_configuration"} or not isinstance(wanted, dict):
        raise wrong("Only webhook_configuration can be changed")
    if set(wanted) - {"override_callback_uri", "verify_token"}:
        raise wrong("webhook_configuration has an unexpected key")
    url = wanted.get("override_callback_uri", "")
    if url:
        await shared.shake_hands(phone, url, wanted.get("verify_token", ""))
    line.facts = {**line.facts, "override_url": url}
    line_changed(phone, line)
    return JSONResponse({"success": True})


def configuration(phone, line):
    """Return the addresses that a number's events could go to, by their place."""
    business = phone.store.businesses[line.page_sid]
    account = phone.store.accounts[line.account_sid]
    places = {
        "application": account.subscriptions.get(OBJECT, {}).get("callback_url"),
        "whatsapp_business_account": business.override_url,
        "phone_number": line.facts.get("override_url"),
    }
    return {place: url for place, url in places.items() if url}


async def unsubscribe_business(phone, caller, request):
    business = _own_business(phone, caller, request)
    business.subscribed, business.override_url = False, ""
    _refresh(phone, caller.account)
    return JSONResponse({"success": True})
