"""The webhook as Twilio or an attacker posts to it, with one thing broken at a time."""

import http.client
import itertools
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from tools.practice_phone import demo

FORM = "application/x-www-form-urlencoded; charset=UTF-8"
_sids = itertools.count(int(time.time()) << 20)


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    content_type: str
    seconds: float


def new_sid(prefix="SM"):
    return f"{prefix}{next(_sids):032x}"


def text_from(customer, body="Do you have the blue one?", **fields):
    """A WhatsApp text as Twilio posts it; a field that is None is left out."""
    sid = new_sid()
    form = {
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "ProfileName": f"Customer {customer}",
        "MessageType": "text",
        "SmsSid": sid,
        "WaId": customer.lstrip("+"),
        "SmsStatus": "received",
        "Body": body,
        "To": f"whatsapp:{demo.WHATSAPP_NUMBER}",
        "NumSegments": "1",
        "MessageSid": sid,
        "AccountSid": demo.ACCOUNT_SID,
        "From": f"whatsapp:{customer}",
        "ApiVersion": "2010-04-01",
        **fields,
    }
    return {name: value for name, value in form.items() if value is not None}


def picture_from(customer, url, content_type="image/jpeg", **fields):
    media = {"NumMedia": "1", "MediaUrl0": url, "MediaContentType0": content_type}
    return text_from(customer, "", MessageType="image", **{**media, **fields})


def status_of(sid, status, customer, **fields):
    form = {
        "SmsSid": sid,
        "SmsStatus": status,
        "MessageStatus": status,
        "To": f"whatsapp:{customer}",
        "MessageSid": sid,
        "AccountSid": demo.ACCOUNT_SID,
        "From": f"whatsapp:{demo.WHATSAPP_NUMBER}",
        "ApiVersion": "2010-04-01",
        **fields,
    }
    return {name: value for name, value in form.items() if value is not None}


def sign(url, form, token=demo.AUTH_TOKEN):
    return RequestValidator(token).compute_signature(url, form)


class WebhookClient:
    """`url` is what was registered at Twilio; requests go straight to a worker."""

    def __init__(self, port, url):
        self.port, self.url = port, url
        self.path = urlsplit(url).path

    def post(self, form, signed_url=None, path=None, **headers):
        """Post a form that is signed as Twilio does, unless a header says else."""
        signature = sign(signed_url or self.url, form)
        headers = {"X-Twilio-Signature": signature, **_named(headers)}
        return self.send(path or self.path, urlencode(form).encode(), headers)

    def send(self, path, body, headers):
        """Post bytes as they are; a header that is None is left out."""
        headers = {"Content-Type": FORM, **headers}
        kept = {name: value for name, value in headers.items() if value is not None}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        started = time.monotonic()
        try:
            # A body that is too long is answered, and the connection closed, unread.
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.request("POST", path, body, kept)
            answer = connection.getresponse()
            content, kind = answer.read(), answer.headers.get("Content-Type", "")
        finally:
            connection.close()
        return Answer(answer.status, content, kind, time.monotonic() - started)

    def post_at_once(self, forms, **headers):
        """Post all forms at the same instant; return the answers in their order."""
        barrier, answers = threading.Barrier(len(forms)), [None] * len(forms)

        def one(index, form):
            barrier.wait()
            answers[index] = self.post(form, **headers)

        threads = [threading.Thread(target=one, args=item) for item in enumerate(forms)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers


def _named(headers):
    """`x_twilio_signature` as X-Twilio-Signature."""
    return {name.replace("_", "-").title(): value for name, value in headers.items()}
