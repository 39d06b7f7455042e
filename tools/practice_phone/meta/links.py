"""Meta's delivery network: links that need no token and expire."""

import asyncio
import hashlib
import hmac
import time
from urllib.parse import quote

from starlette.responses import FileResponse, Response

from .. import pictures

# Signs links of this machine only
KEY = b"practice phone"
FOLDERS = {"image": "t1.15752-9", "video": "t42.3356-2", "audio": "t59.3654-21"}
HOSTS = {"image": "scontent.xx.fbcdn.net", "video": "video.xx.fbcdn.net"}
ENDINGS = {"image/jpeg": "jpg", "video/mp4": "mp4", "audio/mpeg": "mp3"}


def _signature(name, expires):
    return hmac.new(KEY, f"{name}/{expires}".encode(), hashlib.sha256).hexdigest()[:40]


def _expiry(phone):
    return f"{int(time.time() + phone.link_seconds):X}"


def media(phone, line, each):
    """Return the link of a file in a webhook."""
    expires = _expiry(phone)
    signature = _signature(each.sid, expires)
    if line.kind == "instagram":
        return (
            "https://lookaside.fbsbx.com/ig_messaging_cdn/"
            f"?asset_id={each.sid}&signature={signature}&oe={expires}"
        )
    main = each.content_type.split("/")[0]
    host = HOSTS.get(main, "cdn.fbsbx.com")
    folder = FOLDERS.get(main, "t59.2708-21")
    name = quote(each.filename or f"{each.sid}_n.{_ending(each)}")
    query = f"_nc_cat=101&ccb=1-7&oh=03_{signature}&oe={expires}"
    return f"https://{host}/v/{folder}/{each.sid}/{name}?{query}"


def _ending(each):
    main, _, kind = each.content_type.partition("/")
    return ENDINGS.get(each.content_type) or (kind if main == "image" else "bin")


def picture(customer):
    """Return the link of a customer's profile picture, which expires too."""
    return _drawn("platform-lookaside.fbsbx.com", "profilepic", customer.id)


def story(line):
    """Return the link of a story, the shop's or the customer's."""
    return _drawn("lookaside.fbsbx.com", "story", line.sid)


def _drawn(host, kind, name):
    expires = f"{int(time.time()) + 3 * 24 * 3600:X}"
    query = f"psid={name}&ext={expires}&hash={_signature(name, expires)}"
    return f"https://{host}/platform/{kind}/?{query}"


def deliver(phone):
    """Return the endpoint that delivers files of messages."""

    async def endpoint(request):
        query = request.query_params
        sid = request.path_params.get("sid") or query.get("asset_id", "")
        given = query.get("signature") or query.get("oh", "").removeprefix("03_")
        refusal = _refusal(sid, query.get("oe", ""), given)
        found = phone.store.media(sid)[1]
        if refusal or not found:
            return refusal or Response("Bad URL hash", 403, media_type="text/plain")
        fault = phone.faults.for_request("GET", request.url.path)
        if fault and fault.request == "slow":
            await asyncio.sleep(fault.seconds)
        return FileResponse(
            phone.store.media_path(found),
            media_type=found.content_type,
            filename=found.filename or None,
            content_disposition_type="inline",
        )

    return endpoint


def draw(kind):
    make = {"profilepic": pictures.face, "story": pictures.story}[kind]

    async def endpoint(request):
        query = request.query_params
        name = query.get("psid", "")
        refusal = _refusal(name, query.get("ext", ""), query.get("hash", ""))
        return refusal or Response(make(name), media_type="image/png")

    return endpoint


def _refusal(name, expires, given):
    if not hmac.compare_digest(_signature(name, expires).encode(), given.encode()):
        return Response("Bad URL hash", 403, media_type="text/plain")
    if int(expires, 16) < time.time():
        return Response("URL signature expired", 403, media_type="text/plain")
    return None
