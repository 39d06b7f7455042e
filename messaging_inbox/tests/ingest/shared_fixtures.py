"""Published real payloads, and the expected events of each.

They lie beside the repository, not in it; ``shared_fixtures.json`` has one line for
each. The providers' own tests read this file too, so it knows neither Odoo nor them.
"""

import json
from pathlib import Path
from urllib.parse import parse_qsl

HERE = Path(__file__).resolve()
FOLDER = HERE.parents[4] / "shared" / "fixtures"
EXPECTED = json.loads(HERE.with_suffix(".json").read_text())


def forms():
    """Yield (name, pairs) of Twilio's payloads."""
    for path in sorted(FOLDER.glob("twilio_*/*.form")):
        text = path.read_text().strip()
        yield _name(path), parse_qsl(text, keep_blank_values=True)


def bodies():
    """Yield (name, body) of Meta's payloads.

    Some files are whole bodies, some one entry, some one event: each is put into what
    is missing around it.
    """
    for folder in ("messenger", "instagram"):
        for path in sorted((FOLDER / folder).glob("*.json")):
            yield _name(path), _body(json.loads(path.read_text()))


def _name(path):
    return f"{path.parent.name}/{path.stem}"


def _body(payload):
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
