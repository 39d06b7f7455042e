"""One signed webhook request of Twilio, with its timeouts and retries."""

import re
import uuid
from dataclasses import replace
from functools import partial
from urllib.parse import parse_qs, urldefrag, urlencode

from twilio.request_validator import RequestValidator

from ..delivery import Connection, deliver, nothing
from ..network import is_near

# One retry, and only after a failed connection
DEFAULT = Connection(retries=1, policy=frozenset({"ct"}))
HEADERS = {"User-Agent": "TwilioProxy/1.1", "Accept": "*/*", "X-Home-Region": "us1"}


def split_overrides(url):
    """Return the address and the overrides in its fragment (`#rc=3&rp=ct,rt,5xx`)."""
    bare, fragment = urldefrag(url)
    words = {name: values[-1] for name, values in parse_qs(fragment).items()}
    connection = DEFAULT
    if re.fullmatch(r"[0-5]", words.get("rc", "")):
        connection = replace(connection, retries=int(words["rc"]))
    if "rp" in words:
        connection = replace(connection, policy=frozenset(words["rp"].split(",")))
    for name, field in (("ct", "connect"), ("rt", "read"), ("tt", "total")):
        if words.get(name, "").isdigit():
            connection = replace(connection, **{field: int(words[name]) / 1000})
    return bare, connection


def signature(account, url, fields):
    """Return the headers that sign a webhook, with the shared key if there is one."""
    key = account.shared_key
    if not key:
        text = RequestValidator(account.auth_token).compute_signature(url, fields)
        return {"X-Twilio-Signature": text}
    validator = RequestValidator(key["secret"])
    text = validator.compute_signature(url, fields, key["algorithm"])
    settings = f"key={key['sid']},algorithm={key['algorithm']}"
    return {
        "X-Twilio-Signature": text,
        "X-Twilio-Webhooks-Signature-Settings": settings,
    }


async def post(phone, account, url, fields):
    """Post, retry as the fragment says, and return the outcome."""
    bare, connection = split_overrides(url)
    if not await is_near(bare):
        return nothing("The practice phone only reaches the local network.")
    # The same on every attempt, so that the receiver recognises a retry
    build = partial(_build, phone, account.sid, bare, fields, str(uuid.uuid4()))
    return await deliver(phone, build, connection)


def _build(phone, account_sid, url, fields, token):
    headers = {
        **HEADERS,
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        **signature(phone.store.accounts[account_sid], url, fields),
        "I-Twilio-Idempotency-Token": token,
    }
    body = urlencode(fields)
    return phone.client.build_request("POST", url, content=body, headers=headers)
