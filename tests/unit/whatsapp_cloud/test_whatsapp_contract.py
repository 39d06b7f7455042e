"""Our requests against the contract that Meta published, where it still holds.

Meta's contract of v23.0 demands a number as the recipient and knows neither typing nor
business-scoped ids, so it checks texts, files and templates to numbers only.
"""

from __future__ import annotations

import functools
import json

import jsonschema
import pytest
from providers.events import OutboundReaction
from providers.whatsapp_cloud.templates import _read

from ..server import Reply
from .samples import CHANNEL, CUSTOMER, file, outbound
from .template_samples import HEADER, REPLY, TRACK, buttons, template
from .test_whatsapp_send_template import chosen

yaml = pytest.importorskip("yaml")
ACCEPTED = Reply(json={"messages": [{"id": "wamid.1"}]})
UPLOADED = Reply(json={"id": "4490709327384033"})
# Fields that the contract of v23.0 doesn't have yet
NEW = ("biz_opaque_callback_data",)


@functools.cache
def _contract(path):
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(), loader)  # noqa: S506


@pytest.fixture
def check(shared):
    path = shared / "specs" / "business-messaging-api_v23.0.yaml"
    if not path.is_file():
        pytest.skip(f"{path.name} is not on this machine")
    schemas = _contract(path)["components"]["schemas"]

    def checked(request, name):
        sent = {k: v for k, v in json.loads(request.body).items() if k not in NEW}
        # The contract joins both parts, and refuses in one what the other one has.
        envelope, content = schemas[name]["allOf"]
        own = {k: v for k, v in sent.items() if k in ("type", sent["type"])}
        for part, schema in ((sent, envelope), (own, content)):
            whole = {**schema, "components": {"schemas": schemas}}
            jsonschema.validate(part, whole)

    return checked


FILES = {
    "image/png": "ImageMessage",
    "video/mp4": "VideoMessage",
    "audio/mpeg": "AudioMessage",
    "application/pdf": "DocumentMessage",
    "image/webp": "StickerMessage",
}


def test_a_text(whatsapp, server, check):
    server.plan(ACCEPTED)
    whatsapp.send(outbound(reply_to="wamid.0"))
    check(server.captured[0], "TextMessage")


@pytest.mark.parametrize(("content_type", "name"), FILES.items())
def test_a_file(whatsapp, server, check, content_type, name):
    server.plan(UPLOADED, ACCEPTED)
    whatsapp.send(outbound(text="", file=file(content_type)))
    check(server.captured[1], name)


def test_a_reaction(whatsapp, server, check):
    server.plan(ACCEPTED)
    whatsapp.react(OutboundReaction(CHANNEL, CUSTOMER, "wamid.1", "👍"))
    check(server.captured[0], "ReactionMessage")


def test_a_template(whatsapp, server, check):
    server.plan(ACCEPTED)
    found = template(HEADER, buttons(REPLY, TRACK))
    whatsapp.send(outbound(template=chosen(found, ["77", "Eve", "B-1", "B1"])))
    check(server.captured[0], "TemplateMessage")


def test_metas_own_examples_are_read(check, shared):
    path = shared / "specs" / "business-messaging-api_v23.0.yaml"
    paths = _contract(path)["paths"]
    place = paths["/{Version}/{WABA-ID}/message_templates"]
    content = place["get"]["responses"]["200"]["content"]["application/json"]
    for example in content["examples"].values():
        for found in example["value"]["data"]:
            assert _read(found).use == "anytime"
    content = place["post"]["requestBody"]["content"]["application/json"]
    for example in content["examples"].values():
        shown = _read({"id": "1", "status": "APPROVED", **example["value"]})
        assert (shown.reference, shown.state) == ("1", "approved")
