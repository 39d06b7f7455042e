"""Contents of Twilio's Content API, written after its documentation."""

from __future__ import annotations

from ..server import Reply

SID = f"HX{1:032x}"
PATH = "/v1/ContentAndApprovals"
BODY = "Hello {{1}}, your chair {{2}} is ready."
BUTTONS = [
    {"type": "QUICK_REPLY", "title": "Yes", "id": "yes"},
    {"type": "URL", "title": "Track", "url": "https://shop.example.com/{{3}}"},
]

TYPES = {
    "twilio/text": {"body": BODY},
    "twilio/media": {"body": BODY, "media": ["https://cdn.example.com/{{3}}"]},
    "twilio/location": {
        "latitude": 41.39,
        "longitude": 2.17,
        "label": "Blue Chairs",
        "address": "Carrer {{1}}",
    },
    "twilio/quick-reply": {"body": BODY, "actions": BUTTONS[:1]},
    "twilio/call-to-action": {"body": BODY, "actions": BUTTONS[1:]},
    "twilio/list-picker": {
        "body": BODY,
        "button": "Times",
        "items": [
            {"item": "Monday", "id": "mo", "description": "From {{3}}"},
            {"item": "Friday", "id": "fr"},
        ],
    },
    "twilio/card": {
        "title": BODY,
        "subtitle": "Blue Chairs",
        "media": ["https://cdn.example.com/offer.jpg"],
        "actions": BUTTONS,
    },
    "twilio/carousel": {
        "body": BODY,
        "cards": [
            {
                "title": "Oak",
                "body": "From {{3}}",
                "media": "https://cdn.example.com/{{4}}",
                "actions": BUTTONS[:1],
            },
            {
                "title": "Ash",
                "body": "From {{5}}",
                "media": "https://cdn.example.com/ash.jpg",
                "actions": BUTTONS[:1],
            },
        ],
    },
    "twilio/catalog": {"title": "Chairs", "body": BODY, "subtitle": "All of oak"},
    "twilio/flows": {
        "body": BODY,
        "subtitle": "Two questions",
        "button_text": "Begin",
        "pages": [],
        "type": "SURVEY",
    },
    "whatsapp/flows": {"body": BODY, "button_text": "Begin", "flow_id": "1"},
    "whatsapp/card": {
        "body": BODY,
        "header_text": "Order {{number}}",
        "footer": "Blue Chairs",
        "actions": BUTTONS,
    },
    "whatsapp/authentication": {
        "code_expiration_minutes": 10,
        "actions": [{"type": "COPY_CODE", "copy_code_text": "Copy the code"}],
    },
}


def content(*types, status="approved", approval=None, **changes):
    """Return a content of these types as ContentAndApprovals lists it."""
    return {
        "sid": SID,
        "friendly_name": "chair_ready",
        "language": "en",
        "variables": {"1": "Ada", "2": "A-17"},
        "types": {name: TYPES[name] for name in types or ["twilio/text"]},
        "approval_requests": {
            "name": "chair_ready",
            "category": "UTILITY",
            "content_type": "twilio/text",
            "status": status,
            "rejection_reason": "",
            **(approval or {}),
        },
        **changes,
    }


def listed(*contents, following=None):
    return Reply(
        json={
            "contents": list(contents),
            "meta": {"next_page_url": following, "key": "contents"},
        }
    )
