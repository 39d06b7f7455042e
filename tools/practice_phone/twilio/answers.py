"""Twilio's JSON for accounts, messages, numbers and senders."""

from email.utils import formatdate

from . import inbound
from .addresses import of_customer, of_line

ROOT = f"/{inbound.API_VERSION}/Accounts"


def date(moment):
    return formatdate(moment).replace("-0000", "+0000")


def account(row):
    return {
        "sid": row.sid,
        "friendly_name": row.name,
        "status": "active",
        "type": "Full",
        "owner_account_sid": row.sid,
        "uri": f"{ROOT}/{row.sid}.json",
    }


def message(phone, row):
    line = phone.store.lines[row.line_sid]
    customer = phone.store.customers[row.customer_id]
    ends = [of_line(line), of_customer(line, customer, row)]
    if row.direction == "inbound":
        ends.reverse()
    uri = f"{ROOT}/{line.account_sid}/Messages/{row.sid}"
    left = row.status not in ("queued", "accepted")
    return {
        "sid": row.sid,
        "account_sid": line.account_sid,
        "messaging_service_sid": row.extra.get("service"),
        "api_version": inbound.API_VERSION,
        "from": ends[0],
        "to": ends[1],
        "body": row.body,
        "direction": _direction(row),
        "status": "received" if row.direction == "inbound" else row.status,
        "num_media": str(len(row.media)),
        "num_segments": "1",
        "error_code": row.error_code,
        "error_message": row.error_message or None,
        "price": None,
        "price_unit": "USD",
        "date_created": date(row.created_at),
        "date_updated": date(row.updated_at),
        "date_sent": date(row.created_at) if left else None,
        "uri": f"{uri}.json",
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }


def media(account, row, message):
    path = f"{ROOT}/{account.sid}/Messages/{message.sid}/Media/{row.sid}"
    return {
        "sid": row.sid,
        "account_sid": account.sid,
        "parent_sid": message.sid,
        "content_type": row.content_type,
        "date_created": date(message.created_at),
        "date_updated": date(message.created_at),
        "uri": f"{path}.json",
    }


def _direction(row):
    if row.direction == "inbound":
        return "inbound"
    return "outbound-reply" if row.automatic else "outbound-api"


def number(line):
    """Return a number as in `IncomingPhoneNumbers`; unset addresses are empty."""
    return {
        "sid": line.sid,
        "account_sid": line.account_sid,
        "friendly_name": line.name or line.address,
        "phone_number": line.address,
        "capabilities": {"voice": False, "sms": True, "mms": True, "fax": False},
        "api_version": inbound.API_VERSION,
        "sms_url": line.webhook_url,
        "sms_method": "POST",
        "sms_fallback_url": "",
        "sms_fallback_method": "POST",
        "sms_application_sid": "",
        "status_callback": line.status_callback_url,
        "status_callback_method": "POST",
        "status": "in-use",
        "origin": "twilio",
        "beta": False,
        "uri": f"{ROOT}/{line.account_sid}/IncomingPhoneNumbers/{line.sid}.json",
    }


def sender(line):
    """Return a WhatsApp sender as in Messaging v2; unset addresses are null."""
    return {
        "sid": line.sid,
        "status": "ONLINE",
        "sender_id": of_line(line),
        "configuration": {"waba_id": "100000000000001"},
        "webhook": {
            "callback_url": line.webhook_url or None,
            "callback_method": "POST",
            "fallback_url": None,
            "fallback_method": "POST",
            "status_callback_url": line.status_callback_url or None,
            "status_callback_method": "POST",
        },
        "profile": {"name": line.name or line.address},
        "properties": {
            "quality_rating": "HIGH",
            "messaging_limit": "10K Customers/24hr",
        },
        "offline_reasons": None,
        "compliance": None,
        "url": f"https://messaging.twilio.com/v2/Channels/Senders/{line.sid}",
    }


def page(request, name, rows, make):
    """Return a page of a list of the 2010 API, with its links."""
    size = _whole(request.query_params.get("PageSize"), 50, 1, 1000)
    index = _whole(request.query_params.get("Page"), 0, 0, 10**6)
    start = index * size
    shown = [make(row) for row in rows[start : start + size]]

    def link(number):
        words = {"Page": number, "PageSize": size}
        if number:
            words["PageToken"] = f"PA{number}"
        query = request.url.include_query_params(**words).query
        return f"{request.url.path}?{query}"

    more = start + size < len(rows)
    return {
        name: shown,
        "page": index,
        "page_size": size,
        "start": start,
        "end": max(start + len(shown) - 1, 0),
        "uri": link(index),
        "first_page_uri": link(0),
        "next_page_uri": link(index + 1) if more else None,
        "previous_page_uri": link(index - 1) if index else None,
    }


def _whole(text, default, least, most):
    return min(max(int(text), least), most) if (text or "").isdigit() else default
