"""The checks of `POST Messages.json`, after Twilio's published contract.

Twilio ignores unknown parameters. The phone refuses them, so that a mistyped one is
noticed here and not in production.
"""

import json
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .addresses import recipient, split
from .content_types import MOST_OF_A_VALUE, MOST_VARIABLES, NAME
from .errors import TwilioError

BODY_LIMIT = 1600
MEDIA_LIMITS = {"whatsapp": 1, "sms": 10}
REPEATED = {"MediaUrl", "PersistentAction"}
BOOLEAN = re.compile(r"true|false", re.IGNORECASE)
ANYTHING = re.compile(r".*", re.DOTALL)
NUMBER = r"-?\d{1,3}(?:\.\d+)?"
# A location on WhatsApp
PLACE = re.compile(rf"geo:({NUMBER}),({NUMBER})(?:\|(.+))?")

# Every parameter of the contract, and the pattern of its value
PARAMETERS = {
    "To": ANYTHING,
    "From": ANYTHING,
    "MessagingServiceSid": re.compile(r"MG[0-9a-fA-F]{32}"),
    "Body": ANYTHING,
    "MediaUrl": ANYTHING,
    "ContentSid": re.compile(r"HX[0-9a-fA-F]{32}"),
    "ContentVariables": ANYTHING,
    "StatusCallback": ANYTHING,
    "ApplicationSid": re.compile(r"AP[0-9a-fA-F]{32}"),
    "MaxPrice": re.compile(r"\d+(\.\d+)?"),
    "ProvideFeedback": BOOLEAN,
    "Attempt": re.compile(r"\d+"),
    "ValidityPeriod": re.compile(r"\d{1,5}"),
    "ForceDelivery": BOOLEAN,
    "ContentRetention": re.compile(r"retain|discard"),
    "AddressRetention": re.compile(r"retain|obfuscate"),
    "SmartEncoded": BOOLEAN,
    "PersistentAction": PLACE,
    "TrafficType": re.compile(r"free"),
    "ShortenUrls": BOOLEAN,
    "ScheduleType": re.compile(r"fixed"),
    "SendAt": ANYTHING,
    "SendAsMms": BOOLEAN,
    "RiskCheck": re.compile(r"enable|disable"),
    "FallbackFrom": ANYTHING,
}


@dataclass(frozen=True)
class Order:
    """A checked message to send."""

    kind: str
    to: str
    sender: str
    body: str = ""
    media: list = field(default_factory=list)
    status_callback: str = ""
    service_sid: str = ""
    content_sid: str = ""
    variables: dict = field(default_factory=dict)
    place: dict | None = None


def read_order(pairs):
    values = _collect(pairs)
    _check_schedule(values)
    kind, to = _ends(values)
    variables = _read_variables(values)
    _check_content(values, kind)
    callback = _check_callback(values.get("StatusCallback", ""))
    return Order(
        kind=kind,
        to=to,
        sender=split(values.get("From", ""))[1],
        body=values.get("Body", ""),
        media=values.get("MediaUrl", []),
        status_callback=callback,
        service_sid=values.get("MessagingServiceSid", ""),
        content_sid=values.get("ContentSid", ""),
        variables=variables,
        place=_place(values, kind),
    )


def _place(values, kind):
    """Return the location, whose name is Body, or None."""
    actions = values.get("PersistentAction", [])
    if not actions:
        return None
    if kind != "whatsapp" or len(actions) > 1 or values.get("MediaUrl"):
        raise TwilioError(20001, "One location, alone, goes to WhatsApp only")
    latitude, longitude, address = PLACE.fullmatch(actions[0]).groups()
    point = {"latitude": float(latitude), "longitude": float(longitude)}
    return {**point, "label": values.get("Body", ""), "address": address or ""}


def _collect(pairs):
    values = {}
    for name, value in pairs:
        _check_parameter(name, value)
        if name in REPEATED:
            values.setdefault(name, []).append(value)
        elif name in values:
            raise TwilioError(20001, f"Parameter '{name}' is given more than once")
        else:
            values[name] = value
    return values


def _check_parameter(name, value):
    if name not in PARAMETERS:
        raise TwilioError(20001, f"Unknown parameter '{name}'")
    if not isinstance(value, str):
        raise TwilioError(20001, f"Parameter '{name}' must be text, not a file")
    if not PARAMETERS[name].fullmatch(value):
        if name == "MessagingServiceSid":
            raise TwilioError(21705)
        raise TwilioError(20001, f"Invalid value for parameter '{name}'")


def _check_schedule(values):
    """Refuse what the phone would send at once instead of later."""
    if values.get("SendAt") or values.get("ScheduleType"):
        raise TwilioError(20001, "The practice phone doesn't schedule messages")


def _ends(values):
    if not values.get("To"):
        raise TwilioError(21604)
    kind, to = recipient(values["To"])
    if not (values.get("From") or values.get("MessagingServiceSid")):
        raise TwilioError(21603)
    if values.get("From") and split(values["From"])[0] != kind:
        raise TwilioError(21910)
    return kind, to


def _check_content(values, kind):
    body, media = values.get("Body", ""), values.get("MediaUrl", [])
    if values.get("ContentSid"):
        if body or media:
            raise TwilioError(20001, "ContentSid takes no Body and no MediaUrl")
        return
    if not (body.strip() or media):
        raise TwilioError(21602)
    if len(body) > BODY_LIMIT:
        raise TwilioError(21617)
    if len(media) > MEDIA_LIMITS[kind]:
        raise TwilioError(21623)
    for url in media:
        if not is_url(url):
            raise TwilioError(21620)


def _read_variables(values):
    """Return `ContentVariables`, a JSON object of texts, none of them empty."""
    text = values.get("ContentVariables")
    if text is None:
        return {}
    if not values.get("ContentSid"):
        raise TwilioError(21654)
    try:
        variables = json.loads(text)
    except ValueError:
        raise TwilioError(21656) from None
    if not isinstance(variables, dict) or len(variables) > MOST_VARIABLES:
        raise TwilioError(21656)
    for name, value in variables.items():
        is_text = isinstance(value, str) and 0 < len(value) <= MOST_OF_A_VALUE
        if not (NAME.fullmatch(name) and is_text):
            raise TwilioError(21656)
    return variables


def _check_callback(url):
    if url and not (is_url(url) and "_" not in urlsplit(url).hostname):
        raise TwilioError(21609, f"The StatusCallback URL {url} is not a valid URL.")
    return url


def is_url(url):
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises for a port that is no number
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
