"""Create and change accounts and lines."""

from . import demo, providers
from .errors import Refused
from .model import Account, BusinessAccount, Line, new_sid
from .spelling import other_spelling

# The prefix of a new sid; a line of Meta gets its address as its sid.
KINDS = {"whatsapp": "XE", "sms": "PN", "messenger": "", "instagram": ""}
ACCOUNT_FIELDS = ("auth_token", "name", "provider", "api_keys")
ACCOUNT_FIELDS += ("access_token", "scopes", "token_error", "subscriptions")
ACCOUNT_FIELDS += ("shared_key", "live")
ACCOUNT_WORDS = {*ACCOUNT_FIELDS, "sid", "lines", "webhook_url", "status_callback_url"}
ACCOUNT_WORDS |= {"businesses"}
BUSINESS_WORDS = {"sid", "name", "owner", "shared", "subscribed", "override_url"}
LINE_WORDS = {
    "name",
    "webhook_url",
    "status_callback_url",
    "token",
    "page_sid",
    "subscribed_fields",
    "facts",
}


def save_account(phone, values):
    """Create the account with this sid, or change it; repeating it changes nothing."""
    check_words(values, ACCOUNT_WORDS, "an account")
    values = {**values, **_shared_key(values)}
    store = phone.store
    sid = values.get("sid") or new_sid("AC")
    account = store.accounts.get(sid) or Account(sid, new_sid(""))
    for name in ACCOUNT_FIELDS:
        setattr(account, name, values.get(name, getattr(account, name)))
    if account.provider not in providers.PROVIDERS:
        raise Refused(f"The phone doesn't play {account.provider}.")
    store.accounts[sid] = account
    for business in values.get("businesses") or ():
        _save_business(store, account, business)
    for line in values.get("lines") or ():
        _save_line_of(phone, account, line)
    _save_addresses(phone, account, values)
    store.changed("reload", None)
    return account


def _save_business(store, account, values):
    """Create or change a WhatsApp Business Account of an app."""
    check_words(values, BUSINESS_WORDS, "a WhatsApp Business Account")
    sid = str(values.get("sid") or "")
    if not sid.isdecimal():
        raise Refused("A WhatsApp Business Account needs a numeric `sid`.")
    usual = {"name": f"Account {sid}", "owner": demo.CLOUD_BUSINESS["owner"]}
    known = vars(store.businesses[sid]) if sid in store.businesses else usual
    values = {**known, **values, "sid": sid, "account_sid": account.sid}
    store.businesses[sid] = BusinessAccount(**values)


def _shared_key(values):
    """Return the complete shared key; an empty one removes it."""
    key = values.get("shared_key")
    if not key:
        return {}
    check_words(key, {"sid", "secret", "algorithm"}, "a shared key")
    if key.get("algorithm", "HMAC_SHA256") not in ("HMAC_SHA1", "HMAC_SHA256"):
        raise Refused("`algorithm` must be HMAC_SHA256 or HMAC_SHA1.")
    usual = {"sid": new_sid("webhooks_sharedkey_"), "secret": new_sid("")}
    return {"shared_key": {**usual, "algorithm": "HMAC_SHA256", **key}}


def _save_line_of(phone, account, values):
    kind, address = values.get("kind"), values.get("address")
    if kind not in KINDS or not address:
        raise Refused(f"A line needs an address and a kind: {', '.join(KINDS)}.")
    line = phone.store.line_at(account.sid, kind, address)
    if not line:
        sid = values.get("sid") or (new_sid(KINDS[kind]) if KINDS[kind] else address)
        line = Line(sid, account.sid, kind, address)
        phone.store.lines[sid] = line
    rest = {name: values[name] for name in values if name in LINE_WORDS}
    save_line(phone, line, rest)


def _save_addresses(phone, account, values):
    """Give the account's webhook to all its lines."""
    names = ("webhook_url", "status_callback_url")
    wanted = {name: values[name] for name in names if name in values}
    for line in phone.store.lines.values():
        if wanted and line.account_sid == account.sid:
            save_line(phone, line, wanted)


def save_line(phone, line, values):
    check_words(values, LINE_WORDS, "a line")
    for name, value in values.items():
        setattr(line, name, value)
    phone.store.changed("line", line)
    providers.of_line(phone, line).line_changed(phone, line)


def check_customer(phone, values):
    """Refuse wrong values of a customer with this phone number."""
    if values.get("whatsapp", "on") not in ("on", "refused", "undelivered"):
        raise Refused("`whatsapp` must be on, refused or undelivered.")
    if values.get("spelling", "same") not in ("same", "other"):
        raise Refused("`spelling` must be same or other.")
    if values.get("spelling") == "other" and not other_spelling(phone):
        raise Refused(f"{phone or 'No number'} has no other spelling.")


def check_words(values, known, what):
    unknown = set(values) - known
    if unknown:
        raise Refused(f"Unknown word for {what}: {', '.join(sorted(unknown))}.")
