"""Real payloads of others, and for each what it must be read as.

They lie beside the repository, not in it. Some are whole bodies, some one entry, some
one event: each is put into what is missing around it.
"""

from __future__ import annotations

import json

from providers.events import ChannelNotice, MessageReceived, MessageSent, ReadUpTo

from .samples import request_for

EXPECTED = {
    "messenger/bottender__audio_message": [("MessageReceived", "audio", "", 1)],
    "messenger/bottender__batch_request": [
        ("MessageReceived", "text", "test 1", 0),
        ("MessageReceived", "text", "test 2", 0),
    ],
    "messenger/bottender__delivery": [("delivered", "2016-03-22 17:47:36.253000", 1)],
    "messenger/bottender__file_message": [("MessageReceived", "document", "", 1)],
    "messenger/bottender__image_message": [("MessageReceived", "image", "", 1)],
    "messenger/bottender__link_referral": [("MessageReceived", "text", "", 0)],
    "messenger/bottender__location_message": [("MessageReceived", "location", "", 0)],
    "messenger/bottender__optin": [],
    "messenger/bottender__policy_enforcement": [
        ("policy_enforcement", "block: The bot viola")
    ],
    "messenger/bottender__postback": [
        ("MessageReceived", "reply_choice", "USER_DEFINED_PAYLOAD", 0)
    ],
    "messenger/bottender__postback_referral": [
        ("MessageReceived", "reply_choice", "Get Started", 0)
    ],
    "messenger/bottender__read": [("read", "2016-03-22 17:47:36.253000", 0)],
    "messenger/bottender__request": [("MessageReceived", "text", "text", 0)],
    "messenger/bottender__text_message": [
        ("MessageReceived", "text", "Sharp tools make good work.", 0)
    ],
    "messenger/bottender__text_message_from_customer_chat_plugin": [
        ("MessageReceived", "text", "Sharp tools make good work.", 0)
    ],
    "messenger/bottender__video_message": [("MessageReceived", "video", "", 1)],
    "messenger/chatwoot__incoming_fb_text_message": [
        ("MessageReceived", "text", "facebook message", 0)
    ],
    "messenger/chatwoot__message_deliveries": [
        ("delivered", "2022-03-29 19:20:33.369000", 0)
    ],
    "messenger/chatwoot__message_reads": [("read", "2022-03-29 19:20:33.369000", 0)],
    "messenger/meta_docs__ads_referral": [
        ("MessageReceived", "text", "hello, world!", 0)
    ],
    "messenger/meta_docs__attachment": [("MessageReceived", "unsupported", "", 0)],
    "messenger/meta_docs__commands": [
        ("MessageReceived", "text", "find flights from SFO to LAX next Thursday", 0)
    ],
    "messenger/meta_docs__echo_fallback_null_payload": [
        ("MessageSent", "text", "Legacy Attachment", 0)
    ],
    "messenger/meta_docs__echo_image": [("MessageSent", "image", "", 1)],
    "messenger/meta_docs__echo_reply": [("MessageSent", "unsupported", "", 0)],
    "messenger/meta_docs__echo_template": [
        ("MessageSent", "text", "Visit Messenger", 0)
    ],
    "messenger/meta_docs__echo_text_metadata": [
        ("MessageSent", "text", "hello, world!", 0)
    ],
    "messenger/meta_docs__fallback_v6": [
        (
            "MessageReceived",
            "text",
            "This is where I want to go: https://youtu.be/bbo_fZAjIhg",
            0,
        )
    ],
    "messenger/meta_docs__message_edit": [("MessageEdited", "<TEXT>")],
    "messenger/meta_docs__postback_dashboard_test_shape": [],
    "messenger/meta_docs__reads": [("read", "2016-03-22 17:47:36.253000", 0)],
    "messenger/meta_docs__reply_to": [("MessageReceived", "text", "hello, world!", 0)],
    "messenger/meta_docs__standby_echo": [("MessageSent", "unsupported", "", 0)],
    "messenger/meta_docs__text_quick_reply": [
        ("MessageReceived", "reply_choice", "hello, world!", 0)
    ],
    "messenger/note__policy_enforcement_dashboard_sample": [],
    "messenger/note_real__message_deliveries": [
        ("delivered", "2023-10-30 03:35:46.713000", 1)
    ],
    "messenger/note_real__message_echo_video": [("MessageSent", "video", "", 1)],
    "messenger/note_real__message_reaction": [("Reacted", "😢")],
    "messenger/note_real__message_reads": [("read", "2023-10-30 03:36:00.806000", 0)],
    "messenger/note_real__message_text": [("MessageReceived", "text", "yes", 0)],
    "instagram/chatwoot__instagram_message_attachment_event": [
        ("MessageReceived", "text", "https://www.example.com/test.jpeg", 0)
    ],
    "instagram/chatwoot__instagram_message_create_event": [
        ("MessageReceived", "text", "This is the first message from the customer", 0)
    ],
    "instagram/chatwoot__instagram_message_reply_event": [
        ("MessageReceived", "text", "This is message with replyto mid", 0)
    ],
    "instagram/chatwoot__instagram_message_standby_event": [
        (
            "MessageReceived",
            "text",
            "This is the first standby message from the customer, after 24 hours.",
            0,
        )
    ],
    "instagram/chatwoot__instagram_message_unsend_event": [("MessageUnsent", "")],
    "instagram/chatwoot__instagram_message_unsupported_event": [
        ("MessageReceived", "unsupported", "", 0)
    ],
    "instagram/chatwoot__instagram_shared_reel_event": [
        ("MessageReceived", "text", "Reel title", 0)
    ],
    "instagram/chatwoot__instagram_story_mention_event": [
        ("MessageReceived", "image", "", 1)
    ],
    "instagram/chatwoot__instagram_story_mention_event_with_echo": [
        ("MessageSent", "image", "", 1)
    ],
    "instagram/chatwoot__instagram_story_reply_event": [
        ("MessageReceived", "text", "This is the story reply", 0)
    ],
    "instagram/chatwoot__instagram_test_event": [],
    "instagram/chatwoot__instagram_test_text_event": [],
    "instagram/chatwoot__messaging_seen_event": [("read", "", 1)],
}


