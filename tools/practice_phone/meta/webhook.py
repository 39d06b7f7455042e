"""One webhook request of Meta: its JSON, signed over the bytes sent."""

import hashlib
import hmac
import json
from functools import partial

from ..delivery import Connection, deliver, nothing
from ..errors import Refused
from ..network import is_near
from .subscriptions import OBJECTS, callback

# Meta retries for hours; the phone retries at once.
PATIENCE = Connection(retries=2, policy=frozenset({"all"}), read=20, total=20)


def dump(body):
    """Return JSON with escaped slashes and non-ASCII, unlike plain `json.dumps`."""
    return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode()


def sign(secret, content):
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


async def post(phone, line, body):
    """Post to the app's subscribed address and return the outcome."""
    found = callback(phone, line)
    if not found:
        return nothing(f"This {OBJECTS[line.kind]} has no webhook subscription yet.")
    account = phone.store.accounts[line.account_sid]
    return await send(phone, account, found["callback_url"], dump(body))


async def send(phone, account, url, content, signature=None):
    if not await is_near(url):
        return nothing("The practice phone only reaches the local network.")
    build = partial(_build, phone, account.sid, url, content, signature)
    return await deliver(phone, build, PATIENCE)


def _build(phone, account_sid, url, content, signature):
    token = phone.store.accounts[account_sid].auth_token
    old = hmac.new(token.encode(), content, hashlib.sha1).hexdigest()
    headers = {
        "User-Agent": "facebookexternalua",
        "Accept": "*/*",
        "Content-Type": "application/json",
        "X-Hub-Signature": f"sha1={old}",
        "X-Hub-Signature-256": signature or f"sha256={sign(token, content)}",
    }
    return phone.client.build_request("POST", url, content=content, headers=headers)


async def post_raw(phone, line, subscription, body, signature=None):
    """Post any body, even a wrong one, with a correct or the given signature."""
    if not subscription:
        raise Refused("This line has no webhook subscription yet.", 409)
    account = phone.store.accounts[line.account_sid]
    content = body.encode() if isinstance(body, str) else dump(body)
    url = subscription["callback_url"]
    outcome = await send(phone, account, url, content, signature)
    entry = {"kind": "raw", "sid": "", "url": url, "fields": _readable(content)}
    return phone.log(phone.webhooks, **entry, **outcome)


def _readable(content):
    try:
        return json.loads(content)
    except ValueError:
        return {}
