"""Twilio's credentials and injected errors."""

import base64
import binascii
import hmac
from types import SimpleNamespace

from .. import guard
from .errors import TwilioError, not_found

CODES = {"429": 20429, "500": 20500}


def trouble(fault, request):
    """Return the injected error in Twilio's form."""
    if fault.request == "404":
        return not_found(request.url.path)
    if fault.request == "error":
        return TwilioError(fault.code, fault.message or "Ordered", fault.status)
    return TwilioError(CODES[fault.request], status=int(fault.request))


async def authenticate(phone, request):
    """Return the account whose token or API key the request carries."""
    user, password = _credentials(request.headers.get("authorization", ""))
    for account in phone.store.accounts.values():
        secrets = {account.sid: account.auth_token, **account.api_keys}
        if user in secrets and _same(secrets[user], password):
            return _same_account(account, request)
    raise TwilioError(20003, status=401)


def _credentials(header):
    kind, _, encoded = header.partition(" ")
    if kind.lower() != "basic":
        raise TwilioError(20003, status=401)
    try:
        text = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise TwilioError(20003, status=401) from None
    user, _, password = text.partition(":")
    return user, password


def _same(one, other):
    return hmac.compare_digest(one.encode(), other.encode())


def _same_account(account, request):
    asked = request.path_params.get("account_sid", account.sid)
    if asked != account.sid:
        raise not_found(request.url.path)
    return account


PROVIDER = SimpleNamespace(
    Error=TwilioError, authenticate=authenticate, trouble=trouble
)


def guarded(phone, handler):
    return guard.guarded(phone, PROVIDER, handler)
