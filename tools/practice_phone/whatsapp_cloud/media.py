"""Files at Meta: uploads, media ids, and the samples of templates."""

import base64
import hashlib
import secrets

from starlette.responses import JSONResponse

from ..meta.errors import no_such_object, wrong
from ..meta.guard import parameters
from ..model import Media
from . import links, numbers
from .errors import CloudError
from .permissions import WRITE, check_permission

KILOBYTE = 1024
MEGABYTE = 1024 * KILOBYTE
OFFICE = "application/vnd.openxmlformats-officedocument."
# By type of message: the content types and the largest size
TYPES = {
    "image": ({"image/jpeg", "image/png"}, 5 * MEGABYTE),
    "audio": (
        {"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"},
        16 * MEGABYTE,
    ),
    "video": ({"video/mp4", "video/3gpp"}, 16 * MEGABYTE),
    "sticker": ({"image/webp"}, 500 * KILOBYTE),
    "document": (
        {
            *("text/plain", "application/pdf", "application/msword"),
            *("application/vnd.ms-excel", "application/vnd.ms-powerpoint"),
            OFFICE + "wordprocessingml.document",
            OFFICE + "spreadsheetml.sheet",
            OFFICE + "presentationml.presentation",
        },
        100 * MEGABYTE,
    ),
}
KNOWN = {name: most for types, most in TYPES.values() for name in types}


def media_id(media):
    """Return the number by which Meta knows a file; it follows from our own id."""
    return str(int(media.sid[2:15], 16))


def find(phone, account, name):
    """Return a file of one of the app's conversations, or one of its uploads."""
    if name in phone.store.uploads:
        return phone.store.uploads[name]
    lines = phone.store.lines
    for message in phone.store.messages.values():
        if lines[message.line_sid].account_sid == account.sid:
            for media in message.media:
                if media.size and media_id(media) == name:
                    return media
    return None


def digest(phone, media):
    return hashlib.sha256(phone.store.media_path(media).read_bytes())


def in_webhook(phone, media):
    """Return `{id, mime_type, sha256}`; the digest is Base64 here, and hex later."""
    code = base64.b64encode(digest(phone, media).digest()).decode()
    kind = media.content_type
    if media.voice:
        kind += "; codecs=opus"
    return {"mime_type": kind, "sha256": code, "id": media_id(media)}


def describe(phone, caller, name):
    """Answer `GET /{media id}` with an address that lives for five minutes."""
    found = find(phone, caller.account, name)
    if not found:
        raise no_such_object(name)
    check_permission(caller, WRITE)
    return JSONResponse(
        {
            "url": links.link(phone, name),
            "mime_type": found.content_type,
            "sha256": digest(phone, found).hexdigest(),
            "file_size": found.size,
            "id": name,
            "messaging_product": "whatsapp",
        }
    )


async def upload(phone, caller, request):
    """Keep a file for thirty days; its type must be one that WhatsApp takes."""
    numbers.own(phone, caller, request)
    check_permission(caller, WRITE)
    values = parameters(request)
    if set(values) - {"messaging_product", "file", "type"}:
        raise wrong("An upload takes messaging_product, file and type")
    file = values.get("file")
    if values.get("messaging_product") != "whatsapp" or not hasattr(file, "read"):
        raise wrong("The parameters messaging_product and file are required.")
    kind = (values.get("type") or file.content_type or "").partition(";")[0].strip()
    media, content = Media(kind, file.filename or ""), await file.read()
    if kind not in KNOWN:
        raise wrong(
            f"Param file must be a file with one of these types: {sorted(KNOWN)}"
        )
    if not content or len(content) > KNOWN[kind]:
        raise CloudError(131053, f"The file must have 1 to {KNOWN[kind]} bytes.")
    phone.store.write_media(media, content)
    name = media_id(media)
    phone.store.uploads[name] = media
    phone.store.dirty = True
    return JSONResponse({"id": name})


def check(kind, content, media):
    """Return (code, details) if a file doesn't suit its message, else None."""
    types, most = TYPES[kind]
    if media.content_type not in types:
        return 131053, f"{media.content_type} is no type for {kind}."
    if media.size > most:
        return 131053, f"The {kind} has more than {most} bytes."
    if content.get("voice") and media.content_type != "audio/ogg":
        return 131053, "A voice note must be OGG with Opus."
    return None


# -- samples of templates -----------------------------------------------------------


async def open_sample(phone, caller, request):
    """Open a resumable upload: `POST /{app}/uploads`."""
    values = parameters(request)
    if request.path_params["node"] != caller.account.sid:
        raise no_such_object(request.path_params["node"], "post")
    if not {"file_length", "file_type"} <= set(values):
        raise wrong("The parameters file_length and file_type are required")
    kind, name = str(values["file_type"]), str(values.get("file_name", ""))
    session = "upload:" + secrets.token_urlsafe(24)
    phone.store.uploads[session] = Media(kind, name, size=int(values["file_length"]))
    return JSONResponse({"id": session})


async def fill_sample(phone, caller, request):
    """Take the bytes of a sample, and return its handle."""
    session = request.path_params["node"]
    media = phone.store.uploads.get(session)
    content = await request.body()
    if not media or request.headers.get("file_offset") != "0":
        raise wrong("The upload session is unknown, or file_offset isn't 0")
    if len(content) != media.size:
        raise wrong("The file isn't as long as file_length says")
    phone.store.write_media(media, content)
    handle = "4::" + secrets.token_urlsafe(24)
    phone.store.uploads[handle] = phone.store.uploads.pop(session)
    return JSONResponse({"h": handle})
