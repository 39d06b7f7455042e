"""Graph's credentials: tokens of an app, a user or a Page, and the proof."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from types import SimpleNamespace
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException

from .. import guard
from ..model import Account, Line
from .errors import GraphError, no_such_object, wrong

CREDENTIALS = {"access_token", "appsecret_proof"}
# The providers whose accounts are apps at Meta
PLAYED = ("meta", "whatsapp_cloud")
# Code and HTTP status of the faults that all providers share
ORDERED = {"429": (4, 403), "500": (1, 500)}


@dataclass(frozen=True)
class Caller:
    """The owner of a token: the app, one of its users, or one line."""

    account: Account
    line: Line | None = None
    is_app: bool = False

    @property
    def is_user(self):
        return not (self.is_app or self.line)


def trouble(fault, request):
    """Return the injected error in Graph's form."""
    if fault.request == "404":
        return no_such_object(request.url.path, request.method.lower())
    if fault.request == "error":
        return GraphError(fault.code, fault.subcode, fault.message, fault.status)
    code, status = ORDERED[fault.request]
    return GraphError(code, status=status)


async def authenticate(phone, request):
    """Return the owner of the token, which needs the app secret's proof."""
    request.state.values = await _parameters(request)
    token = _token(request)
    if not token:
        raise GraphError(104, message="An access token is required to request this.")
    caller = find_caller(phone, token)
    if not caller:
        raise GraphError(190)
    if caller.account.token_error and not caller.is_app:
        raise GraphError(190, caller.account.token_error)
    _check_proof(caller, token, request.state.values.get("appsecret_proof"))
    return caller


def parameters(request):
    """Return the parameters of query and body, without the credentials."""
    values = request.state.values.items()
    return {name: value for name, value in values if name not in CREDENTIALS}


async def _parameters(request):
    values = dict(parse_qsl(request.url.query, keep_blank_values=True))
    kind = request.headers.get("content-type", "").split(";")[0].strip()
    if kind == "application/json":
        return {**values, **await _json_object(request)}
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        try:
            return {**values, **await request.form()}
        except HTTPException:
            raise wrong("The form can't be read.") from None
    return values


async def _json_object(request):
    try:
        body = json.loads(await request.body() or b"{}")
    except ValueError:
        raise wrong("The body is not JSON.") from None
    if not isinstance(body, dict):
        raise wrong("The body must be an object.")
    return body


def _token(request):
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() in ("bearer", "oauth"):
        return token.strip()
    return request.state.values.get("access_token", "")


def find_caller(phone, token):
    for account in phone.store.accounts.values():
        if account.provider not in PLAYED:
            continue
        if _same(token, f"{account.sid}|{account.auth_token}"):
            return Caller(account, is_app=True)
        if account.access_token and _same(token, account.access_token):
            return Caller(account)
        for line in phone.store.lines.values():
            ours = line.account_sid == account.sid and line.token
            if ours and _same(token, line.token):
                return Caller(account, line)
    return None


def _check_proof(caller, token, given):
    """Check the proof, as with "Require App Secret" switched on."""
    if given is None and caller.is_app:
        return
    if given is None:
        raise wrong("API calls from the server require an appsecret_proof argument")
    if not _same(str(given), proof(caller.account, token)):
        raise wrong("Invalid appsecret_proof provided in the API argument")


def proof(account, token):
    key = account.auth_token.encode()
    return hmac.new(key, token.encode(), hashlib.sha256).hexdigest()


def _same(one, other):
    return hmac.compare_digest(one.encode(), other.encode())


PROVIDER = SimpleNamespace(Error=GraphError, authenticate=authenticate, trouble=trouble)


def guarded(phone, handler):
    return guard.guarded(phone, PROVIDER, handler)
