"""WhatsApp numbers at Meta: what it reports of them, and their registration."""

from starlette.responses import JSONResponse

from ..meta.errors import no_such_object, wrong
from ..meta.guard import parameters
from ..meta.nodes import chosen
from ..meta.paging import page_of
from ..model import shown_number
from .errors import CloudError
from .subscriptions import configuration

USUAL = {
    "quality_rating": "GREEN",
    "whatsapp_business_manager_messaging_limit": "TIER_250",
    "name_status": "APPROVED",
    "code_verification_status": "VERIFIED",
    "status": "CONNECTED",
    "platform_type": "CLOUD_API",
    "account_mode": "LIVE",
    "throughput": {"level": "STANDARD"},
    "is_official_business_account": False,
    "is_pin_enabled": True,
}
NEW = {"status": "PENDING", "platform_type": "NOT_APPLICABLE", "is_pin_enabled": False}
DEFAULT = ("verified_name", "code_verification_status", "display_phone_number")
DEFAULT += ("quality_rating", "platform_type", "throughput", "id")
# What the control API may change; the PIN is never reported.
FACTS = {*USUAL, "verified_name", "pin", "override_url"}


def facts_of(line):
    """Return what Meta reports of a number."""
    facts = {**USUAL, "verified_name": line.name, **line.facts}
    for hidden in ("pin", "override_url"):
        facts.pop(hidden, None)
    return {"id": line.sid, "display_phone_number": shown_number(line.address), **facts}


def number_node(phone, line, fields):
    facts = {**facts_of(line), "webhook_configuration": configuration(phone, line)}
    return chosen(facts, fields or ",".join(DEFAULT))


def own(phone, caller, request, method="post"):
    """Return the number in the address; it must be of this app, and named by its id."""
    name = request.path_params["node"]
    line = phone.store.lines.get(name)
    if not line or line.account_sid != caller.account.sid:
        raise no_such_object(name, method)
    return line


def check_registered(line):
    if facts_of(line)["status"] != "CONNECTED":
        raise CloudError(133010, "The phone number is not registered.")


async def list_numbers(phone, caller, request):
    name, values = request.path_params["node"], parameters(request)
    business = phone.store.businesses.get(name)
    if not business or business.account_sid != caller.account.sid:
        raise no_such_object(name)
    found = [
        number_node(phone, each, values.get("fields"))
        for each in phone.store.lines.values()
        if each.page_sid == business.sid
    ]
    return JSONResponse(page_of(found, values, f"{name}/phone_numbers"))


async def register(phone, caller, request):
    line, values = own(phone, caller, request), parameters(request)
    if values.get("messaging_product") != "whatsapp":
        raise wrong("The parameter messaging_product is required.")
    if unknown := set(values) - {"messaging_product", "pin"}:
        raise wrong(f"Unknown parameters: {sorted(unknown)}")
    pin = values.get("pin", "")
    if not (isinstance(pin, str) and len(pin) == 6 and pin.isdecimal()):
        raise wrong("Param pin must be a string of 6 digits.")
    if line.facts.get("pin", pin) != pin:
        raise CloudError(133005, "Two-step verification PIN mismatch.")
    if facts_of(line)["code_verification_status"] != "VERIFIED":
        raise CloudError(133006, "Verify the phone number before you register it.")
    registered = {"status": "CONNECTED", "platform_type": "CLOUD_API", "pin": pin}
    line.facts = {**line.facts, **registered, "is_pin_enabled": True}
    phone.store.changed("line", line)
    return JSONResponse({"success": True})


async def deregister(phone, caller, request):
    line = own(phone, caller, request)
    line.facts = {**line.facts, **NEW}
    phone.store.changed("line", line)
    return JSONResponse({"success": True})
