"""Live events for the page, and waiting for tests."""

import asyncio
import json
import time

from starlette.responses import StreamingResponse

PING_SECONDS = 15
LOOK_AGAIN = 0.02


def stream(phone):
    """Stream server-sent events, one for each change that the page shows."""
    queue = asyncio.Queue()
    phone.pages.add(queue)
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingResponse(
        _events(phone, queue), media_type="text/event-stream", headers=headers
    )


async def _events(phone, queue):
    try:
        yield "retry: 1000\n\n: hello\n\n"
        while True:
            try:
                event = await asyncio.wait_for(queue.get(), PING_SECONDS)
            except asyncio.TimeoutError:
                yield ": still here\n\n"
                continue
            if event is None:
                return
            yield f"data: {json.dumps(event)}\n\n"
    finally:
        phone.pages.discard(queue)


async def until(find, seconds):
    """Call `find` until it returns something, for at most `seconds`."""
    end = time.monotonic() + seconds
    found = find()
    while not found and time.monotonic() < end:
        await asyncio.sleep(LOOK_AGAIN)
        found = find()
    return found
