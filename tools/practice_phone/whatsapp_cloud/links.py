"""The addresses of files at Meta: they need the token, and live for five minutes."""

import hashlib
import hmac
import time
from functools import partial
from types import SimpleNamespace

from starlette.responses import FileResponse, PlainTextResponse

from .. import guard
from ..meta.errors import GraphError
from ..meta.guard import find_caller, trouble

PATH = "/whatsapp_business/attachments/"
HOST = "https://lookaside.fbsbx.com"
MOST_SECONDS = 300
# Signs links of this machine only
KEY = b"practice phone"


def link(phone, name):
    """Return the address of a file, by its media id."""
    expires = int(time.time() + min(phone.link_seconds, MOST_SECONDS))
    return f"{HOST}{PATH}?mid={name}&ext={expires}&hash={_signature(name, expires)}"


def _signature(name, expires):
    return hmac.new(KEY, f"{name}/{expires}".encode(), hashlib.sha256).hexdigest()[:40]


async def _authenticate(phone, request):
    """Return the owner of the token; unlike Graph, files need no proof."""
    _kind, _sign, token = request.headers.get("authorization", "").partition(" ")
    caller = find_caller(phone, token.strip()) if token else None
    if not caller or caller.account.token_error:
        raise GraphError(190, status=401)
    return caller


def guarded(phone, find):
    """Return the endpoint of the files; `find(phone, account, name)` knows them."""
    provider = SimpleNamespace(
        Error=GraphError, authenticate=_authenticate, trouble=trouble
    )
    return guard.guarded(phone, provider, partial(_deliver, find))


async def _deliver(find, phone, caller, request):
    query = request.query_params
    name, expires = query.get("mid", ""), query.get("ext", "")
    good = hmac.compare_digest(_signature(name, expires), query.get("hash", ""))
    if not good or not expires.isdecimal() or int(expires) < time.time():
        return PlainTextResponse("URL signature expired", 404)
    found = find(phone, caller.account, name)
    if not found or not phone.store.media_path(found).exists():
        return PlainTextResponse("Not found", 404)
    return FileResponse(phone.store.media_path(found), media_type=found.content_type)
