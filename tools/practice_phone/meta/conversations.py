"""Graph's list of conversations, with the latest messages of each."""

from datetime import datetime, timezone

from starlette.responses import JSONResponse

from . import links
from .errors import no_such_object, wrong
from .guard import parameters
from .nodes import chosen
from .paging import page_of

# Meta shows no more of a conversation.
LATEST = 20
KNOWN = {"platform", "fields", "limit", "after"}


async def list_conversations(phone, caller, request):
    """List the conversations of a Page or of its Instagram account, latest first."""
    values = parameters(request)
    line = _line(phone, caller, request.path_params["node"], values.get("platform"))
    unknown = set(values) - KNOWN
    if unknown:
        raise wrong(f"Unknown parameters: {sorted(unknown)}")
    found = {}
    for row in phone.store.messages.values():
        if row.line_sid == line.sid and not row.unsent:
            found.setdefault(row.customer_id, []).append(row)
    threads = [_thread(phone, line, rows) for rows in found.values()]
    threads.sort(key=lambda thread: thread["updated_time"], reverse=True)
    shown = [chosen(thread, values.get("fields")) for thread in threads]
    return JSONResponse(page_of(shown, values, "me/conversations"))


def _line(phone, caller, name, platform):
    if not caller.line or name not in ("me", caller.line.sid):
        raise no_such_object(name)
    for line in phone.store.lines.values():
        ours = caller.line.sid in (line.sid, line.page_sid)
        if ours and line.kind == platform:
            return line
    raise wrong("Param platform must be messenger or instagram")


def _thread(phone, line, rows):
    latest = sorted(rows, key=lambda row: row.created_at, reverse=True)
    return {
        "id": f"t_{latest[0].customer_id}",
        "updated_time": _moment(latest[0]),
        "messages": {"data": [_message(phone, line, row) for row in latest[:LATEST]]},
    }


def _message(phone, line, row):
    customer = phone.store.customers[row.customer_id]
    shop = {"id": line.sid, "name": line.name}
    person = {"id": phone.store.scoped_id(customer, line), "name": customer.name}
    is_inbound = row.direction == "inbound"
    sender, recipient = (person, shop) if is_inbound else (shop, person)
    node = {
        "id": row.sid,
        "created_time": _moment(row),
        "from": sender,
        "to": {"data": [recipient]},
        "message": row.body,
    }
    files = [_file(phone, line, media) for media in row.media if media.size]
    return {**node, "attachments": {"data": files}} if files else node


def _file(phone, line, media):
    url, main = links.media(phone, line, media), media.content_type.split("/")[0]
    place = {"file_url": url}
    if main in ("image", "video"):
        place = {f"{main}_data": {"url": url}}
    name = media.filename or media.sid
    about = {"mime_type": media.content_type, "name": name, "size": media.size}
    return {"id": media.sid, **about, **place}


def _moment(row):
    moment = datetime.fromtimestamp(row.created_at, timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S+0000")
