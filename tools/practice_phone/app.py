"""The web application: the page, the control API, and the providers it plays."""

import contextlib
from pathlib import Path

from starlette.applications import Starlette
from starlette.responses import FileResponse, JSONResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from . import graph
from .control import Control
from .gestures import Gestures
from .phone import Phone
from .providers import PROVIDERS
from .twilio.console import Console
from .whatsapp_cloud.console import CloudConsole

STATIC = Path(__file__).parent / "static"
SAFE = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob: data:;"
    " media-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def create_app(phone=None):
    phone = phone or Phone()

    @contextlib.asynccontextmanager
    async def lifespan(app):
        phone.start()
        yield
        await phone.close()

    async def index(request):
        return FileResponse(
            STATIC / "index.html", headers={"Cache-Control": "no-cache"}
        )

    async def health(request):
        return JSONResponse({"status": "ok"})

    parts = Control(phone), Gestures(phone), Console(phone), CloudConsole(phone)
    routes = [
        Route("/", index),
        Route("/health", health),
        Mount("/control", routes=[each for part in parts for each in part.routes()]),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    tables = {code: getattr(each, "GRAPH", {}) for code, each in PROVIDERS.items()}
    routes += graph.routes(phone, tables)
    for provider in PROVIDERS.values():
        routes += provider.routes(phone)
    app = Starlette(routes=routes, lifespan=lifespan)
    app.state.phone = phone
    return SafeHeaders(app)


class SafeHeaders:
    """Add headers that keep received content from running in the page."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def send_with_headers(event):
            if event["type"] == "http.response.start":
                added = [(k.lower().encode(), v.encode()) for k, v in SAFE.items()]
                event["headers"] = [*event.get("headers", ()), *added]
            await send(event)

        await self.app(scope, receive, send_with_headers)
