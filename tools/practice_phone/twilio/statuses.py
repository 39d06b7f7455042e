"""Status callbacks about outbound messages."""

import asyncio
import time
import weakref

from ..reports import Reports
from . import inbound, webhook
from .addresses import bare_of_customer, of_customer, of_line
from .errors import TEXTS

_turns = weakref.WeakValueDictionary()


def form(account, line, customer, message, status):
    values = {
        "SmsSid": message.sid,
        "SmsStatus": status,
        "MessageStatus": status,
        "To": of_customer(line, customer, message),
        "MessageSid": message.sid,
        "AccountSid": account.sid,
        "From": of_line(line),
        "ApiVersion": inbound.API_VERSION,
    }
    if message.extra.get("service"):
        values["MessagingServiceSid"] = message.extra["service"]
    extra = _whatsapp if line.kind == "whatsapp" else _sms
    values.update(extra(line, customer, message, status))
    return {name: str(value) for name, value in values.items()}


def _whatsapp(line, customer, message, status):
    values = {
        "ChannelPrefix": "whatsapp",
        "ChannelInstallSid": line.sid,
        "ChannelToAddress": bare_of_customer(customer, message),
    }
    if status == "sent":
        values["StructuredMessage"] = "false"
    else:
        values["EventType"] = status.upper()
    if status in ("failed", "undelivered"):
        values["ErrorCode"] = message.error_code
        values["ChannelStatusMessage"] = message.error_message
    return values


def _sms(line, customer, message, status):
    values = {}
    if status in ("delivered", "undelivered"):
        values["RawDlrDoneDate"] = time.strftime("%y%m%d%H%M", time.gmtime())
    if status in ("failed", "undelivered"):
        values["ErrorCode"] = message.error_code
    return values


class Callbacks(Reports):
    async def say(self, status):
        """Report a status; a lock keeps `read` from overtaking `delivered`."""
        turn = _turns.setdefault(self.message.sid, asyncio.Lock())
        async with turn:
            self.phone.store.update(self.message, status=status)
            await self.deliver(status)

    async def fail(self, status, code, text=""):
        self.message.error_code = code
        self.message.error_message = text or TEXTS.get(code, "Unknown error")
        await self.say(status)

    def refusal(self, status):
        """Return the injected failure: only `undelivered` has left Twilio."""
        if self.trouble == "fail" and self.fault.status == status:
            return status, self.fault.error_code, ""
        return None

    async def _post(self, status):
        store = self.phone.store
        if self.message.sid not in store.messages:
            return
        line = store.lines[self.message.line_sid]
        service = store.services.get(self.message.extra.get("service"))
        usual = service.status_callback_url if service else line.status_callback_url
        url = self.message.status_callback or usual
        if not url:
            return
        account = store.accounts[line.account_sid]
        customer = store.customers[self.message.customer_id]
        fields = form(account, line, customer, self.message, status)
        outcome = await webhook.post(self.phone, account, url, fields)
        entry = {"kind": "status", "sid": self.message.sid, "url": url}
        self.phone.log(self.phone.webhooks, **entry, fields=fields, **outcome)


async def read(phone, messages):
    """Mark as read; only WhatsApp reports it, and only with read receipts on."""
    for message in messages:
        await _read(phone, message)


async def _read(phone, message):
    customer = phone.store.customers[message.customer_id]
    line = phone.store.lines[message.line_sid]
    if message.seen or message.status != "delivered":
        return
    phone.store.update(message, seen=True)
    if line.kind == "whatsapp" and customer.read_receipts and not message.automatic:
        await Callbacks(phone, message).say("read")
