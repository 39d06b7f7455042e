"""The typing indicator, which also tells the customer that they were read."""

import time

from starlette.responses import JSONResponse

from .errors import TwilioError, not_found

SECONDS = 25


async def show(phone, account, request):
    try:
        body = await request.json()
    except ValueError:
        raise TwilioError(20001, "The body is not JSON") from None
    if not isinstance(body, dict) or body.get("channel") != "WHATSAPP":
        raise TwilioError(20001, "channel must be WHATSAPP")
    message = phone.store.messages.get(body.get("messageId"))
    if not message or message.direction != "inbound":
        raise not_found(request.url.path)
    conversation = phone.store.conversation_of(message)
    conversation.typing_until = time.time() + SECONDS
    phone.store.changed("conversation", conversation)
    phone.store.update(message, seen=True)
    return JSONResponse({"success": True})
