"""Request and response bodies of the control API."""

import json

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from .compose import uploaded
from .errors import Refused


def answering(handler):
    async def endpoint(request):
        try:
            answer = await handler(request)
        except Refused as error:
            return JSONResponse({"error": error.sentence}, error.status)
        return answer if not isinstance(answer, dict) else JSONResponse(answer)

    return endpoint


async def read_json(request):
    try:
        body = json.loads(await request.body() or b"{}")
    except ValueError:
        raise Refused("The body is not JSON.") from None
    if not isinstance(body, dict):
        raise Refused("The body must be a JSON object.")
    return body


async def read_draft(request):
    """Read a draft: JSON, or a form with JSON in `message` and files beside it."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/"):
        return await read_json(request), []
    try:
        form = await request.form()
        draft = json.loads(form.get("message") or "{}")
    except (HTTPException, ValueError, TypeError):
        raise Refused("The form must hold JSON in `message`, and `files`.") from None
    voice = bool(draft.pop("voice", False))
    uploads = [each for each in form.getlist("files") if hasattr(each, "read")]
    return draft, [
        (uploaded(each.filename, each.content_type, voice), await each.read())
        for each in uploads
    ]


def read_seconds(text):
    try:
        return min(max(float(text), 0), 60)
    except ValueError:
        raise Refused("`wait` must be a number of seconds.") from None
