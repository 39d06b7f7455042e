"""The subscriptions that Odoo registers: events, Pages and callback address."""

import secrets
import time

import httpx
from starlette.responses import JSONResponse

from ..network import is_near
from .errors import GraphError, no_such_object, wrong
from .guard import parameters

HANDSHAKE_SECONDS = 5
OBJECTS = {"messenger": "page", "instagram": "instagram"}
PAGE_FIELDS = {
    *("messages", "messaging_postbacks", "message_deliveries", "message_reads"),
    *("message_echoes", "message_reactions", "message_edits", "messaging_referrals"),
    *("messaging_optins", "messaging_handovers", "standby", "messaging_feedback"),
    *("messaging_policy_enforcement", "messaging_account_linking", "send_cart"),
    *("response_feedback", "messenger_template_status_update", "feed"),
}
INSTAGRAM_FIELDS = {
    *("messages", "messaging_postbacks", "messaging_seen", "messaging_handover"),
    *("messaging_referral", "messaging_optins", "message_reactions", "message_edit"),
    *("standby", "comments", "mentions", "live_comments", "story_insights"),
    *("messaging_policy_enforcement", "response_feedback"),
}
WHATSAPP_FIELDS = {
    *("messages", "smb_message_echoes", "smb_app_state_sync", "history", "calls"),
    *("account_update", "account_alerts", "account_review_update", "security"),
    *("account_settings_update", "automatic_events", "business_capability_update"),
    *("business_status_update", "flows", "message_echoes", "messaging_handovers"),
    *("message_template_status_update", "message_template_quality_update"),
    *("message_template_components_update", "template_category_update"),
    *("phone_number_name_update", "phone_number_quality_update"),
    *(
        "partner_solutions",
        "payment_configuration_update",
        "standby",
        "tracking_events",
    ),
    *("template_correct_category_detection", "user_preferences"),
    *("group_lifecycle_update", "group_participants_update"),
    *("group_settings_update", "group_status_update"),
}
FIELDS = {
    "page": PAGE_FIELDS,
    "instagram": INSTAGRAM_FIELDS,
    "whatsapp_business_account": WHATSAPP_FIELDS,
}


def page_of(phone, line):
    """Return the Page linked to an Instagram account, or the line itself."""
    return phone.store.lines.get(line.page_sid) or line


def callback(phone, line):
    """Return the subscription that gets a line's events, or None."""
    account = phone.store.accounts[line.account_sid]
    found = account.subscriptions.get(OBJECTS[line.kind])
    return found if found and page_of(phone, line).subscribed_fields else None


def wants(phone, line, field):
    """Tell whether a field is subscribed: by Page on Messenger, by app on Instagram."""
    found = callback(phone, line)
    if not found or field not in found["fields"]:
        return False
    return line.kind == "instagram" or field in line.subscribed_fields


def line_changed(phone, line):
    """Update the webhook address shown for each line of the account."""
    for each in phone.store.lines.values():
        if each.account_sid == line.account_sid:
            found = callback(phone, each)
            each.webhook_url = found["callback_url"] if found else ""
            phone.store.changed("line", each)


def _refresh(phone, account):
    for line in phone.store.lines.values():
        if line.account_sid == account.sid and line.kind in OBJECTS:
            return line_changed(phone, line)


# -- the app -----------------------------------------------------------------


def _own_app(caller, request):
    if request.path_params["node"] != caller.account.sid:
        raise no_such_object(request.path_params["node"], request.method.lower())
    if not caller.is_app:
        raise GraphError(
            15, message="(#15) This method must be called with an app access_token."
        )
    return caller.account


async def list_subscriptions(phone, caller, request):
    account = _own_app(caller, request)
    data = [
        {
            "object": name,
            "callback_url": each["callback_url"],
            "active": True,
            "fields": [{"name": word, "version": "v25.0"} for word in each["fields"]],
        }
        for name, each in account.subscriptions.items()
    ]
    return JSONResponse({"data": data})


async def subscribe_app(phone, caller, request):
    account = _own_app(caller, request)
    values = parameters(request)
    name = values.get("object")
    if name not in FIELDS:
        raise wrong(f"Param object must be one of {sorted(FIELDS)}")
    fields = _fields(values, "fields", FIELDS[name])
    url, token = values.get("callback_url", ""), values.get("verify_token", "")
    if not (url and token):
        raise wrong("The parameters callback_url and verify_token are required")
    await shake_hands(phone, url, token)
    given = {"callback_url": url, "fields": fields, "verified_at": time.time()}
    account.subscriptions[name] = given
    _refresh(phone, account)
    return JSONResponse({"success": True})


def _fields(values, parameter, known):
    given = values.get(parameter) or ""
    words = given if isinstance(given, list) else str(given).split(",")
    words = [word.strip() for word in words if word.strip()]
    if not words:
        raise wrong(f"The parameter {parameter} is required")
    for index, word in enumerate(words):
        if word not in known:
            raise wrong(f"Param {parameter}[{index}] must be one of {sorted(known)}")
    return words


async def shake_hands(phone, url, token):
    """Verify the callback address by a challenge, as Meta does at once."""
    if not await is_near(url):
        raise _unverified("the address is not on this network")
    challenge = str(secrets.randbelow(10**9) + 10**9)
    query = {
        "hub.mode": "subscribe",
        "hub.challenge": challenge,
        "hub.verify_token": token,
    }
    try:
        answer = await phone.client.get(url, params=query, timeout=HANDSHAKE_SECONDS)
    except httpx.HTTPError as error:
        raise _unverified(f"no answer: {type(error).__name__}") from None
    entry = {"kind": "handshake", "sid": "", "url": url, "status": answer.status_code}
    phone.log(phone.webhooks, **entry, fields={}, body=answer.text[:1000])
    if answer.status_code != 200:
        raise _unverified(f"HTTP Status Code = {answer.status_code}")
    if answer.text.strip() != challenge:
        raise _unverified("the answer is not the challenge")


def _unverified(why):
    text = f"(#2200) Callback verification failed with the following errors: {why}"
    return GraphError(2200, message=text)


# -- a Page, or an Instagram account with its own login -----------------


def _own_page(phone, caller, request):
    name = request.path_params["node"]
    line = caller.line
    if line and name in ("me", line.sid):
        return line
    raise GraphError(
        210, message="(#210) A page access token is required to request this resource."
    )


async def list_apps(phone, caller, request):
    page = _own_page(phone, caller, request)
    app = {
        "category": "Business",
        "name": caller.account.name,
        "id": caller.account.sid,
        "subscribed_fields": page.subscribed_fields,
    }
    return JSONResponse({"data": [app] if page.subscribed_fields else []})


async def subscribe_page(phone, caller, request):
    page = _own_page(phone, caller, request)
    known = FIELDS[OBJECTS[page.kind]]
    words = _fields(parameters(request), "subscribed_fields", known)
    page.subscribed_fields = words
    line_changed(phone, page)
    return JSONResponse({"success": True})
