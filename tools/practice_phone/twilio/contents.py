"""The Content API: message templates, and their approval by WhatsApp."""

import time

from starlette.responses import JSONResponse, Response

from ..model import Content, new_sid
from . import approval
from .body import json_body
from .content_types import check_content
from .errors import TwilioError, not_found
from .pages import page

ROOT = "https://content.twilio.com/v1/Content"


def date(moment):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))


def describe(content):
    return {
        "sid": content.sid,
        "account_sid": content.account_sid,
        "friendly_name": content.friendly_name,
        "language": content.language,
        "variables": content.variables,
        "types": content.types,
        "date_created": date(content.created_at),
        "date_updated": date(content.updated_at),
    }


def _with_links(content):
    url = f"{ROOT}/{content.sid}"
    links = {
        "approval_create": f"{url}/ApprovalRequests/whatsapp",
        "approval_fetch": f"{url}/ApprovalRequests",
    }
    return {**describe(content), "url": url, "links": links}


def _with_approval(content):
    return {**describe(content), "approval_requests": _request(content)}


def _request(content):
    known = content.approval
    return {
        "name": known.get("name", ""),
        "category": known.get("category", ""),
        "content_type": approval.shown_type(content) if known else "",
        "status": content.status,
        "rejection_reason": known.get("rejection_reason", ""),
        "allow_category_change": known.get("allow_category_change", True),
    }


def _contents(phone, account):
    contents = phone.store.contents.values()
    return [each for each in contents if each.account_sid == account.sid]


def _content(phone, account, request):
    content = phone.store.contents.get(request.path_params["content_sid"])
    if not content or content.account_sid != account.sid:
        raise not_found(request.url.path)
    return content


async def list_contents(phone, account, request):
    rows = _contents(phone, account)
    return JSONResponse(page(request, "content", "contents", rows, _with_links))


async def list_with_approvals(phone, account, request):
    rows = _contents(phone, account)
    return JSONResponse(page(request, "content", "contents", rows, _with_approval))


async def create(phone, account, request):
    values = await json_body(request)
    check_content(values)
    content = Content(
        sid=new_sid("HX"),
        account_sid=account.sid,
        language=values["language"],
        types=values["types"],
        friendly_name=values.get("friendly_name") or "",
        variables=values.get("variables") or {},
    )
    phone.store.contents[content.sid] = content
    phone.store.changed("content", content)
    return JSONResponse(_with_links(content), 201)


async def fetch(phone, account, request):
    return JSONResponse(_with_links(_content(phone, account, request)))


async def delete(phone, account, request):
    content = _content(phone, account, request)
    phone.store.remove_content(content)
    return Response(status_code=204)


async def fetch_approval(phone, account, request):
    content = _content(phone, account, request)
    return JSONResponse(
        {
            "sid": content.sid,
            "account_sid": content.account_sid,
            "whatsapp": {"type": "whatsapp", **_request(content), "flows": None},
            "url": f"{ROOT}/{content.sid}/ApprovalRequests",
        }
    )


async def submit(phone, account, request):
    """Submit to WhatsApp, whose answer comes later."""
    content = _content(phone, account, request)
    values = await json_body(request)
    _check_submission(phone, content, values)
    content.approval = {**values, "status": "received", "rejection_reason": ""}
    phone.store.changed("content", content)
    phone.spawn(approval.review(phone, content))
    return JSONResponse(_request(content), 201)


def _check_submission(phone, content, values):
    for name in set(values) - {"name", "category", "allow_category_change"}:
        raise TwilioError(20001, f"Unknown parameter '{name}'")
    if not approval.TEMPLATE_NAME.fullmatch(str(values.get("name") or "")):
        raise TwilioError(
            20001, "'name' must hold lowercase letters, digits and underscores"
        )
    if values.get("category") not in approval.CATEGORIES:
        words = ", ".join(approval.CATEGORIES)
        raise TwilioError(20001, f"'category' must be one of {words}")
    if content.approval:
        raise TwilioError(92009)
    if approval.shown_type(content) in approval.WINDOW_ONLY:
        raise TwilioError(92008, "WhatsApp does not approve this content type")
    name = values["name"]
    for other in phone.store.contents.values():
        if _name_of(other) == (name, content.language, content.account_sid):
            raise TwilioError(20001, f"A template '{name}' in this language exists")


def _name_of(content):
    return content.approval.get("name"), content.language, content.account_sid