def read_all(shared):
    """Yield (name, request) of every payload for Messenger and Instagram."""
    for folder in ("messenger", "instagram"):
        for path in sorted((shared / "fixtures" / folder).glob("*.json")):
            payload = json.loads(path.read_text())
            yield f"{folder}/{path.stem}", request_for(_body(payload))


def _body(payload):
    """Return a payload as the whole body that it is a part of."""
    if "entry" in payload:
        return payload
    if "field" in payload:
        payload = {"id": "0", "changes": [payload]}
    elif "messaging" not in payload:
        payload = {"id": _page_of(payload), "messaging": [payload]}
    return {"object": "page", "entry": [payload]}


def _page_of(event):
    is_echo = event.get("message", {}).get("is_echo")
    return event["sender" if is_echo else "recipient"]["id"]


def summary(event):
    """Return what an event is, in words that fit a table."""
    if isinstance(event, ReadUpTo):
        return event.status, str(event.until or ""), len(event.message_ids)
    if isinstance(event, ChannelNotice):
        return event.code, event.text[:20]
    name = type(event).__name__
    if isinstance(event, (MessageReceived, MessageSent)):
        return name, event.kind, event.text, len(event.media)
    return name, getattr(event, "text", getattr(event, "emoji", ""))


def ids_and_files(event):
    """Return all that must stand in the payload, letter by letter."""
    yield from getattr(event, "external_ids", ())
    yield from getattr(event, "message_ids", ())
    yield from (media.url for media in getattr(event, "media", ()))
    mid = getattr(event, "message_id", "")
    # What Meta gives no id gets one of ours.
    yield mid.split(".")[1] if mid.startswith(("postback.", "referral.")) else mid
